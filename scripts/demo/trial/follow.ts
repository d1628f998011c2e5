import {
  type CaseEvent,
  type DemandEvent,
  decodeWord,
  enumName,
  FIRST_TIER_SEATS,
  isOver,
  type Tolerances,
  Verdict,
} from "@touchstone/sdk";
import { type Address, type Hex, isAddressEqual } from "viem";
import type { LocalNetwork } from "../../network/network.ts";
import { statisticsOf } from "./statistics.ts";

/** A case that is followed. */
export interface Followed {
  readonly network: LocalNetwork;
  readonly job: Hex;
  /** The block from which on something can have happened. */
  readonly since: bigint;
  readonly tolerances: Tolerances;
  say(step: string): void;
}

/** More than any case of a local network takes. */
const MOST_MS = 5 * 60_000;

/** Tells what happens in a job's case until there is a verdict. */
export async function follow(followed: Followed): Promise<void> {
  const { network, job, since, say } = followed;
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, AbortSignal.timeout(MOST_MS)]);
  const seated = Promise.withResolvers<void>();
  const demands = tellDemands(followed, seated.promise, signal);
  let isClosed = false;
  for await (const event of network.buyer.watchCases({ job, since, signal })) {
    const sentence = sentenceOf(followed, event);
    if (sentence !== undefined) {
      say(sentence);
    }
    if (event.eventName === "CaseSeated") {
      seated.resolve();
    }
    if (event.eventName === "CaseClosed") {
      isClosed = true;
      break;
    }
  }
  end.abort();
  seated.resolve();
  await demands;
  if (!isClosed) {
    throw new Error(`The case of job ${job} was not closed within ${MOST_MS / 60_000} minutes.`);
  }
}

/** Tells of demands, but not before it was told whose they are. */
async function tellDemands(
  { network, job, since, say }: Followed,
  seated: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of network.buyer.watchDemands({ job, since, signal })) {
    await seated;
    say(sentenceOfDemand(network, event));
  }
}

function sentenceOfDemand(network: LocalNetwork, { eventName, args }: DemandEvent): string {
  return eventName === "Demanded"
    ? `${whoIs(network, args.demander)} cannot get item ${args.item} and demands it on chain: the provider must show it there`
    : `The provider has shown item ${args.item} on chain`;
}

/** What an event means, for people; nothing for those that say little. */
function sentenceOf({ network, tolerances }: Followed, event: CaseEvent): string | undefined {
  switch (event.eventName) {
    case "CaseOpened":
      return `The draw chose the job: ${whoIs(network, event.args.opener)} opened case ${event.caseId}`;
    case "CasePinned":
      return event.args.tier === 2
        ? `Tier one does not acquit; it can do no more. The hash of block ${event.args.anchor} draws tier two`
        : `The hash of block ${event.args.anchor} draws the panel`;
    case "CaseSeated": {
      const { tier, seats, seed, startItem } = event.args;
      const drawn = `Seed ${seed} draws seats ${seats.join(", ")} for tier ${tier === 1 ? "one" : "two"}`;
      return tier === 1 ? `${drawn}; they check from item ${startItem} on` : drawn;
    }
    case "WordRevealed": {
      const word = decodeWord(event.args.word);
      const { line } = statisticsOf(event.args.word);
      return `  seat ${event.args.seat}: ${line}${isOver(word, tolerances) ? ", over the limit" : ""}`;
    }
    case "CaseAppealed":
      return "The buyer appeals";
    case "SeatPenalised":
      return `  seat ${event.args.seat} is fined ${event.args.amount} units`;
    case "CaseClosed":
      return `Verdict: ${enumName(Verdict, event.args.verdict)}. ${MEANINGS[event.args.verdict as Verdict]}`;
    default:
      return undefined;
  }
}

const MEANINGS: Readonly<Record<Verdict, string>> = {
  [Verdict.None]: "",
  [Verdict.Acquitted]: "The result stands",
  [Verdict.Convicted]: "The result did not come from the model that was ordered",
  [Verdict.Withheld]: "The provider did not show on chain in time what nobody could get from it",
  [Verdict.Undecidable]: "The seats found too different things: the result stands",
  [Verdict.NoQuorum]: "Too few seats revealed a word",
  [Verdict.Moot]: "Another case ended the job before",
};

/** A party of the network by one of its keys, as people would call it. */
export function whoIs({ seats, providers }: LocalNetwork, address: Address): string {
  const isOneOf = (...keys: readonly Address[]) => keys.some((key) => isAddressEqual(key, address));
  const seat = seats.find(({ account, operator }) => isOneOf(account, operator));
  const provider = providers.find(({ provider: account, operator }) => isOneOf(account, operator));
  return seat ? `seat ${seat.seat}` : (provider?.name ?? address);
}

/** Of which tier a position is. */
export function tierOf(position: number): 1 | 2 {
  return position < FIRST_TIER_SEATS ? 1 : 2;
}
