import { expect } from "chai";
import type { Hex } from "viem";
import type { CaseEvent, CaseEventName } from "./case-events.ts";
import { foldCaseEvents } from "./case-record.ts";
import { DRAW_KEY } from "./generated/constants.ts";
import { Verdict } from "./generated/enums.ts";

const CASE: Hex = `0x${"11".repeat(32)}`;
const JOB: Hex = `0x${"22".repeat(32)}`;
const WORD: Hex = `0x${"33".repeat(32)}`;
const SEED: Hex = `0x${"44".repeat(32)}`;
const OPENER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

/** One event in each block from the first on. */
const eventsOf = (...told: readonly (readonly [CaseEventName, object])[]): CaseEvent[] =>
  told.map(([eventName, args], index) => {
    const place = { blockNumber: BigInt(index + 1), blockHash: SEED, transactionHash: SEED, logIndex: 0 };
    return { eventName, caseId: CASE, args: { caseId: CASE, ...args }, ...place } as unknown as CaseEvent;
  });

const OPENED = ["CaseOpened", { job: JOB, opener: OPENER, key: DRAW_KEY }] as const;
const FIRST = ["CaseSeated", { tier: 1, seed: SEED, startItem: 4n, seats: [7, 8, 9] }] as const;
const SECOND = ["CaseSeated", { tier: 2, seed: WORD, startItem: 4n, seats: [1, 2, 3, 4, 5, 6, 0, 0, 0] }] as const;

describe("case events", () => {
  it("fold to nothing where there are none", () => {
    expect(foldCaseEvents([])).to.equal(undefined);
  });

  it("tell who opened a case, and by which block its panel is drawn", () => {
    const record = foldCaseEvents(eventsOf(OPENED, ["CasePinned", { tier: 1, anchor: 12n }]));
    expect(record).to.deep.equal({
      ...{ caseId: CASE, job: JOB, key: DRAW_KEY, opener: OPENER, tier: 1, anchor: 12n },
      ...{ positions: [], isAppealed: false },
    });
  });

  it("tell seats, commitments, words and penalties by position, in both tiers", () => {
    const events = eventsOf(
      ...[OPENED, FIRST],
      ["WordCommitted", { seat: 8, position: 1n, commitment: SEED }],
      ["WordRevealed", { seat: 8, position: 1n, word: WORD }],
      ["SeatPenalised", { seat: 9, amount: 50n }],
      ["SeatDenounced", { seat: 9, by: OPENER }],
      ["CaseAppealed", { client: OPENER }],
      SECOND,
      ["SeatPenalised", { seat: 8, amount: 20n }],
      ["SeatPenalised", { seat: 8, amount: 5n }],
      ["CaseClosed", { job: JOB, verdict: Verdict.Convicted, slashed: 25n }],
    );
    const record = foldCaseEvents(events);
    expect(record).to.include({ tier: 2, seed: SEED, secondSeed: WORD, startItem: 4, isAppealed: true });
    expect(record?.ending).to.deep.equal({ verdict: Verdict.Convicted, slashed: 25n });
    expect(record?.positions.slice(0, 3)).to.deep.equal([
      { position: 0, seat: 7, penalty: 0n },
      { position: 1, seat: 8, penalty: 25n, commitment: SEED, word: WORD },
      { position: 2, seat: 9, penalty: 50n, denouncedBy: OPENER },
    ]);
    expect(record?.positions.slice(3).map(({ position, seat }) => [position, seat])).to.deep.equal([
      ...[3, 4, 5, 6, 7, 8].map((position) => [position, position - 2]),
    ]);
  });

  it("are inconsistent where some were left out", () => {
    const word = ["WordRevealed", { seat: 8, position: 1n, word: WORD }] as const;
    for (const events of [eventsOf(FIRST), eventsOf(OPENED, word)]) {
      expect(() => foldCaseEvents(events))
        .to.throw()
        .with.property("code", "CASE_EVENTS_INCONSISTENT");
    }
  });
});
