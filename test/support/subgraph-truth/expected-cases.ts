import { concat, type Hex } from "viem";
import { CASE_EVENTS } from "../../../client-sdk/src/protocol/case-events.ts";
import { CaseStatus, Verdict } from "../../../client-sdk/src/protocol/generated/enums.ts";
import type { Entity } from "../subgraph-host/entities.ts";
import { type Expect, entity, idOf, int32, isSame, type Truth } from "./expected.ts";
import { nameOf, stepOf } from "./expected-jobs.ts";
import { sumOf, type Told } from "./records.ts";

/** Tier and whether it is open by the contract; the rest by the logs of the case and of its job or receipt. */
export const cases: Expect = async ({ records, views }) => {
  return await Promise.all(
    records.of("CaseOpened").map(async ({ args, timestamp }) => {
      const { caseId, job, opener, key } = args;
      const receipt = records.of("ReceiptBrought").find((one) => one.args.job === job)?.args.receipt;
      const posted = records.of("JobPosted").find((one) => one.args.id === job)?.args;
      const accepted = records.of("JobAccepted").find((one) => one.args.id === job)?.args;
      const closed = records.of("CaseClosed").find((one) => one.args.caseId === caseId);
      const { status, tier } = await views.court("caseOf", [caseId]);
      return entity({
        id: caseId,
        job,
        opener,
        key,
        isReceipt: receipt !== undefined,
        tier,
        verdict: closed && nameOf(Verdict, closed.args.verdict),
        isOpen: status !== CaseStatus.Closed,
        slashed: closed?.args.slashed ?? 0n,
        openedAt: timestamp,
        closedAt: closed?.timestamp,
        provider: receipt?.provider ?? accepted?.provider,
        model: receipt?.model ?? posted?.model,
        client: receipt?.payer ?? posted?.client,
      });
    }),
  );
};

export const caseSteps: Expect = ({ records }) => {
  const told = CASE_EVENTS.flatMap((name) => records.of(name) as readonly Told<"CasePinned">[]);
  return told.map((one) => entity({ ...stepOf(one), case: one.args.caseId }));
};

/** A place that was drawn: which seat, where, by which log. */
interface Place {
  readonly caseId: Hex;
  readonly position: number;
  readonly seat: number;
  readonly drawn: Told;
}

function placesOf({ records }: Truth): Place[] {
  return records.of("CaseSeated").flatMap((drawn) => {
    const { caseId, tier, seats } = drawn.args;
    const places = seats.map((seat, index) => ({ caseId, position: tier === 1 ? index : 3 + index, seat, drawn }));
    return places.filter(({ seat }) => seat !== 0);
  });
}

function isBefore(a: Told, b: Told): boolean {
  return a.block < b.block || (a.block === b.block && a.logIndex < b.logIndex);
}

/**
 * Places by the draws; who was denounced, and what each seat lost. A penalty is of the place to which its seat was drawn last. While a
 * case is open, the contract must say the same of seats and words.
 */
export const caseSeats: Expect = async (truth) => {
  const { records, views } = truth;
  const places = placesOf(truth);
  const lastOf = (told: Told, caseId: Hex, seat: number) => {
    return places.findLast((one) => one.caseId === caseId && one.seat === seat && isBefore(one.drawn, told));
  };
  const penalties = Map.groupBy(records.of("SeatPenalised"), (told) => lastOf(told, told.args.caseId, told.args.seat));
  const denounced = new Set(records.of("SeatDenounced").map((told) => lastOf(told, told.args.caseId, told.args.seat)));
  return await Promise.all(
    places.map(async (place): Promise<Entity> => {
      const { caseId, position, seat } = place;
      const isHere = ({ args }: { readonly args: { readonly caseId: Hex; readonly position: bigint } }) => {
        return args.caseId === caseId && args.position === BigInt(position);
      };
      const committed = records.of("WordCommitted").find(isHere);
      const revealed = records.of("WordRevealed").find(isHere);
      const isDenounced = denounced.has(place);
      if ((await views.court("caseOf", [caseId])).status !== CaseStatus.Closed) {
        const kept = await views.court("wordAt", [caseId, BigInt(position)]);
        const said = isDenounced ? undefined : (revealed?.args.word ?? committed?.args.commitment);
        if (BigInt(kept) !== BigInt(said ?? 0))
          throw new Error(`The court keeps ${kept} at ${position}, its logs ${said}.`);
        const sits = (await views.court("seatsOf", [caseId]))[position];
        if (sits !== (isDenounced ? 0 : seat))
          throw new Error(`The court has seat ${sits} at ${position}, not ${seat}.`);
      }
      return entity({
        id: concat([caseId, int32(position)]),
        case: caseId,
        seat: int32(seat),
        position,
        commitment: committed?.args.commitment,
        word: revealed?.args.word,
        committedAt: committed?.timestamp,
        revealedAt: revealed?.timestamp,
        penalty: sumOf(penalties.get(place) ?? [], ({ args }) => args.amount),
        denounced: isDenounced,
      });
    }),
  );
};

