import { expect } from "chai";
import { keccak256, padHex, toHex } from "viem/utils";
import { InvalidDataError } from "../errors.ts";
import { parseAs } from "./parse-as.ts";
import { canJudge, NO_TOLERANCES, type Tolerances, tolerancesHash, tolerancesSchema } from "./tolerances.ts";

const TOLERANCES: Tolerances = {
  marginTolerance: 1,
  marginThreshold: 2,
  traceTolerance: 3,
  traceThreshold: 4,
  probeTolerance: 5,
};

describe("tolerances", () => {
  it("are hashed as five words in order", () => {
    const words = [1, 2, 3, 4, 5].map((value) => padHex(toHex(value)).slice(2));
    expect(tolerancesHash(TOLERANCES)).to.equal(keccak256(`0x${words.join("")}`));
  });

  it("judge only with thresholds above what honest seats differ by", () => {
    expect(canJudge(TOLERANCES)).to.equal(true);
    expect(canJudge({ ...TOLERANCES, marginThreshold: 1 })).to.equal(false);
    expect(canJudge({ ...TOLERANCES, traceThreshold: 3 })).to.equal(false);
    expect(canJudge(NO_TOLERANCES)).to.equal(false);
  });

  it("are of their widths, all five and no more", () => {
    for (const bad of [
      { marginTolerance: 65_536 },
      { probeTolerance: 2 ** 32 },
      { traceThreshold: -1 },
      { marginThreshold: undefined },
      { more: 1 },
    ]) {
      expect(() => parseAs(tolerancesSchema, { ...TOLERANCES, ...bad }, "tolerances")).to.throw(InvalidDataError);
    }
  });
});
