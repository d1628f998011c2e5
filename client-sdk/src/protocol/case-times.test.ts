import { expect } from "chai";
import { caseTimes } from "./case-times.ts";
import { CaseStatus } from "./generated/enums.ts";

const WINDOWS = { commitWindow: 60, revealWindow: 30, appealWindow: 20 };

describe("times of a case", () => {
  const timesOf = (status: CaseStatus, tier = 1) => caseTimes({ status, tier, since: 1_000 }, WINDOWS);

  it("let seats commit, then reveal, also where not all have committed", () => {
    expect(timesOf(CaseStatus.Commit)).to.deep.equal({ commitBy: 1_060, revealFrom: 1_060, revealBy: 1_090 });
  });

  it("let seats reveal at once where all have committed", () => {
    expect(timesOf(CaseStatus.Reveal)).to.deep.equal({ revealFrom: 1_000, revealBy: 1_030 });
  });

  it("let the client appeal against tier one only", () => {
    expect(timesOf(CaseStatus.Revealed)).to.deep.equal({ appealBy: 1_020 });
    expect(timesOf(CaseStatus.Revealed, 2)).to.deep.equal({});
  });

  it("bound nothing while a case waits, or is over", () => {
    for (const status of [CaseStatus.None, CaseStatus.Pinned, CaseStatus.Waiting, CaseStatus.Closed]) {
      expect(timesOf(status)).to.deep.equal({});
    }
  });
});
