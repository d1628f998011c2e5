import { TouchstoneError } from "../errors.ts";
import { isReceipt } from "./answer-reader.ts";
import type { Auditor } from "./auditor.ts";
import type { Feed } from "./feed.ts";
import type { LiveCall } from "./live-call.ts";
import { errorBody, LiveError } from "./live-error.ts";
import { abortAfter } from "./paid-request.ts";
import type { FullPolicy } from "./policy.ts";
import { continuationOf, OtherTextError } from "./resume.ts";
import type { Fate } from "./routing.ts";
import { type SsePiece, writeSse } from "./sse.ts";

/** What a relay works with. */
export interface RelayParameters {
  readonly auditor: Auditor;
  readonly policy: FullPolicy;
  readonly fate: Fate;
  /** Opens the call at another provider; rejects where there is none. */
  readonly reopen: () => Promise<Feed>;
}

/** How long to wait for the end of a connection whose answer is whole. */
const DRAIN_MS = 1_000;

/** A provider's stream broke off. */
class BrokenError extends TouchstoneError {
  override readonly name = "BrokenError";

  constructor(message: string, cause?: unknown) {
    super(message, { code: "STREAM_BROKEN", cause });
  }
}

/** The stream that the client reads: what the provider sends, less its receipt; and on at another where that may be. */
export function relay(call: LiveCall, first: Feed, parameters: RelayParameters): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const state = { feed: first, hasLeft: false };
  const leave = () => {
    state.hasLeft = true;
    state.feed.sale.controller.abort();
  };
  call.signal?.addEventListener("abort", leave, { once: true });
  const texts = relayed(call, state, parameters);
  const end = () => call.signal?.removeEventListener("abort", leave);
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await texts.next();
        if (done === true) {
          end();
          controller.close();
        } else {
          controller.enqueue(encoder.encode(value));
        }
      } catch (error) {
        end();
        controller.error(call.signal?.aborted ? call.signal.reason : error);
      }
    },
    async cancel() {
      end();
      leave();
      await texts.return();
    },
  });
}

async function* relayed(
  call: LiveCall,
  state: { feed: Feed; readonly hasLeft: boolean },
  parameters: RelayParameters,
): AsyncGenerator<string, void, void> {
  const { auditor, policy, reopen } = parameters;
  const open = new Set([state.feed]);
  const isResumable = call.isPlain && (policy.resume === "always" || (policy.resume === "greedy" && call.isGreedy));
  const concluded = (feed: Feed) => open.delete(feed);
  try {
    for (;;) {
      try {
        yield* passOn(state.feed, parameters, concluded);
        return;
      } catch (error) {
        if (state.hasLeft) {
          throw error;
        }
        open.delete(state.feed);
        state.feed.sale.controller.abort();
        const isHonest = error instanceof OtherTextError;
        isHonest ? auditor.left(state.feed.sale) : auditor.broke(state.feed.sale);
        const next = isResumable && !isHonest ? await reopen().catch(() => undefined) : undefined;
        if (next === undefined || state.hasLeft) {
          yield failure(call, error);
          return;
        }
        state.feed = continuationOf(next, state.feed);
        open.add(state.feed);
      }
    }
  } finally {
    for (const feed of open) {
      feed.sale.controller.abort();
      auditor.left(feed.sale);
    }
  }
}

/** Passes a feed on to its end, and ends its call there. Throws BrokenError if the feed breaks off before. */
async function* passOn(
  feed: Feed,
  { auditor, policy, fate }: RelayParameters,
  concluded: (feed: Feed) => void,
): AsyncGenerator<string, void, void> {
  const { sale, reader, firstTokenMs, firstTokenAt } = feed;
  const last: SsePiece[] = [];
  for (const piece of feed.head) {
    yield* shown(feed, piece);
  }
  for (;;) {
    const piece = await nextOf(feed, policy.stallTimeoutMs);
    if (piece === undefined) {
      break;
    }
    take(feed, piece);
    if (isEnd(piece)) {
      last.push(piece);
      if (sale.call.route === "chat") {
        break; // its receipt came before
      }
    } else {
      yield* shown(feed, piece);
    }
  }
  if (!reader.received().isDone) {
    throw new BrokenError("The provider's stream ended before its answer did.");
  }
  concluded(feed);
  auditor.answered(sale, reader.received(), { firstTokenMs, streamMs: fate.now() - firstTokenAt });
  drain(feed);
  for (const piece of last) {
    yield writeSse(piece);
  }
}

/** Reads what comes after the end, so that the connection can serve the next call. */
function drain({ rest, sale }: Feed): void {
  const stop = abortAfter(sale.controller, DRAIN_MS, undefined);
  const read = async () => {
    while ((await rest.next()).done !== true) {
      // nothing is expected
    }
  };
  read()
    .catch(() => undefined)
    .finally(stop);
}

function take({ reader }: Feed, piece: SsePiece): void {
  try {
    reader.takePiece(piece);
  } catch (cause) {
    if (isReceipt(piece)) {
      return; // No receipt that can be read is none: the auditor draws its conclusions.
    }
    throw new BrokenError("The provider sent what is no part of an answer.", cause);
  }
  const { error } = piece.kind === "event" && piece.data.includes('"error"') ? reader.received() : {};
  if (error !== undefined) {
    throw new BrokenError(`The provider gave up: ${error.message}`);
  }
}

async function nextOf({ rest, sale }: Feed, stallMs: number): Promise<SsePiece | undefined> {
  const stop = abortAfter(sale.controller, stallMs, undefined);
  try {
    const { done, value } = await rest.next();
    return done === true ? undefined : value;
  } catch (cause) {
    throw new BrokenError("The connection to the provider broke.", cause);
  } finally {
    stop();
  }
}

function* shown(feed: Feed, piece: SsePiece): Generator<string, void, void> {
  const visible = isReceipt(piece) ? undefined : feed.show(piece);
  if (visible !== undefined) {
    yield writeSse(visible);
  }
}

const LAST_EVENTS: readonly (string | undefined)[] = ["response.completed", "response.incomplete"];

/** The piece after which the client looks for nothing more: it waits until the call is settled. */
function isEnd(piece: SsePiece): boolean {
  return piece.kind === "event" && (piece.data === "[DONE]" || LAST_EVENTS.includes(piece.event));
}

/** What ends a stream that cannot go on, so that clients say why. */
function failure({ route }: LiveCall, cause: unknown): string {
  const told = cause instanceof Error ? cause.message : String(cause);
  const sentence = `${told} The text so far cannot be continued elsewhere: ask again.`;
  const body = errorBody(new LiveError("STREAM_BROKEN", sentence, { cause }));
  const event = route === "responses" ? "error" : undefined;
  const data = route === "responses" ? { ...body.error, type: "error", sequence_number: 0 } : body;
  return writeSse({ kind: "event", event, data: JSON.stringify(data) });
}
