import { expect } from "chai";
import { type Hex, zeroAddress, zeroHash } from "viem";
import { JobStatus, Outcome } from "./generated/enums.ts";
import { foldJobEvents, type JobEvent, type JobEventName } from "./job-events.ts";

const JOB: Hex = `0x${"11".repeat(32)}`;
const PROVIDER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
const ROOT: Hex = `0x${"22".repeat(32)}`;

const ARGS = {
  JobPosted: {
    ...{ client: PROVIDER, provider: zeroAddress, model: ROOT, input: ROOT, items: 1, price: 5n, acceptBy: 9 },
    ...{ submitWithin: 60, challengeWindow: 30, flags: 0, salt: zeroHash, uri: "https://a.example" },
  },
  JobAccepted: { provider: PROVIDER, verified: true },
  JobSubmitted: { provider: PROVIDER, resultRoot: ROOT },
  JobLocked: {},
  JobReleased: {},
  JobSettled: { provider: PROVIDER, outcome: Outcome.Completed, paid: 4n, fee: 1n },
  JobRefunded: { provider: PROVIDER, outcome: Outcome.Rejected, refund: 5n, penalty: 0n },
};

/** One event in each block from the first on. */
const eventsOf = (...names: JobEventName[]): JobEvent[] =>
  names.map((eventName, index) => {
    const place = { blockNumber: BigInt(index + 1), blockHash: ROOT, transactionHash: ROOT, logIndex: 0 };
    return { eventName, job: JOB, args: { id: JOB, ...ARGS[eventName] }, ...place } as JobEvent;
  });

const statusAfter = (...names: JobEventName[]) => foldJobEvents(eventsOf(...names))?.status;

describe("job events", () => {
  it("fold to the status that the market has", () => {
    expect(foldJobEvents([])).to.equal(undefined);
    expect(statusAfter("JobPosted")).to.equal(JobStatus.Open);
    expect(statusAfter("JobPosted", "JobAccepted")).to.equal(JobStatus.Accepted);
    const submitted = ["JobPosted", "JobAccepted", "JobSubmitted"] as const;
    expect(statusAfter(...submitted)).to.equal(JobStatus.Submitted);
    expect(statusAfter(...submitted, "JobLocked")).to.equal(JobStatus.InCase);
    expect(statusAfter(...submitted, "JobLocked", "JobReleased")).to.equal(JobStatus.Submitted);
    expect(statusAfter(...submitted, "JobLocked", "JobRefunded")).to.equal(JobStatus.Rejected);
    expect(statusAfter(...submitted, "JobSettled")).to.equal(JobStatus.Settled);
    expect(statusAfter("JobPosted", "JobRefunded")).to.equal(JobStatus.Refunded);
  });

  it("tell spec, frozen values and ending", () => {
    const summary = foldJobEvents(eventsOf("JobPosted", "JobAccepted", "JobSubmitted", "JobSettled"));
    const { uri, ...fields } = ARGS.JobPosted;
    expect(summary).to.deep.equal({
      ...{ job: JOB, status: JobStatus.Settled, uri },
      spec: { ...fields, callback: zeroAddress, callbackGas: 0 },
      frozen: {
        ...{ provider: PROVIDER, price: 5n, submitWithin: 60, challengeWindow: 30, verified: true },
        ...{ submitBlock: 3n, resultRoot: ROOT },
      },
      ending: { outcome: Outcome.Completed, paid: 4n, fee: 1n, refund: 0n, penalty: 0n },
    });
  });

  it("are inconsistent where some were left out", () => {
    for (const names of [["JobAccepted"], ["JobPosted", "JobSubmitted"]] as JobEventName[][]) {
      expect(() => foldJobEvents(eventsOf(...names)))
        .to.throw()
        .with.property("code", "JOB_EVENTS_INCONSISTENT");
    }
  });
});
