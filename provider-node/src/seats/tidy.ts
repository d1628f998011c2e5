import type { Logger } from "../logger.ts";
import type { CaseRow } from "../store/cases.ts";
import type { DossierRow } from "../store/dossiers.ts";
import type { Store } from "../store/store.ts";
import { isOver, lastOf } from "./dossier.ts";

/** Deletes what no case needs any more: closed cases with their evidence, and jobs to which nothing can happen. Only what is final. */
export async function tidy(store: Store, logger: Logger): Promise<void> {
  const [final] = store.blocks.all();
  if (final === undefined) {
    return;
  }
  const closed = store.cases.all().filter((row) => isClosed(row, final.number));
  for (const { id } of closed) {
    await store.evidence.delete(id); // First, so that a crash leaves nothing that is not found again.
    store.cases.delete(id);
  }
  const isDone = (dossier: DossierRow) => isOverAt(dossier, final) && store.cases.of(dossier.id).length === 0;
  const done = store.dossiers.all().filter(isDone);
  for (const { id } of done) {
    store.dossiers.delete(id);
  }
  if (closed.length + done.length > 0) {
    logger.info("tidied", { cases: closed.length, dossiers: done.length });
  }
}

function isClosed({ state }: CaseRow, final: number): boolean {
  return state.history.some(({ name, block }) => name === "closed" && block <= final);
}

function isOverAt(
  { spec, history }: DossierRow,
  final: { readonly number: number; readonly timestamp: number },
): boolean {
  const isFinal = (history.at(-1)?.block ?? 0) <= final.number;
  const isMissed = lastOf(history, "accepted") === undefined && final.timestamp >= spec.acceptBy;
  return isFinal && (isOver(history) || isMissed);
}
