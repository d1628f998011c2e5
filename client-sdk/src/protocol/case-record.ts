import type { Address, Hex } from "viem";
import { CaseError } from "../errors.ts";
import type { CaseEvent } from "./case-events.ts";
import { FIRST_TIER_SEATS } from "./generated/constants.ts";
import type { Verdict } from "./generated/enums.ts";

/** What a position of a case did. */
export interface CasePosition {
  /** 0 to 2 in tier one, 3 to 11 in tier two. */
  readonly position: number;
  readonly seat: number;
  /** Once committed. */
  readonly commitment?: Hex;
  /** Once revealed: `decodeWord` reads it. */
  readonly word?: Hex;
  /** Who showed that the seat told its word too early; it lost its place. */
  readonly denouncedBy?: Address;
  /** What its seat lost by this case, token units. */
  readonly penalty: bigint;
}

/** How a case ended. */
export interface CaseEnding {
  /** `None` of a case that was opened for an old job, which a late draw then did not choose. */
  readonly verdict: Verdict;
  /** What the provider lost, token units. */
  readonly slashed: bigint;
}

/** What the events of a case tell. */
export interface CaseRecord {
  readonly caseId: Hex;
  readonly job: Hex;
  /** `DRAW_KEY` for the draw's case, the start item for a client's. */
  readonly key: bigint;
  /** Who opened it: for a challenge the client. */
  readonly opener: Address;
  /** 1 or 2. */
  readonly tier: number;
  /** The block whose hash draws the tier's panel. */
  readonly anchor?: bigint;
  /** By which the panel of tier one was drawn, and the probes of all words. */
  readonly seed?: Hex;
  /** By which the panel of tier two was drawn. */
  readonly secondSeed?: Hex;
  /** The first item that the case is about, once a panel is drawn. */
  readonly startItem?: number;
  /** Of both tiers, in their order; without those where nobody sits. */
  readonly positions: readonly CasePosition[];
  /** Whether the client appealed against the acquittal of tier one. */
  readonly isAppealed: boolean;
  /** Once over. */
  readonly ending?: CaseEnding;
}

/**
 * Folds the events of one case, oldest first, into what they tell.
 *
 * @returns Nothing where there is no `CaseOpened`.
 * @throws CaseError `CASE_EVENTS_INCONSISTENT` where some were left out.
 */
export function foldCaseEvents(events: readonly CaseEvent[]): CaseRecord | undefined {
  return events.reduce<CaseRecord | undefined>(step, undefined);
}

/** What one more event makes of a case. */
function step(record: CaseRecord | undefined, event: CaseEvent): CaseRecord | undefined {
  if (event.eventName === "CaseOpened") {
    const { job, key, opener } = event.args;
    return { caseId: event.caseId, job, key, opener, tier: 1, positions: [], isAppealed: false };
  }
  if (record === undefined || record.caseId !== event.caseId) {
    throw inconsistent(event);
  }
  switch (event.eventName) {
    case "CasePinned":
      return { ...record, tier: event.args.tier, anchor: event.args.anchor };
    case "CaseSeated":
      return seated(record, event.args);
    case "WordCommitted":
      return withPosition(record, event, { commitment: event.args.commitment });
    case "WordRevealed":
      return withPosition(record, event, { word: event.args.word });
    case "SeatDenounced": {
      const { seat, by } = event.args;
      return withSeat(record, seat, () => ({ denouncedBy: by }));
    }
    case "SeatPenalised": {
      const { seat, amount } = event.args;
      return withSeat(record, seat, ({ penalty }) => ({ penalty: penalty + amount }));
    }
    case "CaseAppealed":
      return { ...record, isAppealed: true };
    case "CaseClosed": {
      const { verdict, slashed } = event.args;
      return { ...record, ending: { verdict: verdict as Verdict, slashed } };
    }
  }
}

type Arguments<Name> = Extract<CaseEvent, { eventName: Name }>["args"];

function seated(record: CaseRecord, { tier, seed, startItem, seats }: Arguments<"CaseSeated">): CaseRecord {
  const first = tier === 1 ? 0 : FIRST_TIER_SEATS;
  const drawn = seats
    .map((seat, index) => ({ position: first + index, seat, penalty: 0n }))
    .filter(({ seat }) => seat !== 0);
  return {
    ...record,
    tier,
    ...(tier === 1 ? { seed } : { secondSeed: seed }),
    startItem: Number(startItem),
    positions: [...record.positions, ...drawn],
  };
}

function withPosition(
  record: CaseRecord,
  event: Extract<CaseEvent, { eventName: "WordCommitted" | "WordRevealed" }>,
  change: Partial<CasePosition>,
): CaseRecord {
  const at = Number(event.args.position);
  if (!record.positions.some(({ position }) => position === at)) {
    throw inconsistent(event);
  }
  const positions = record.positions.map((one) => (one.position === at ? { ...one, ...change } : one));
  return { ...record, positions };
}

/** A seat sits at one position of a case only. */
function withSeat(
  record: CaseRecord,
  seat: number,
  change: (position: CasePosition) => Partial<CasePosition>,
): CaseRecord {
  const positions = record.positions.map((one) => (one.seat === seat ? { ...one, ...change(one) } : one));
  return { ...record, positions };
}

function inconsistent(event: CaseEvent): CaseError {
  const sentence = `The RPC server left out events of case ${event.caseId} before ${event.eventName}. Ask another one.`;
  return new CaseError("CASE_EVENTS_INCONSISTENT", sentence, event.caseId, { details: { event } });
}
