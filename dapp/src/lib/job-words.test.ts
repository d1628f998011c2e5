import type { IndexedDemand } from "@touchstone/sdk";
import { JOB_EVENTS, JobStatus, Outcome } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { demandWords, outcomeSentence, stateWords, stepWords } from "./job-words.ts";

describe("how pages name the state of a job", () => {
  it("tells how it ended where that says more than its status", () => {
    const label = (status: JobStatus, outcome: Outcome) => stateWords({ status, outcome }).label;
    expect(label(JobStatus.Refunded, Outcome.Cancelled)).to.not.equal(label(JobStatus.Refunded, Outcome.NoShow));
    expect(label(JobStatus.Rejected, Outcome.Withheld)).to.not.equal(label(JobStatus.Rejected, Outcome.Rejected));
    expect(stateWords({ status: JobStatus.Settled, outcome: Outcome.Completed }).mood).to.equal("good");
  });

  it("has different words for every status, outcome and step", () => {
    const statuses = Object.values(JobStatus).map((status) => stateWords({ status, outcome: Outcome.None }).label);
    const outcomes = Object.values(Outcome).map(outcomeSentence);
    const steps = JOB_EVENTS.map(stepWords);
    for (const words of [statuses, outcomes, steps]) {
      expect(new Set(words).size).to.equal(words.length);
      expect(words).to.not.include(undefined);
    }
  });

  it("tells a demand that waits, that is overdue, answered, ended against the provider and ended for nothing apart", () => {
    const open: IndexedDemand = {
      ...{ job: "0x01", key: "0x01", demander: "0x01", item: 0, chunk: 0, answerBy: 20, demandedAt: 10 },
      ...{ answeredAt: undefined, endedAt: undefined, defaulted: false },
    };
    const labels = [
      demandWords(open, 19),
      demandWords(open, 20),
      demandWords({ ...open, answeredAt: 15 }, 30),
      demandWords({ ...open, endedAt: 21, defaulted: true }, 30),
      demandWords({ ...open, endedAt: 15 }, 30),
    ].map(({ label }) => label);
    expect(new Set(labels).size).to.equal(labels.length);
  });
});
