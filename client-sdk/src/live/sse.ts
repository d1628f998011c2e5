import { createParser } from "eventsource-parser";

/** One piece of a stream of server-sent events. */
export type SsePiece =
  | { readonly kind: "event"; readonly event: string | undefined; readonly data: string }
  | { readonly kind: "comment"; readonly text: string };

/** Longest event that is read, in characters: a receipt with 2^20 token ids fits. The parser throws beyond. */
const MAX_EVENT_CHARACTERS = 2 ** 24;

/** The events of a body as they come, comments included. Ends with the body; throws what reading it throws. */
export async function* readSse(body: ReadableStream<Uint8Array>): AsyncGenerator<SsePiece, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const ready: SsePiece[] = [];
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ event, data }) => ready.push({ kind: "event", event, data }),
    onComment: (text) => ready.push({ kind: "comment", text }),
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      parser.feed(decoder.decode(value, { stream: true }));
      yield* ready.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A piece as it is sent. */
export function writeSse(piece: SsePiece): string {
  if (piece.kind === "comment") {
    return `: ${piece.text}\n\n`;
  }
  const lines = piece.data.split("\n").map((line) => `data: ${line}\n`);
  return `${piece.event === undefined ? "" : `event: ${piece.event}\n`}${lines.join("")}\n`;
}
