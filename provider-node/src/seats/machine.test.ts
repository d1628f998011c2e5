import { CaseStatus, Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import {
  apply,
  type CaseEvent,
  type CaseMoment,
  type CaseOnChain,
  type CaseState,
  type ChoreMoment,
  choreOf,
  dutyOf,
  type Phase,
  panelOf,
  phaseOf,
  positionOf,
  type SeatWork,
  UNSEEN,
  wordSeedOf,
} from "./machine.ts";

const [SEED, OTHER, WORD, SALT] = ["11", "22", "33", "44"].map((byte) => `0x${byte.repeat(32)}` as const) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];

const FIRST = { name: "seated", block: 2, tier: 1, seed: SEED, startItem: 3, seats: [7, 8, 9] } as const;
const SECOND = {
  name: "seated",
  block: 5,
  tier: 2,
  seed: OTHER,
  startItem: 3,
  seats: [1, 2, 3, 4, 5, 6, 0, 0, 0],
} as const;

const WORKS: Readonly<Record<SeatWork["name"], SeatWork>> = {
  new: { name: "new" },
  lacking: { name: "lacking", item: 3, chunk: 1 },
  fetched: { name: "fetched", exhibits: [] },
  checked: { name: "checked", word: WORD, salt: SALT },
  failed: { name: "failed", code: "OWN_JOB", message: "Not this one." },
};
const WORK_NAMES = Object.keys(WORKS) as SeatWork["name"][];

/** A case whose first panel was drawn. */
function seated(work: SeatWork["name"]): CaseState {
  const opened = apply(UNSEEN, { name: "opened", block: 1 });
  return { ...apply(opened, FIRST), work: WORKS[work] };
}

const LOCALS = {
  lacking: WORKS.lacking,
  fetched: WORKS.fetched,
  checked: WORKS.checked,
  failed: WORKS.failed,
  answered: { name: "answered" },
  lost: { name: "lost" },
} as Readonly<Record<string, CaseEvent>>;

// A row for what was done, a column for what happens.
const WORK_AFTER = `
           lacking  fetched  checked  failed   answered  lost
  new      lacking  fetched  checked  failed   =         =
  lacking  lacking  fetched  checked  failed   new       =
  fetched  lacking  fetched  checked  failed   =         new
  checked  =        =        =        =        =         =
  failed   =        =        =        =        =         =
`;

// What a seat has to do that has not committed, with everything as deep as it must be. A row a phase.
const DUTY = `
           new    lacking  fetched  checked  failed
  none     -      -        -        -        -
  pinned   -      -        -        -        -
  commit   fetch  demand   check    commit   -
  waiting  fetch  -        check    -        -
  reveal   -      -        -        -        -
  over     -      -        -        -        -
  closed   -      -        -        -        -
`;

const PHASES = ["none", "pinned", "commit", "waiting", "reveal", "over", "closed"] as const satisfies readonly Phase[];

/** The cells of a table, with the names of their row and column. */
function cellsOf(table: string): { readonly row: string; readonly column: string; readonly cell: string }[] {
  const [columns = [], ...rows] = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([row = "", ...cells]) => cells.map((cell, index) => ({ row, column: columns[index]!, cell })));
}

const BASE: CaseMoment = {
  phase: "commit",
  position: 1,
  committed: 0,
  revealed: 0,
  isDemandOpen: false,
  isDeep: true,
};
const MINE = 1 << 1;

