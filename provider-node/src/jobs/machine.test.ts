import { Outcome } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import {
  apply,
  type ChainStatus,
  type Duty,
  deadlineOf,
  demandsOf,
  dutyOf,
  type Fact,
  isEngaged,
  type JobEvent,
  type JobState,
  type Moment,
  statusOf,
  type Work,
} from "./machine.ts";
import { stageOf } from "./stage-of.ts";

const ROOT = `0x${"11".repeat(32)}` as const;
const REASON = { code: "WORK_ABANDONED", message: "It failed." };

const DEMAND = { key: ROOT, item: 1, chunk: 0, answerBy: 1_900 };

const STATUSES = [
  "none",
  "ordered",
  "open",
  "accepted",
  "takenByOther",
  "submitted",
  "drawn",
  "locked",
  "demanded",
  "settled",
  "refunded",
] as const satisfies readonly ChainStatus[];

const WORKS: Readonly<Record<Work["name"], Work>> = {
  new: { name: "new" },
  fetched: { name: "fetched" },
  executed: { name: "executed", root: ROOT },
  refused: { name: "refused", reason: REASON },
  failed: { name: "failed", reason: REASON },
};
const WORK_NAMES = Object.keys(WORKS) as Work["name"][];

/** The way of a job to each status, a block a step from block 1 on, a second a block. */
const WAYS: Readonly<Record<ChainStatus, readonly Fact["status"][]>> = {
  none: [],
  ordered: [],
  open: ["open"],
  accepted: ["open", "accepted"],
  takenByOther: ["open", "takenByOther"],
  submitted: ["open", "accepted", "submitted"],
  drawn: ["open", "accepted", "submitted", "drawn"],
  locked: ["open", "accepted", "submitted", "locked"],
  demanded: ["open", "accepted", "submitted", "locked", "demanded"],
  settled: ["open", "accepted", "submitted", "settled"],
  refunded: ["open", "refunded"],
};

function stateOf(status: ChainStatus, work: Work["name"] = "new"): JobState {
  const history = WAYS[status].map((step, index) => ({
    status: step,
    block: index + 1,
    at: 1_000 + index + 1,
    ...(step === "demanded" && { demand: DEMAND }),
  }));
  return { origin: status === "ordered" ? "ordered" : "none", history, work: WORKS[work] };
}

const AT = { block: 9, at: 1_009 };
const STEPS = {
  posted: { type: "posted", ...AT },
  accepted: { type: "accepted", verified: false, ...AT },
  takenByOther: { type: "takenByOther", ...AT },
  submitted: { type: "submitted", root: ROOT, ...AT },
  drawn: { type: "drawn", ...AT },
  locked: { type: "locked", ...AT },
  demanded: { type: "demanded", demand: DEMAND, ...AT },
  answered: { type: "answered", key: DEMAND.key, ...AT },
  released: { type: "released", ...AT },
  settled: { type: "settled", outcome: Outcome.Unverified, ...AT },
  refunded: { type: "refunded", outcome: Outcome.NoShow, ...AT },
} as const satisfies Record<string, JobEvent>;

const LOCALS = {
  fetched: { type: "fetched" },
  inputLost: { type: "inputLost" },
  executed: { type: "executed", root: ROOT },
  refused: { type: "refused", reason: REASON },
  failed: { type: "failed", reason: REASON },
} as const satisfies Record<string, JobEvent>;

// A row a status, a column a step that the chain tells of.
const STATUS_AFTER = `
               posted  accepted  takenByOther  submitted  drawn  locked  demanded  answered  released   settled  refunded
  none         open    accepted  takenByOther  submitted  drawn  locked  demanded  =         submitted  settled  refunded
  ordered      open    accepted  takenByOther  submitted  drawn  locked  demanded  =         submitted  settled  refunded
  open         open    accepted  takenByOther  submitted  drawn  locked  demanded  =         submitted  settled  refunded
  accepted     open    accepted  takenByOther  submitted  drawn  locked  demanded  =         submitted  settled  refunded
  takenByOther =       =         =             =          =      =       =         =         =          =        =
  submitted    open    accepted  takenByOther  submitted  drawn  locked  demanded  =         submitted  settled  refunded
  drawn        open    accepted  takenByOther  submitted  drawn  locked  demanded  =         submitted  settled  refunded
  locked       open    accepted  takenByOther  submitted  drawn  locked  demanded  =         submitted  settled  refunded
  demanded     open    accepted  takenByOther  submitted  drawn  =       demanded  locked    submitted  settled  refunded
  settled      =       =         =             =          =      =       =         =         =          =        =
  refunded     =       =         =             =          =      =       =         =         =          =        =
`;

