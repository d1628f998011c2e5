import { expect } from "chai";
import { answerReader } from "./answer-reader.ts";
import type { Feed } from "./feed.ts";
import { continuationOf, OtherTextError } from "./resume.ts";
import type { SsePiece } from "./sse.ts";

/** A chunk as providers send it. */
function chunk(delta: object, { id = "b", finish = null }: { id?: string; finish?: string | null } = {}): SsePiece {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { kind: "event", event: undefined, data: JSON.stringify({ id, created: 2, choices }) };
}

/** A stream of which so much has passed by. */
function feedOf(texts: readonly string[], id: string): Feed {
  const reader = answerReader("chat");
  for (const content of texts) {
    reader.takePiece(chunk({ content }));
  }
  const parts = { reader, name: { id, created: 1 }, told: "", show: (piece: SsePiece) => piece };
  return parts as unknown as Feed;
}

/** What the client sees of chunks that follow. */
function shownOf(feed: Feed, pieces: readonly SsePiece[]) {
  return pieces.flatMap((piece) => {
    const shown = feed.show(piece);
    return shown?.kind === "event" ? [JSON.parse(shown.data)] : [];
  });
}

describe("Streams that go on elsewhere", () => {
  const role = chunk({ role: "assistant", content: "" });

  it("leave out what the client has, wherever the other cuts its text, and keep the first stream's name", () => {
    const feed = continuationOf(feedOf([], "b"), feedOf(["A fox ", "slept"], "a"));
    const pieces = [role, chunk({ content: "A f" }), chunk({ content: "ox sle" }), chunk({ content: "pt well" })];
    const shown = shownOf(feed, [...pieces, chunk({}, { finish: "stop" })]);
    expect(shown.map(({ choices }) => choices[0].delta.content)).to.deep.equal([" well", undefined]);
    expect(shown.map(({ id, created }) => [id, created])).to.deep.equal([
      ["a", 1],
      ["a", 1],
    ]);
    expect(shown.at(-1).choices[0].finish_reason).to.equal("stop");
  });

  it("do not go on with another text, nor with one that ends before", () => {
    const broken = feedOf(["A fox"], "a");
    const other = continuationOf(feedOf([], "b"), broken);
    expect(() => shownOf(other, [chunk({ content: "A dog" })])).to.throw(OtherTextError);
    const short = continuationOf(feedOf([], "b"), broken);
    expect(() => shownOf(short, [chunk({ content: "A" }), chunk({}, { finish: "stop" })])).to.throw(OtherTextError);
  });

  it("go on a second time from all that the client has, even where the second got less far", () => {
    const second = continuationOf(feedOf(["A fo"], "b"), feedOf(["A fox slept"], "a"));
    const third = continuationOf(feedOf([], "c"), second);
    const [shown] = shownOf(third, [chunk({ content: "A fox slept on" })]);
    expect([shown.id, shown.choices[0].delta.content]).to.deep.equal(["a", " on"]);
  });
});
