import type { Hex } from "viem";
import { CASE_EVENTS, type CaseEventName } from "../../protocol/case-events.ts";
import { JOB_EVENTS, type JobEventName } from "../../protocol/job-events.ts";
import type { IndexedStep } from "../types.ts";
import { bondHandlers } from "./bonds.ts";
import { caseHandlers } from "./cases.ts";
import { courtAccountHandlers } from "./court-account.ts";
import { demandHandlers } from "./demands.ts";
import type { EventArgs, EventName, Handlers, IndexEvent } from "./events.ts";
import { jobHandlers } from "./jobs.ts";
import { ledgerHandlers } from "./ledger.ts";
import { receiptHandlers } from "./receipts.ts";
import { knownCase, knownJob } from "./rows.ts";
import { seatHandlers } from "./seats.ts";
import { stakingHandlers } from "./staking.ts";
import type { State } from "./state.ts";

const HANDLERS: Handlers = {
  ...ledgerHandlers,
  ...stakingHandlers,
  ...courtAccountHandlers,
  ...jobHandlers,
  ...caseHandlers,
  ...seatHandlers,
  ...bondHandlers,
  ...receiptHandlers,
  ...demandHandlers,
};

const JOB_STEPS: ReadonlySet<string> = new Set(JOB_EVENTS);
const CASE_STEPS: ReadonlySet<string> = new Set(CASE_EVENTS);

/**
 * What further events, in chain order, make of a state: it is changed in place. The twin of the subgraph's mappings.
 *
 * @throws IndexError `INDEX_EVENTS_INCONSISTENT` where events are missing; the state is then of no more use.
 */
export function fold(state: State, events: readonly IndexEvent[]): void {
  for (const event of events) {
    const handle = HANDLERS[event.eventName] as Handlers[EventName] as (
      state: State,
      args: EventArgs<EventName>,
      place: IndexEvent["place"],
    ) => void;
    handle(state, event.args, event.place);
    recordStep(state, event);
    state.market.updatedAt = event.place.timestamp;
  }
}

/** Keeps the event where it is one in the life of a job or a case. */
function recordStep(state: State, { eventName, args, place }: IndexEvent): void {
  const { isAfterDraw: _, ...where } = place;
  if (JOB_STEPS.has(eventName)) {
    const job = knownJob(state, (args as { readonly id: Hex }).id);
    const step: IndexedStep<JobEventName> = { kind: eventName as JobEventName, ...where };
    job.steps = [...job.steps, step];
  } else if (CASE_STEPS.has(eventName)) {
    const row = knownCase(state, (args as { readonly caseId: Hex }).caseId);
    const step: IndexedStep<CaseEventName> = { kind: eventName as CaseEventName, ...where };
    row.steps = [...row.steps, step];
  }
}
