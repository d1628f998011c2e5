import {
  CaseStatus,
  DRAW_KEY,
  Draw,
  EMPTY_WORD,
  encodeWord,
  JobStatus,
  SEALED,
  type Tolerances,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Address } from "viem";
import {
  acquits,
  bondOf,
  type CaseState,
  type JobContext,
  type JobState,
  nextItem,
  possibleActions,
} from "./job-actions.ts";

const CLIENT: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const STRANGER: Address = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

const JOB: JobState = {
  client: CLIENT,
  status: JobStatus.Submitted,
  price: 1_000_000n,
  items: 2,
  flags: 0,
  verified: true,
  acceptBy: 100,
  submitWithin: 50,
  challengeWindow: 30,
  acceptedAt: 90,
  submittedAt: 120,
};
const NOW: JobContext = {
  account: CLIENT,
  now: 130,
  blockTime: 130,
  market: { feeShare: 200, noShowShare: 500, noShowFloor: 10_000n },
  court: { challengeBond: 500_000n, demandDeposit: 100_000n },
  draw: Draw.NotDrawn,
  isModelVerified: true,
  demand: undefined,
  cases: [],
};

const actionsOf = (job: Partial<JobState>, context: Partial<JobContext> = {}) =>
  possibleActions({ ...JOB, ...job }, { ...NOW, blockTime: context.now ?? NOW.now, ...context });
const namesOf = (job: Partial<JobState>, context: Partial<JobContext> = {}) =>
  actionsOf(job, context).map(({ name }) => name);

const OPEN = { status: JobStatus.Open, acceptedAt: undefined, submittedAt: undefined, verified: undefined } as const;
const ACCEPTED = { status: JobStatus.Accepted, submittedAt: undefined } as const;
const CASE = { key: 0n, status: CaseStatus.Commit, tier: 1, appealBy: undefined, acquits: false } as const;

