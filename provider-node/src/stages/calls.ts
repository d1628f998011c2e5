import { type Frozen, freeze, freezeResult, RECEIPT } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import { NodeError } from "../errors.ts";
import { factOf } from "../jobs/machine.ts";
import type { JobRow } from "../store/jobs.ts";
import type { CourtView, StageContext, StageResult } from "./context.ts";

/** Nothing to send: the chain is ahead of what the watcher has told so far, and it will tell. */
export const CHAIN_KNOWS: StageResult = { onChain: {} };

/** What the market froze for a job so far, or the court for a receipt, from their events. */
export function frozenOf({ spec, state }: JobRow, { provider }: StageContext): Frozen {
  const accept = factOf(state, "accepted");
  const submit = factOf(state, "submitted");
  const frozen = freeze(spec, provider, accept?.verified ?? false);
  const submitBlock = spec.flags === RECEIPT ? 0n : BigInt(submit?.block ?? 0); // A receipt has no draw, so no block.
  return submit?.root === undefined ? frozen : freezeResult(frozen, submitBlock, submit.root);
}

/** The root of a job that was executed. */
export function rootOf({ id, state }: JobRow): Hex {
  if (state.work.name !== "executed") {
    throw new NodeError("WORK_ABANDONED", `Job ${id} has no result.`, { details: { job: id } });
  }
  return state.work.root;
}

/** Has a call of the market mined. `purpose` is the same for the same act, whenever it is tried. */
export async function transact(context: StageContext, purpose: string, data: Hex): Promise<StageResult> {
  const { block } = await context.submitter.send({ purpose, to: context.market, data });
  return { onChain: { block } };
}

/** As {@link transact}, of the court. */
export async function transactWithCourt(context: StageContext, purpose: string, data: Hex): Promise<StageResult> {
  const { block } = await context.submitter.send({ purpose, to: requireCourt(context).address, data });
  return { onChain: { block } };
}

/** The court that a verified job must have. */
export function requireCourt({ court }: StageContext): CourtView {
  if (court === undefined) {
    throw new NodeError("COURT_MISSING", "The market names no court. Check `market` and `rpcUrls`.");
  }
  return court;
}
