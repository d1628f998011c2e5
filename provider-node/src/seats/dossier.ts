import { type Frozen, freeze, freezeResult, type JobSpec } from "@touchstone/sdk/protocol";
import type { Address, Hex } from "viem";

// What a seat knows of a job, somebody else's mostly: enough to open its case, to judge it, and to bring spec and frozen
// values along to the court. It follows from what the chain told, and goes back with it.

/** Something that happened to a job. */
export type DossierFact =
  | { readonly name: "posted"; readonly block: number }
  | { readonly name: "accepted"; readonly block: number; readonly provider: Address; readonly verified: boolean }
  | { readonly name: "submitted"; readonly block: number; readonly at: number; readonly root: Hex }
  /** A receipt of a live call came before the court: a job of one item, with what stands for its accept and its submit. */
  | { readonly name: "brought"; readonly block: number; readonly root: Hex }
  /** The draw, as this node asked for it. */
  | { readonly name: "looked"; readonly block: number; readonly isDrawn: boolean }
  /** A case was opened by the draw. */
  | { readonly name: "tried"; readonly block: number }
  | { readonly name: "answered"; readonly block: number; readonly item: number; readonly chunk: number }
  | { readonly name: "paid"; readonly block: number }
  /** The client was repaid. */
  | { readonly name: "repaid"; readonly block: number };

/** Facts of a job, oldest first. */
export type DossierHistory = readonly DossierFact[];

/** The history without what happened above a block; the same object if nothing did. */
export function rewindTo<Fact extends { readonly block: number }>(
  history: readonly Fact[],
  ancestor: number,
): readonly Fact[] {
  const kept = history.filter(({ block }) => block <= ancestor);
  return kept.length === history.length ? history : kept;
}

type Named<Name> = Extract<DossierFact, { name: Name }>;

/** The last fact of a name. */
export function lastOf<Name extends DossierFact["name"]>(history: DossierHistory, name: Name): Named<Name> | undefined {
  return history.findLast((fact): fact is Named<Name> => fact.name === name);
}

/** What the market froze for a submitted job, or the court for a receipt; nothing before. */
export function frozenIn(spec: JobSpec, history: DossierHistory): Frozen | undefined {
  const brought = lastOf(history, "brought");
  if (brought !== undefined) {
    return freezeResult(freeze(spec, spec.provider, true), 0n, brought.root); // As `receiptFrozen` has it: no draw, no block.
  }
  const accepted = lastOf(history, "accepted");
  const submitted = lastOf(history, "submitted");
  if (accepted === undefined || submitted === undefined) {
    return undefined;
  }
  const frozen = freeze(spec, accepted.provider, accepted.verified);
  return freezeResult(frozen, BigInt(submitted.block), submitted.root);
}

/** Whether nothing more happens to a job. */
export function isOver(history: DossierHistory): boolean {
  return lastOf(history, "paid") !== undefined || lastOf(history, "repaid") !== undefined;
}

/** Whether somebody should ask whether the draw chose this job. */
export function awaitsDraw(history: DossierHistory): boolean {
  const looked = lastOf(history, "looked");
  return (
    lastOf(history, "submitted") !== undefined &&
    lastOf(history, "accepted")?.verified === true &&
    lastOf(history, "tried") === undefined &&
    looked?.isDrawn !== false &&
    !isOver(history)
  );
}
