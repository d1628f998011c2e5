import { CaseStatus, courtAbi, Draw } from "@touchstone/sdk/protocol";
import { encodeFunctionData, type Hex } from "viem";
import { NodeError } from "../errors.ts";
import type { DossierRow } from "../store/dossiers.ts";
import type { CaseFile, SeatContext, SeatResult } from "./context.ts";
import { frozenIn } from "./dossier.ts";
import type { Chore } from "./machine.ts";
import { transact } from "./words.ts";

// What anyone may do so that a case goes on: whoever waits for its end gains.

/** Does what a case needs, if nobody has done it by now. */
export function doChore(context: SeatContext, chore: Chore, file: CaseFile): Promise<SeatResult> {
  return CHORES[chore](context, file);
}

const CHORES: Readonly<Record<Chore, (context: SeatContext, file: CaseFile) => Promise<SeatResult>>> = {
  async seat(context, { row, spec, frozen }) {
    const { status, anchor } = await context.court.caseOf(row.id);
    if (status !== CaseStatus.Pinned) {
      return SOON;
    }
    const data = encodeFunctionData({ abi: courtAbi, functionName: "seatPanel", args: [spec, frozen, row.key] });
    return transact(context, `seat:${row.id}:${anchor}`, data);
  },

  async default(context, { row, spec, frozen }) {
    const { answerBy } = await context.court.demandOf(row.id);
    if (answerBy === 0) {
      return SOON;
    }
    const data = encodeFunctionData({ abi: courtAbi, functionName: "defaultDemand", args: [spec, frozen, row.id] });
    return transact(context, `default:${row.id}:${answerBy}`, data);
  },

  async close(context, { row, spec, frozen }) {
    const { status, tier } = await context.court.caseOf(row.id);
    if (status === CaseStatus.Closed || status === CaseStatus.None) {
      return SOON;
    }
    const data = encodeFunctionData({ abi: courtAbi, functionName: "close", args: [spec, frozen, row.key] });
    try {
      return await transact(context, `close:${row.id}:${tier}`, data);
    } catch (error) {
      const restUntil = tooEarlyUntil(error);
      if (restUntil === undefined) {
        throw error;
      }
      return { restUntil }; // Acquitted so far: the client may appeal.
    }
  },
};

const SOON: SeatResult = { onChain: {} };

/** When something opens that the court found too early; nothing for any other failure. */
function tooEarlyUntil(error: unknown): number | undefined {
  const isEarly = error instanceof NodeError && error.details.reason === "CaseTooEarly";
  const [, deadline] = isEarly ? (error.details.args as readonly [Hex, bigint]) : [];
  return deadline === undefined ? undefined : Number(deadline);
}

/** Looks whether the draw chose a job, and opens its case: the court pays for that. */
export async function openDrawn(
  context: SeatContext,
  { id, spec, history }: DossierRow,
  block: number,
): Promise<SeatResult> {
  const frozen = frozenIn(spec, history);
  const draw = frozen && (await context.court.drawOf(id, frozen));
  if (frozen === undefined || draw === Draw.Pending) {
    return SOON;
  }
  if (draw === Draw.NotDrawn) {
    context.store.dossiers.note(id, { name: "looked", block, isDrawn: false });
    return SOON;
  }
  const data = encodeFunctionData({ abi: courtAbi, functionName: "openDrawn", args: [spec, frozen] });
  return transact(context, `open:${id}`, data);
}
