import { parseJson } from "../protocol/canonical.ts";
import { type AnswerReader, answerReader, isReceipt } from "./answer-reader.ts";
import { abortAfter, TryError } from "./paid-request.ts";
import type { FullPolicy } from "./policy.ts";
import type { Fate } from "./routing.ts";
import { readSse, type SsePiece } from "./sse.ts";
import type { Sale } from "./try-offer.ts";

/** A stream of one provider, of which the first token is there. */
export interface Feed {
  readonly sale: Sale;
  readonly reader: AnswerReader;
  /** What came up to the first token. The reader has taken it already. */
  readonly head: readonly SsePiece[];
  readonly rest: AsyncGenerator<SsePiece, void, void>;
  /** Milliseconds from the call to the first token. */
  readonly firstTokenMs: number;
  /** Unix milliseconds. */
  readonly firstTokenAt: number;
  /** What the client is shown of a piece; may be nothing. */
  show(piece: SsePiece): SsePiece | undefined;
  /** What the client had before this feed. */
  readonly told: string;
  /** What all chunks that the client sees share. */
  readonly name: { readonly id?: unknown; readonly created?: unknown };
}

/** What feeds are opened with. */
export interface FeedParameters {
  readonly policy: FullPolicy;
  readonly fate: Fate;
}

/**
 * Reads a provider's stream up to its first token.
 *
 * @throws TryError if none comes in time, or the provider gives up before.
 */
export async function openFeed(sale: Sale, response: Response, { policy, fate }: FeedParameters): Promise<Feed> {
  const { call, controller, startedAt } = sale;
  const reader = answerReader(call.route);
  const rest = readSse(response.body ?? new ReadableStream({ start: (empty) => empty.close() }));
  const head: SsePiece[] = [];
  const stop = abortAfter(controller, policy.firstTokenTimeoutMs, call.signal);
  try {
    while (!hasBegun(reader, head)) {
      const { done, value } = await rest.next();
      if (done === true) {
        throw new TryError("broken", "The provider's stream ended before its first token.");
      }
      head.push(value);
    }
  } catch (cause) {
    controller.abort();
    throw cause instanceof TryError ? cause : new TryError("broken", "The provider's stream did not begin.", { cause });
  } finally {
    stop();
  }
  const firstTokenAt = fate.now();
  const times = { firstTokenAt, firstTokenMs: firstTokenAt - startedAt };
  return { sale, reader, head, rest, ...times, show: (piece) => piece, told: "", name: nameOf(head) };
}

/** What the chunks of a stream share. */
function nameOf(head: readonly SsePiece[]): Feed["name"] {
  const [first] = head;
  const chunk = first?.kind === "event" ? parseJson(first.data) : undefined;
  const { id, created } = (chunk ?? {}) as Feed["name"];
  return { id, created };
}

/** Has the reader take the latest piece, and tells whether there is something to show. */
function hasBegun(reader: AnswerReader, head: readonly SsePiece[]): boolean {
  const piece = head.at(-1);
  if (piece === undefined) {
    return false;
  }
  const text = reader.takePiece(piece);
  const { error, finishReason, toolCalls, isDone } = reader.received();
  if (error !== undefined) {
    throw new TryError("broken", `The provider gave up before its first token: ${error.message}`);
  }
  return text !== "" || finishReason !== undefined || toolCalls.length > 0 || isDone || isReceipt(piece);
}