/** Owner and stake by the contract. */
export const seats: Expect = async (truth) => {
  const { records, views } = truth;
  const places = placesOf(truth);
  const firsts = new Map([...records.of("SeatStaked")].reverse().map((told) => [told.args.seat, told]));
  return await Promise.all(
    [...firsts].map(async ([number, first]) => {
      const { owner, stake } = await views.court("seatAt", [number]);
      return entity({
        id: int32(number),
        number,
        owner,
        stake,
        penalised: sumOf(
          records.of("SeatPenalised").filter(({ args }) => args.seat === number),
          ({ args }) => args.amount,
        ),
        cases: places.filter(({ seat }) => seat === number).length,
        reveals: records.of("WordRevealed").filter(({ args }) => args.seat === number).length,
        since: first.timestamp,
      });
    }),
  );
};

/** All by the contract. */
export const panelSeats: Expect = async ({ records, views }) => {
  const panels = await Promise.all(
    records.of("PanelOpened").map(async ({ args: { model } }) => {
      const slots = await views.court("panelOf", [model]);
      return slots.map(({ seat, joinedAt, leftAt }, slot) => {
        const times = { joinedAt: BigInt(joinedAt), leftAt: leftAt === 0 ? undefined : BigInt(leftAt) };
        return entity({ id: concat([model, int32(seat)]), model, seat: int32(seat), slot, ...times });
      });
    }),
  );
  return panels.flat();
};

/** Whether one is open by the contract; else it was answered, or ended. */
export const demands: Expect = async ({ records, views }) => {
  return await Promise.all(
    records.of("Demanded").map(async (told) => {
      const { job, key, demander, item, chunk, answerBy } = told.args;
      const isEnd = (one: Told<"Answered"> | Told<"DemandEnded">) => one.args.key === key && isBefore(told, one);
      const ends = [...records.of("Answered"), ...records.of("DemandEnded")].filter(isEnd);
      const end = ends.sort((a, b) => (isBefore(a, b) ? -1 : 1))[0];
      const isLast = records.of("Demanded").findLast((one) => one.args.key === key) === told;
      const open = await views.court("demandOf", [key]);
      if (isLast && isSame(open.demander, demander) !== (end === undefined))
        throw new Error(`Is the demand of ${key} open?`);
      return entity({
        id: idOf(told),
        job,
        key,
        demander,
        item,
        chunk: Number(chunk),
        answerBy,
        demandedAt: told.timestamp,
        answeredAt: end?.eventName === "Answered" ? end.timestamp : undefined,
        endedAt: end?.eventName === "DemandEnded" ? end.timestamp : undefined,
        defaulted: end?.eventName === "DemandEnded" && end.args.isDefault,
      });
    }),
  );
};

/** All by the contract. */
export const openDemands: Expect = async ({ records, views }) => {
  const found = new Map(records.of("Demanded").map((told) => [told.args.key, told]));
  const open: Entity[] = [];
  for (const [key, told] of found) {
    const { demander } = await views.court("demandOf", [key]);
    if (BigInt(demander) !== 0n) open.push(entity({ id: key, demand: idOf(told) }));
  }
  return open;
};
