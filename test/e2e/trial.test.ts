import { expectAcquittal, expectConviction, runTrial } from "./support/trial.ts";

// Every cheat has its turn in the deep tests.
describe("the demo of a cheat that is caught", function () {
  this.timeout(300_000);

  it("acquits an honest provider by three seats, and pays it", async () => {
    expectAcquittal(await runTrial("none"));
  });

  it("convicts a provider that ran a cut-down model and made its trace with the real one", async () => {
    expectConviction(await runTrial("prefill"));
  });
});
