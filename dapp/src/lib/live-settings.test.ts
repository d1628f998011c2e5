import { expect } from "chai";
import { DEFAULT_SETTINGS, decodeSettings, encodeSettings, policyOf } from "./live-settings.ts";

const PROVIDER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

describe("settings of the playground", () => {
  it("come back from storage as they were, amounts too", () => {
    const settings = { ...DEFAULT_SETTINGS, model: "m", preference: "fastest", provider: PROVIDER, limit: 5n } as const;
    expect(decodeSettings(encodeSettings(settings))).to.deep.equal(settings);
  });

  it("are as at the start where storage has nothing, or nonsense", () => {
    const nonsense = '{"preference":"toString","provider":"0x1","limit":"-1","isVerifiedOnly":"yes"}';
    for (const text of [null, "{", "null", "[]", nonsense]) {
      expect(decodeSettings(text), String(text)).to.deep.equal(DEFAULT_SETTINGS);
    }
  });

  it("become a policy: one provider, a highest price, and no larger deposit than asked for", () => {
    const policy = policyOf({ ...DEFAULT_SETTINGS, provider: PROVIDER, maxPrice: 7n, isVerifiedOnly: true });
    expect(policy).to.include({ maxOutputPrice: 7n, requireVerified: true, deposit: 1n });
    expect(policy.providers).to.deep.equal([PROVIDER]);
    expect(policyOf(DEFAULT_SETTINGS).providers).to.equal(undefined);
  });
});