describe("the machine of a case", () => {
  it("moves the work by every event as the table says: a word is never changed", () => {
    const cells = cellsOf(WORK_AFTER);
    expect(cells).to.have.length(WORK_NAMES.length * Object.keys(LOCALS).length);
    for (const { row, column, cell } of cells) {
      const before = seated(row as SeatWork["name"]);
      const after = apply(before, LOCALS[column]!);
      expect(after.work.name, `${row} x ${column}`).to.equal(cell === "=" ? row : cell);
      expect(after.history).to.equal(before.history);
      if (cell === "=") {
        expect(after, `${row} x ${column}`).to.equal(before);
      }
    }
  });

  it("keeps the work when the case opens anew or closes, and begins anew for every other panel", () => {
    for (const work of WORK_NAMES) {
      const before = seated(work);
      expect(apply(before, { name: "opened", block: 6 }).work).to.equal(before.work);
      expect(apply(before, { name: "closed", block: 6, verdict: Verdict.Acquitted }).work).to.equal(before.work);
      const others = [{ ...FIRST, seed: OTHER }, { ...FIRST, startItem: 4 }, { ...FIRST, seats: [7, 9, 8] }, SECOND];
      for (const panel of others) {
        expect(apply(before, panel).work, `${work}, ${JSON.stringify(panel)}`).to.deep.equal({ name: "new" });
      }
    }
  });

  it("finds its word again when a reorg takes the panel away and it comes back the same", () => {
    const before = seated("checked");
    const gone = apply(before, { name: "reorged", ancestor: 1 });
    expect(panelOf(gone)).to.equal(undefined);
    expect(apply(gone, { ...FIRST, block: 3 }).work).to.equal(before.work);
    expect(apply(gone, { ...FIRST, seed: OTHER, block: 3 }).work.name).to.equal("new");
  });

  it("goes back along its own way when blocks leave the chain, and keeps the work", () => {
    const state = { ...apply(seated("new"), SECOND), work: WORKS.checked };
    for (const [ancestor, names] of [
      [0, []],
      [1, ["opened"]],
      [4, ["opened", "seated"]],
    ] as const) {
      const after = apply(state, { name: "reorged", ancestor });
      expect(after.history.map(({ name }) => name)).to.deep.equal(names);
      expect(after.work).to.equal(state.work);
    }
    expect(apply(state, { name: "reorged", ancestor: 5 })).to.equal(state);
  });

  it("knows who sits where: the first panel from position 0, the second from 3, and nobody where zero stands", () => {
    const first = seated("new");
    const second = apply(first, SECOND);
    expect([7, 8, 9, 1, 0].map((seat) => positionOf(first, seat))).to.deep.equal([0, 1, 2, undefined, undefined]);
    expect([1, 6, 7, 0].map((seat) => positionOf(second, seat))).to.deep.equal([3, 8, undefined, undefined]);
    expect([first, second].map(wordSeedOf)).to.deep.equal([SEED, SEED]);
    expect(wordSeedOf(UNSEEN)).to.equal(undefined);
  });

  it("has for every phase and work the duty that the table says", () => {
    const cells = cellsOf(DUTY);
    expect(cells).to.have.length(PHASES.length * WORK_NAMES.length);
    for (const { row, column, cell } of cells) {
      const duty = dutyOf(column as SeatWork["name"], { ...BASE, phase: row as Phase });
      expect(duty ?? "-", `${row} x ${column}`).to.equal(cell);
    }
  });

  it("has no duty in a case on which it does not sit, nor any but to reveal once it has committed", () => {
    for (const phase of PHASES) {
      for (const work of WORK_NAMES) {
        expect(dutyOf(work, { ...BASE, phase, position: undefined, committed: MINE })).to.equal(undefined);
        const duty = dutyOf(work, { ...BASE, phase, committed: MINE });
        expect(duty, `${phase} x ${work}`).to.equal(phase === "reveal" && work === "checked" ? "reveal" : undefined);
      }
    }
  });

  it("reveals once, and not before the phase is as deep as it must be: a word told too early costs the stake", () => {
    const reveal = { ...BASE, phase: "reveal", committed: MINE } as const;
    expect(dutyOf("checked", reveal)).to.equal("reveal");
    expect(dutyOf("checked", { ...reveal, isDeep: false })).to.equal(undefined);
    expect(dutyOf("checked", { ...reveal, revealed: MINE })).to.equal(undefined);
    expect(dutyOf("checked", { ...reveal, committed: 1 << 2 })).to.equal(undefined);
  });

  it("demands nothing while somebody waits for data of the case already", () => {
    expect(dutyOf("lacking", { ...BASE, isDemandOpen: true })).to.equal(undefined);
    expect(dutyOf("new", { ...BASE, isDemandOpen: true })).to.equal("fetch");
  });

  describe("its phases", () => {
    const WINDOWS = { commitWindow: 30, revealWindow: 10, appealWindow: 15 };
    const onChain = (status: CaseStatus): CaseOnChain => {
      return { status, tier: 1, committed: 0, revealed: 0, since: 1_000, anchor: 9 };
    };

    it("follow the status, and the clock while seats commit and reveal, to the second", () => {
      const at = (status: CaseStatus, now: number) => phaseOf(onChain(status), WINDOWS, now);
      const { Commit, Reveal } = CaseStatus;
      expect(at(Commit, 1_029)).to.deep.equal({ phase: "commit", until: 1_030 });
      expect(at(Commit, 1_030)).to.deep.equal({ phase: "reveal", until: 1_040 });
      expect(at(Commit, 1_039).phase).to.equal("reveal");
      expect(at(Commit, 1_040).phase).to.equal("over");
      expect(at(Reveal, 1_009)).to.deep.equal({ phase: "reveal", until: 1_010 });
      expect(at(Reveal, 1_010).phase).to.equal("over");
    });

    it("are the status's own where no clock runs", () => {
      const phases = (["None", "Pinned", "Waiting", "Revealed", "Closed"] as const).map(
        (status) => phaseOf(onChain(CaseStatus[status]), WINDOWS, 9_999).phase,
      );
      expect(phases).to.deep.equal(["none", "pinned", "waiting", "over", "closed"]);
    });
  });

  describe("its chores", () => {
    const QUIET: ChoreMoment = { phase: "commit", head: 10, now: 1_000, anchor: 9, answerBy: 0, isMoot: false };
    const chores = (moment: Partial<ChoreMoment>) =>
      PHASES.map((phase) => choreOf({ ...QUIET, ...moment, phase }) ?? "-");

    it("are to seat a panel whose block is there, to end a tier that is over, and nothing else while all is well", () => {
      expect(chores({})).to.deep.equal(["-", "seat", "-", "-", "-", "close", "-"]);
      expect(chores({ head: 9 })).to.deep.equal(["-", "-", "-", "-", "-", "close", "-"]);
    });

    it("are to call a demand that was not answered, from the second of its deadline on", () => {
      expect(chores({ answerBy: 1_001 })[3]).to.equal("-");
      expect(chores({ answerBy: 1_000 })[3]).to.equal("default");
    });

    it("are to end a case of a job that another case ended, whatever its phase", () => {
      expect(chores({ isMoot: true, answerBy: 1_000 })).to.deep.equal([
        "-",
        "close",
        "close",
        "close",
        "close",
        "close",
        "-",
      ]);
    });
  });
});
