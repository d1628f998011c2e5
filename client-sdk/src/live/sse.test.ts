import { expect } from "chai";
import { readSse, type SsePiece, writeSse } from "./sse.ts";

function bodyOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(chunk);
      }
      controller.close();
    },
  });
}

async function all(body: ReadableStream<Uint8Array>): Promise<SsePiece[]> {
  const pieces: SsePiece[] = [];
  for await (const piece of readSse(body)) {
    pieces.push(piece);
  }
  return pieces;
}

describe("Server-sent events", () => {
  const pieces: readonly SsePiece[] = [
    { kind: "event", event: undefined, data: '{"text":"né 👋"}' },
    { kind: "comment", text: "touchstone-receipt abc" },
    { kind: "event", event: "response.completed", data: "two\nlines" },
    { kind: "event", event: undefined, data: "[DONE]" },
  ];

  it("are read as they were written, wherever the bytes are cut", async () => {
    const bytes = new TextEncoder().encode(pieces.map(writeSse).join(""));
    for (const size of [1, 2, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.slice(at * size, (at + 1) * size),
      );
      expect(await all(bodyOf(chunks))).to.deep.equal(pieces);
    }
  });

  it("end a body that does not come to an end of its events", async () => {
    const endless = new TextEncoder().encode(`data: ${"x".repeat(2 ** 20)}`);
    const more = new TextEncoder().encode("x".repeat(2 ** 20));
    const read = all(bodyOf([endless, ...Array.from({ length: 20 }, () => more)]));
    const error = await read.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(Error);
  });
});
