import { LiveError } from "@touchstone/sdk";
import { expect } from "chai";
import { leftIn } from "./channel-sums.ts";
import { stepWords } from "./funding-words.ts";
import { explainLive } from "./live-words.ts";

describe("how pages speak of live calls", () => {
  it("tells each thing that stood in the way of an offer, in words", () => {
    const error = new LiveError("NO_OFFER_FITS", 'No offer of "m" fits the policy: PRICE_TOO_HIGH (1), RESTING (2).');
    const { sentence } = explainLive(error);
    expect(sentence).to.include("highest price").and.to.include("failed a moment ago").and.not.to.include("_");
  });

  it("shows no amounts in token units", () => {
    const error = new LiveError("BUDGET_TOTAL", "The call may cost 123456, and 0 of the whole budget of 1 is spent.");
    expect(explainLive(error).sentence).not.to.match(/\d/);
  });

  it("counts what is left in a channel by the chain, and never below nothing", () => {
    const channel = { deposited: 10n, spent: 4n, chain: { balance: 8n, totalClaimed: 0n } };
    expect(leftIn(channel)).to.equal(4n);
    expect(leftIn({ ...channel, spent: 9n })).to.equal(0n);
    expect(leftIn({ ...channel, chain: undefined })).to.equal(6n);
  });

  it("says which confirmation of how many a deposit waits for", () => {
    const step = { way: "permit", action: "deposit", confirmation: 2, confirmations: 2 } as const;
    expect(stepWords(step)).to.include("confirmation 2 of 2");
    expect(stepWords({ ...step, action: "wait" })).not.to.include("wallet");
  });
});
