import { CaseStatus } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type CaseMoment, caseProgress } from "./case-progress.ts";

const NOW = 1_000;

describe("what comes next in a case", () => {
  const seat = (position: number, did: object = {}) => ({ position, seat: position + 1, penalty: 0n, ...did });
  const after = (change: Partial<CaseMoment>) =>
    caseProgress({
      status: CaseStatus.Commit,
      tier: 1,
      times: {},
      positions: [seat(0), seat(1), seat(2)],
      acquits: false,
      answerBy: undefined,
      now: NOW,
      ...change,
    });

  it("counts the seats of the tier that judges, and tells until when", () => {
    const positions = [seat(0, { commitment: "0x01" }), seat(1, { commitment: "0x02" }), seat(2)];
    const progress = after({ positions, times: { commitBy: NOW + 9 } });
    expect(progress?.sentence).to.match(/^2 of 3 /);
    expect(progress?.until).to.equal(NOW + 9);
    const second = after({ positions: [...positions, seat(3), seat(4, { commitment: "0x03" })], tier: 2 });
    expect(second?.sentence).to.match(/^1 of 2 /);
  });

  it("counts words once the time to commit is over", () => {
    const positions = [seat(0, { commitment: "0x01", word: "0x01" }), seat(1, { commitment: "0x02" }), seat(2)];
    const times = { commitBy: NOW, revealBy: NOW + 5 };
    expect(after({ positions, times })).to.deep.include({ until: NOW + 5 });
    expect(after({ positions, times })?.sentence).to.match(/^1 of 3 /);
    expect(after({ positions, times: { revealBy: NOW + 5 }, status: CaseStatus.Reveal })?.sentence).to.match(
      /^1 of 3 /,
    );
  });

  it("tells of the time to appeal only after an acquittal of the first three, and while it lasts", () => {
    const revealed = { status: CaseStatus.Revealed, times: { appealBy: NOW + 5 } };
    expect(after({ ...revealed, acquits: true })).to.deep.include({ until: NOW + 5, mayAppeal: true });
    expect(after({ ...revealed, acquits: true, now: NOW + 5 })?.mayAppeal).to.equal(undefined);
    expect(after(revealed)?.sentence).to.include("Nine others");
    expect(after({ ...revealed, tier: 2, times: {} })?.sentence).to.include("verdict");
  });

  it("tells until when the provider has to show what a seat demands", () => {
    expect(after({ status: CaseStatus.Waiting, answerBy: NOW + 3 })?.until).to.equal(NOW + 3);
  });

  it("has nothing to tell of a case that is over", () => {
    expect(after({ status: CaseStatus.Closed })).to.equal(undefined);
    expect(after({ status: CaseStatus.Pinned })).to.not.equal(undefined);
  });
});
