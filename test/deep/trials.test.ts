import { expect } from "chai";
import { CHEAT_NAMES } from "../../scripts/cheats/cheats.ts";
import { expectConviction, expectPunishment, runTrial } from "../e2e/support/trial.ts";

describe("the demo of a cheat that is caught", () => {
  // "prefill" is in the end to end tests.
  for (const cheat of CHEAT_NAMES.filter((name) => name !== "withhold" && name !== "prefill")) {
    it(`convicts a provider of the cheat "${cheat}"`, async () => {
      expectConviction(await runTrial(cheat));
    });
  }

  it("slashes a provider that shows its result to nobody, though nobody could judge it", async () => {
    const told = await runTrial("withhold");
    expect({ verdict: told.verdict, outcome: told.job.outcome }).to.deep.equal({
      verdict: "Withheld",
      outcome: "Withheld",
    });
    expect(told.seats.every(({ tier, word }) => tier === 1 && word === null)).to.equal(true);
    expectPunishment(told);
  });
});
