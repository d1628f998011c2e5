import { expect } from "chai";
import { RULES } from "./economy.ts";
import {
  bringingGain,
  callsUntilCaught,
  caseHours,
  harassingPays,
  LIVE,
  leastBond,
  leastBringing,
  penaltyOf,
  steadyGain,
} from "./live.ts";

describe("live calls in the economics", () => {
  it("pay nobody who cheats steadily before buyers who bring what is false, whatever the price and the saving", () => {
    for (const price of [1e-6, 1e-4, 0.001, 0.01, 0.1, 5]) {
      expect(steadyGain(LIVE, price, 1, 1)).to.be.below(0);
    }
  });

  it("pay a cheat whose buyers seldom bring, from the share on that the bound says", () => {
    const least = leastBringing(LIVE, 0.7);
    expect(steadyGain(LIVE, 1, 0.7, least * 1.01)).to.be.below(0);
    expect(steadyGain(LIVE, 1, 0.7, least * 0.99)).to.be.above(0);
  });

  it("are convicted once in 714, and cost the least bond then, or a thousand amounts, as far as there is a bond", () => {
    expect(Math.round(callsUntilCaught(LIVE, 1))).to.equal(714);
    expect([penaltyOf(LIVE, 0.001), penaltyOf(LIVE, 0.1), penaltyOf(LIVE, 0.1, 30)]).to.deep.equal([10, 100, 30]);
  });

  it("need a bond in proportion to what is sold while a case runs", () => {
    const sold = { sold: 100, price: 0.001, saving: 0.7, bringing: 1 };
    const [quick, late] = [false, true].map((isStalled) =>
      leastBond(LIVE, { ...sold, hours: caseHours(RULES, isStalled) }),
    );
    expect(quick).to.be.below(LIVE.minBond);
    expect(late).to.be.above(10 * LIVE.minBond);
  });

  it("pay a payer who brings what is false, and not one who brings what is sound", () => {
    for (const price of [0.001, 0.1, 5]) {
      expect(bringingGain(RULES, LIVE, price, 0.7, 0.02)).to.be.above(0);
      expect(bringingGain(RULES, LIVE, price, 1e-4, 0.02)).to.be.below(0);
      const turn = harassingPays(RULES, LIVE, price);
      expect(bringingGain(RULES, LIVE, price, turn, 0)).to.be.closeTo(0, 1e-9);
    }
  });
});