// A row for what was done, a column for what the node learns of its own work.
const WORK_AFTER = `
           fetched   inputLost  executed  refused   failed
  new      fetched   =          executed  refused   failed
  fetched  fetched   new        executed  refused   failed
  executed =         =          executed  =         failed
  refused  fetched   =          executed  refused   failed
  failed   =         =          =         =         =
`;

// What there is to do, when nothing is overdue and everything is deep enough. A row a status, a column for what was done.
const DUTY = `
               new     fetched  executed  refused  failed
  none         -       -        -         -        -
  ordered      fetch   execute  fulfil    -        -
  open         fetch   accept   accept    -        -
  accepted     fetch   execute  submit    fetch    decline
  takenByOther -       -        -         -        -
  submitted    settle  settle   settle    settle   settle
  drawn        open    open     open      open     open
  locked       -       -        -         -        -
  demanded     -       -        answer    -        -
  settled      -       -        -         -        -
  refunded     -       -        -         -        -
`;

/** The cells of a table, with the names of their row and column. */
function cellsOf(table: string): { readonly row: string; readonly column: string; readonly cell: string }[] {
  const [columns = [], ...rows] = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([row = "", ...cells]) => cells.map((cell, index) => ({ row, column: columns[index]!, cell })));
}

const TERMS = { acceptBy: 2_000, submitWithin: 500, challengeWindow: 60 };
const LATER: Moment = { now: 1_400, head: 100, confirmations: 3 };

