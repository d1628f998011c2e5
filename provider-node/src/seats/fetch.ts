import { isCovered, nextCaseItem, TRACE_CHUNK_ENTRIES, TRACE_ENTRY_BYTES } from "@touchstone/sdk/protocol";
import { isAddressEqual } from "viem";
import { isFatal, NodeError } from "../errors.ts";
import type { Blobs } from "../store/blobs.ts";
import type { SeatContext, SeatedFile, SeatResult } from "./context.ts";
import { lastOf } from "./dossier.ts";
import { type Exhibit, panelOf } from "./machine.ts";
import { type Fetching, fetchItem, fetchListing, type Listing } from "./remote.ts";
import { gatherShown } from "./shown.ts";

/** So often a provider's server is asked before the seat asks on chain. */
const TRIES = 3;
/** Share of the time until the commit in which the network is asked; the rest is for demands, the check and the commit. */
const PATIENCE = 0.3;

/**
 * Brings all that a case covers onto this disk: from what was shown on chain, else from the provider's server. A server
 * that sends garbage, too much or nothing costs a few tries and a bounded time; then the seat demands what it lacks.
 *
 * @throws NodeError `EVIDENCE_UNREACHABLE` while the server is worth another try, `OWN_JOB`.
 */
export async function fetch(context: SeatContext, file: SeatedFile): Promise<SeatResult> {
  requireForeign(context, file);
  const panel = panelOf(file.row.state);
  const engine = context.engines.get(file.spec.model);
  if (panel === undefined || engine === undefined) {
    throw new NodeError("MODEL_NOT_SERVED", "This node no longer runs the job's model. Add it to `models` again.");
  }
  const evidence = await context.store.evidence.of(file.row.id);
  const leftMs = Math.max(1, Math.min(file.until - context.now(), MAX_LEFT_SECONDS) * 1000);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(Math.ceil(leftMs * PATIENCE))]);
  const fetching = { file, evidence, contextLength: engine.model.contextLength, signal };
  const server = new Server(context, fetching);
  const exhibits: Exhibit[] = [];
  const covered: number[] = [];
  for (;;) {
    const index = nextCaseItem({ items: file.spec.items, startItem: panel.startItem, covered });
    if (index === undefined) {
      return { event: { name: "fetched", exhibits } };
    }
    const shown = await gatherShown(context, fetching, index);
    const exhibit = shown && "exhibit" in shown ? shown.exhibit : await server.item(index);
    const chunk = shown && "nextChunk" in shown ? shown.nextChunk : 0;
    // Of an item that was shown in part only, so much is known: that may be more than the case has room for.
    const entries = exhibit === undefined ? chunk * TRACE_CHUNK_ENTRIES : await entriesOf(evidence, exhibit);
    if (!isCovered([...covered, entries])) {
      return { event: { name: "fetched", exhibits } };
    }
    if (exhibit === undefined) {
      return lack(context, file, server.failure, { item: index, chunk });
    }
    exhibits.push(exhibit);
    covered.push(entries);
  }
}

/** A server that is no faster than this has as good as nothing, however long the commit is away. */
const MAX_LEFT_SECONDS = 1_000;

/** A provider's server, asked until it fails once. */
class Server {
  readonly #context: SeatContext;
  readonly #fetching: Fetching;
  #listing: Listing | undefined;
  /** Why it is not asked any more. */
  failure: unknown;

  constructor(context: SeatContext, fetching: Fetching) {
    this.#context = context;
    this.#fetching = fetching;
  }

  /** An item, or nothing if the server does not give it. */
  async item(index: number): Promise<Exhibit | undefined> {
    if (this.failure !== undefined) {
      return undefined;
    }
    try {
      this.#listing ??= await fetchListing(this.#context, this.#fetching);
      return await fetchItem(this.#context, this.#fetching, this.#listing, index);
    } catch (error) {
      this.#context.signal.throwIfAborted();
      if (isFatal(error) || isOfDisk(error)) {
        throw error; // Not the provider's doing.
      }
      this.failure = error ?? new Error("It failed without a reason.");
      return undefined;
    }
  }
}

function isOfDisk(error: unknown): boolean {
  return error instanceof NodeError && (error.code === "DISK_FULL" || error.code === "STORE_QUOTA_REACHED");
}

/** Another try, or the word that the item must be demanded. */
function lack(
  context: SeatContext,
  { row, dossier }: SeatedFile,
  cause: unknown,
  lacking: { readonly item: number; readonly chunk: number },
): SeatResult {
  const details = { case: row.id, ...lacking };
  // A provider that let itself be asked on chain for one thing is not asked in vain for the next.
  const tries = lastOf(dossier.history, "answered") === undefined ? TRIES : 1;
  if (row.attempts + 1 < tries) {
    const sentence = `The provider's server does not give out item ${lacking.item}. It is asked again.`;
    throw new NodeError("EVIDENCE_UNREACHABLE", sentence, { cause, details });
  }
  context.logger.warn("evidence withheld", { ...details, error: cause });
  return { event: { name: "lacking", ...lacking } };
}

/** The court lets no party sit; a node that acts for several accounts keeps to that too. */
function requireForeign({ parties }: SeatContext, { row, spec, frozen }: SeatedFile): void {
  const isParty = (account: SeatedFile["spec"]["client"]) => parties.some((own) => isAddressEqual(own, account));
  if (isParty(spec.client) || isParty(frozen.provider)) {
    const sentence =
      "The job is one of this node's own accounts, so it does not judge it. Seat and provider should be one account.";
    throw new NodeError("OWN_JOB", sentence, { details: { case: row.id } });
  }
}

async function entriesOf(evidence: Blobs, { trace }: Exhibit): Promise<number> {
  return Math.floor(((await evidence.get(trace))?.length ?? 0) / TRACE_ENTRY_BYTES);
}