describe("what may be done about a job", () => {
  it("is nothing without an account, and nothing once the job is over", () => {
    const statuses = Object.values(JobStatus);
    expect(statuses.flatMap((status) => namesOf({ status }, { account: undefined, now: 1_000 }))).to.deep.equal([]);
    const over = [JobStatus.None, JobStatus.Settled, JobStatus.Refunded, JobStatus.Rejected];
    expect(over.flatMap((status) => [...namesOf({ status }), ...namesOf({ status }, { now: 1_000 })])).to.deep.equal(
      [],
    );
  });

  it("of an open job: its client takes it back while it may be accepted, then anyone ends it", () => {
    expect(namesOf(OPEN, { now: 99 })).to.deep.equal(["cancel"]);
    expect(namesOf(OPEN, { now: 99, account: STRANGER })).to.deep.equal([]);
    expect(namesOf(OPEN, { now: 100 })).to.deep.equal(["expire"]);
    expect(namesOf(OPEN, { now: 100, account: STRANGER })).to.deep.equal(["expire"]);
    expect(actionsOf(OPEN, { now: 99 })[0]?.refund).to.equal(1_000_000n);
  });

  it("offers nothing while the last block is before a deadline that the clock is past", () => {
    const late = { now: 1_000, account: STRANGER } as const;
    expect(namesOf(OPEN, { now: 100, blockTime: 99 })).to.deep.equal([]);
    expect(namesOf(ACCEPTED, { ...late, blockTime: 139 })).to.deep.equal([]);
    expect(namesOf({}, { ...late, blockTime: 149 })).to.deep.equal([]);
    const asked = { demand: { answerBy: 200 }, ...late } as const;
    expect(namesOf({ status: JobStatus.InCase }, { ...asked, blockTime: 199 })).to.deep.equal([]);
  });

  it("of an accepted job: nothing in time, then anyone ends it, with a fifth of the penalty for the client", () => {
    expect(namesOf(ACCEPTED, { now: 139 })).to.deep.equal([]);
    expect(namesOf(ACCEPTED, { now: 140, account: STRANGER })).to.deep.equal(["expire"]);
    expect(namesOf(ACCEPTED, { now: 140, market: undefined })).to.deep.equal([]);
    expect(actionsOf(ACCEPTED, { now: 140 })[0]?.refund).to.equal(1_010_000n);
    expect(actionsOf({ ...ACCEPTED, price: 100n }, { now: 140 })[0]?.refund).to.equal(2_100n);
  });

  it("of a submitted job: its client doubts it within the window, then anyone has it paid", () => {
    expect(namesOf({}, { now: 149 })).to.deep.equal(["demand", "challenge"]);
    expect(namesOf({}, { now: 149, account: STRANGER })).to.deep.equal([]);
    expect(namesOf({}, { now: 150 })).to.deep.equal(["settle"]);
    expect(namesOf({}, { now: 150, account: STRANGER })).to.deep.equal(["settle"]);
    expect(actionsOf({}, { now: 150 })[0]?.pays).to.equal(980_000n);
    expect(actionsOf({}).map(({ cost, until }) => [cost, until])).to.deep.equal([
      [100_000n, 150],
      [500_000n, 150],
    ]);
  });

  it("waits for the draw where audits stand behind the job, and only there", () => {
    const late = { now: 150, account: STRANGER } as const;
    expect(namesOf({}, { ...late, draw: Draw.Pending })).to.deep.equal([]);
    expect(namesOf({}, { ...late, draw: undefined })).to.deep.equal([]);
    expect(namesOf({}, { ...late, draw: Draw.Drawn })).to.deep.equal(["openCase"]);
    expect(namesOf({ verified: false }, { ...late, draw: undefined })).to.deep.equal(["settle"]);
  });

  it("opens the audit of a drawn job once, even while another case holds it", () => {
    const drawn = { draw: Draw.Drawn, account: STRANGER } as const;
    expect(namesOf({}, drawn)).to.deep.equal(["openCase"]);
    expect(namesOf({ status: JobStatus.InCase }, { ...drawn, cases: [CASE] })).to.deep.equal(["openCase"]);
    const opened = { ...CASE, key: DRAW_KEY };
    expect(namesOf({ status: JobStatus.InCase }, { ...drawn, cases: [opened] })).to.deep.equal([]);
    expect(namesOf({}, { ...drawn, court: undefined })).to.deep.equal([]);
    expect(namesOf({ verified: false }, drawn)).to.deep.equal([]);
  });

  it("knows no court where there is none, where the model is not judged, and before there is a result", () => {
    expect(namesOf({}, { court: undefined })).to.deep.equal([]);
    expect(namesOf({ verified: false })).to.deep.equal([]);
    expect(namesOf({ ...ACCEPTED, verified: true })).to.deep.equal([]);
  });

  it("lets the client of a sealed job go to court where the model can be judged", () => {
    const sealed = { flags: SEALED, verified: false } as const;
    expect(namesOf(sealed)).to.deep.equal(["demand", "challenge"]);
    expect(namesOf(sealed, { isModelVerified: false })).to.deep.equal([]);
  });

  it("takes one demand at a time, any time while the job is in court", () => {
    const inCase = { status: JobStatus.InCase } as const;
    expect(namesOf(inCase, { now: 149 })).to.deep.equal(["demand", "challenge"]);
    expect(namesOf(inCase, { now: 1_000 })).to.deep.equal(["demand"]);
    expect(actionsOf(inCase, { now: 1_000 })[0]?.until).to.equal(undefined);
    expect(namesOf(inCase, { now: 1_000, demand: { answerBy: 1_001 } })).to.deep.equal([]);
    expect(namesOf(inCase, { now: 1_000, account: STRANGER })).to.deep.equal([]);
  });

  it("ends a demand that nobody answered in time, by anyone, and at once where the job was lost before", () => {
    const asked = { demand: { answerBy: 200 }, account: STRANGER } as const;
    expect(namesOf({ status: JobStatus.InCase }, { ...asked, now: 199 })).to.deep.equal([]);
    expect(namesOf({ status: JobStatus.InCase }, { ...asked, now: 200 })).to.deep.equal(["endDemand"]);
    const [moot] = actionsOf({ status: JobStatus.Rejected }, { ...asked, now: 199 });
    expect([moot?.name, moot?.refund]).to.deep.equal(["endDemand", 0n]);
  });

  it("challenges each item once", () => {
    const [, challenge] = actionsOf({ status: JobStatus.InCase }, { cases: [CASE, { ...CASE, key: DRAW_KEY }] });
    expect(challenge?.taken).to.deep.equal([0]);
    expect(challenge === undefined ? undefined : nextItem(challenge)).to.equal(1);
    const all = [CASE, { ...CASE, key: 1n, status: CaseStatus.Closed }];
    expect(namesOf({ status: JobStatus.InCase }, { cases: all })).to.deep.equal(["demand"]);
  });

  it("appeals against an acquittal of tier one, by the client, in time, and against nothing else", () => {
    const acquitted: CaseState = { ...CASE, status: CaseStatus.Revealed, appealBy: 200, acquits: true };
    const appeals = (change: Partial<CaseState>, context: Partial<JobContext> = {}) =>
      actionsOf({ status: JobStatus.InCase }, { now: 199, cases: [{ ...acquitted, ...change }], ...context })
        .filter(({ name }) => name === "appeal")
        .map(({ key, cost, until }) => [key, cost, until]);
    expect(appeals({})).to.deep.equal([[0n, 500_000n, 200]]);
    expect(appeals({}, { now: 200 })).to.deep.equal([]);
    expect(appeals({}, { account: STRANGER })).to.deep.equal([]);
    expect(appeals({ acquits: false })).to.deep.equal([]);
    expect(appeals({ tier: 2 })).to.deep.equal([]);
    const others = Object.values(CaseStatus).filter((status) => status !== CaseStatus.Revealed);
    expect(others.flatMap((status) => appeals({ status }))).to.deep.equal([]);
  });
});

describe("what a client puts down", () => {
  it("grows with the price, from the court's least on", () => {
    expect([bondOf(4_999_999n, 500_000n), bondOf(5_000_010n, 500_000n)]).to.deep.equal([500_000n, 500_001n]);
  });
});

describe("whether a first tier acquits", () => {
  const tolerances: Tolerances = {
    marginThreshold: 10,
    traceThreshold: 10,
    marginTolerance: 2,
    traceTolerance: 2,
    probeTolerance: 5,
  };
  const word = (change: Partial<typeof EMPTY_WORD>) => encodeWord({ ...EMPTY_WORD, tokens: 5, ...change });

  it("needs three words that agree and stay under the thresholds", () => {
    expect(acquits([word({}), word({ margin: 2 }), word({})], tolerances)).to.equal(true);
    expect(acquits([word({}), word({})], tolerances)).to.equal(false);
    expect(acquits([word({}), word({ margin: 3 }), word({})], tolerances)).to.equal(false);
    expect(acquits([word({ margin: 11 }), word({ margin: 11 }), word({ margin: 11 })], tolerances)).to.equal(false);
  });
});