describe("the machine of a job", () => {
  it("moves every status by every step of the chain as the table says", () => {
    const cells = cellsOf(STATUS_AFTER);
    expect(cells).to.have.length(STATUSES.length * Object.keys(STEPS).length);
    for (const { row, column, cell } of cells) {
      const before = stateOf(row as ChainStatus);
      const after = apply(before, STEPS[column as keyof typeof STEPS]);
      expect(statusOf(after), `${row} x ${column}`).to.equal(cell === "=" ? row : cell);
      if (cell === "=") {
        expect(after, `${row} x ${column}`).to.equal(before);
      }
    }
  });

  it("moves the work by every event of the node as the table says, whatever the status", () => {
    const cells = cellsOf(WORK_AFTER);
    expect(cells).to.have.length(WORK_NAMES.length * Object.keys(LOCALS).length);
    for (const status of STATUSES) {
      for (const { row, column, cell } of cells) {
        const before = stateOf(status, row as Work["name"]);
        const after = apply(before, LOCALS[column as keyof typeof LOCALS]);
        expect(after.work.name, `${status}: ${row} x ${column}`).to.equal(cell === "=" ? row : cell);
        expect(after.history).to.equal(before.history);
      }
    }
  });

  it("leaves the work alone when the chain moves, but for a refused job that became ours", () => {
    for (const status of STATUSES) {
      for (const work of WORK_NAMES) {
        for (const [name, event] of Object.entries(STEPS)) {
          const before = stateOf(status, work);
          const after = apply(before, event);
          const isRevived = after !== before && name === "accepted" && work === "refused";
          expect(after.work.name, `${status}, ${work} x ${name}`).to.equal(isRevived ? "new" : work);
        }
      }
    }
  });

  it("goes back along its own way when blocks leave the chain, and keeps the work", () => {
    for (const status of STATUSES) {
      const state = stateOf(status, "executed");
      for (let ancestor = 0; ancestor <= state.history.length; ancestor++) {
        const after = apply(state, { type: "reorged", ancestor });
        const expected = ancestor === 0 ? state.origin : WAYS[status][ancestor - 1];
        expect(statusOf(after), `${status} back to ${ancestor}`).to.equal(expected);
        expect(after.work).to.equal(state.work);
      }
    }
  });

  it("has for every status and work the duty that the table says", () => {
    const cells = cellsOf(DUTY);
    expect(cells).to.have.length(STATUSES.length * WORK_NAMES.length);
    for (const { row, column, cell } of cells) {
      const duty = dutyOf(stateOf(row as ChainStatus, column as Work["name"]), TERMS, LATER);
      expect(duty ?? "-", `${row} x ${column}`).to.equal(cell);
    }
  });

  it("has no duty from the second of its deadline on, but to settle and to open a case", () => {
    for (const { row, column, cell } of cellsOf(DUTY).filter((each) => each.cell !== "-")) {
      const state = stateOf(row as ChainStatus, column as Work["name"]);
      const deadline = deadlineOf(state, TERMS);
      if (cell === "settle" || cell === "open") {
        expect(deadline).to.equal(undefined);
        continue;
      }
      const at = (now: number): Duty | undefined => dutyOf(state, TERMS, { ...LATER, now });
      expect(at(deadline! - 1), `${row} x ${column} in time`).to.equal(cell);
      expect(at(deadline!), `${row} x ${column} too late`).to.equal(undefined);
    }
  });

  it("settles from the second on in which the window is over, counted from the submit even after a release", () => {
    const submitted = stateOf("submitted", "executed"); // submitted at 1,003
    const released = apply(apply(submitted, STEPS.locked), STEPS.released);
    for (const state of [submitted, released]) {
      expect(dutyOf(state, TERMS, { ...LATER, now: 1_062 })).to.equal(undefined);
      expect(dutyOf(state, TERMS, { ...LATER, now: 1_063 })).to.equal("settle");
    }
  });

  it("knows what is demanded until it is answered or let go, and forgets it with the block that told of it", () => {
    const demanded = stateOf("demanded", "executed");
    expect(demandsOf(demanded)).to.deep.equal([DEMAND]);
    for (const event of [STEPS.answered, STEPS.released, { type: "reorged", ancestor: 4 } as const]) {
      expect(demandsOf(apply(demanded, event)), event.type).to.deep.equal([]);
    }
  });

  it("answers the most urgent demand first, and is demanded until the last is answered", () => {
    const urgent = { ...DEMAND, key: `0x${"22".repeat(32)}` as const, answerBy: 1_800 };
    const both = apply(stateOf("demanded", "executed"), { type: "demanded", demand: urgent, ...AT });
    expect(demandsOf(both)).to.deep.equal([urgent, DEMAND]);
    expect(deadlineOf(both, TERMS)).to.equal(1_800);
    const one = apply(both, { type: "answered", key: urgent.key, ...AT });
    expect([statusOf(one), demandsOf(one)]).to.deep.equal(["demanded", [DEMAND]]);
    const stranger = { type: "answered", key: `0x${"33".repeat(32)}`, ...AT } as const;
    expect(apply(one, stranger)).to.equal(one);
    expect(statusOf(apply(one, STEPS.answered))).to.equal("locked");
  });

  it("computes and submits only for an accept that is deep enough, but fetches and declines at once", () => {
    const duties = (head: number) =>
      WORK_NAMES.map((work) => dutyOf(stateOf("accepted", work), TERMS, { ...LATER, head }) ?? "-");
    expect(duties(3)).to.deep.equal(["fetch", "-", "-", "fetch", "decline"]); // accepted in block 2: two deep
    expect(duties(4)).to.deep.equal(["fetch", "execute", "submit", "fetch", "decline"]);
  });

  it("owes work for orders and accepted jobs until their deadline, given up or not once accepted", () => {
    const owed = STATUSES.flatMap((status) =>
      WORK_NAMES.filter((work) => isEngaged(stateOf(status, work), TERMS, LATER.now)).map(
        (work) => `${status} ${work}`,
      ),
    );
    expect(owed).to.deep.equal([
      "ordered new",
      "ordered fetched",
      "ordered executed",
      ...WORK_NAMES.map((work) => `accepted ${work}`),
    ]);
    expect(isEngaged(stateOf("ordered"), TERMS, TERMS.acceptBy)).to.equal(false);
  });

  it("names the stage of a job that waits or is over", () => {
    const stage = (status: ChainStatus, work: Work["name"], moment: Partial<Moment> = {}) =>
      stageOf(stateOf(status, work), TERMS, { ...LATER, ...moment });
    expect(stage("accepted", "fetched", { head: 2 })).to.equal("confirm");
    expect(stage("submitted", "executed", { now: 1_010 })).to.equal("window");
    expect(stage("open", "refused")).to.equal("refused");
    expect(stage("open", "new", { now: 2_000 })).to.equal("expired");
    expect(stage("accepted", "fetched", { now: 2_000 })).to.equal("expired");
    expect(stage("none", "fetched")).to.equal("unlisted");
    expect(
      ["takenByOther", "locked", "demanded", "settled", "refunded"].map((status) =>
        stage(status as ChainStatus, "new"),
      ),
    ).to.deep.equal(["takenByOther", "locked", "demanded", "settled", "refunded"]);
    expect(stage("demanded", "executed", { now: DEMAND.answerBy })).to.equal("expired");
  });
});
