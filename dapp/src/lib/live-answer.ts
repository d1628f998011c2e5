import { LIVE_ERROR_STATUS, LiveError, type LiveErrorCode, TouchstoneError } from "@touchstone/sdk";
import { EventSourceParserStream } from "eventsource-parser/stream";

/** As much of a chunk of OpenAI's chat streams as a chat shows. */
interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly error?: ErrorBody;
}

interface ErrorBody {
  readonly message?: string;
  readonly code?: string | null;
}

/**
 * The text of a streamed chat completion, piece by piece.
 *
 * @throws LiveError, or another TouchstoneError with the server's code, for a refusal and for a stream that broke off.
 */
export async function* readAnswer(response: Response): AsyncGenerator<string, void, void> {
  if (!response.ok || response.body === null) {
    const body = (await response.json().catch(() => ({}))) as { readonly error?: ErrorBody };
    throw errorOf(body.error);
  }
  const text = response.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  const reader = text.pipeThrough(new EventSourceParserStream()).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (next.value.data === "[DONE]") {
        return;
      }
      const { choices, error } = JSON.parse(next.value.data) as Chunk;
      if (error !== undefined) {
        throw errorOf(error);
      }
      const piece = choices?.[0]?.delta?.content ?? "";
      if (piece !== "") {
        yield piece;
      }
    }
    throw new LiveError("STREAM_BROKEN", "The stream ended before the answer did.");
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** An error in OpenAI's shape as the error that it was. */
function errorOf({ message = "The provider refused, and did not say why.", code }: ErrorBody = {}): TouchstoneError {
  const name = code ?? "REQUEST_REFUSED";
  return Object.hasOwn(LIVE_ERROR_STATUS, name)
    ? new LiveError(name as LiveErrorCode, message)
    : new TouchstoneError(message, { code: name });
}
