import { expect } from "chai";
import fc from "fast-check";
import type { Token } from "node-llama-cpp";
import { createStopRule } from "./stops.ts";
import { TextFlow } from "./text-flow.ts";

/** A tokenizer of one byte a token. */
const bytesOf = (tokens: readonly Token[]) => Buffer.from(tokens).toString();

/** One that takes spaces away again, as llama.cpp does for models that say `clean_spaces`. */
const cleanOf = (tokens: readonly Token[]) => bytesOf(tokens).replace(/ ([?!.,]|'(?:s|m|re|ve))/g, "$1");

const PIECES = [
  "a",
  "fox",
  " ",
  ".",
  " 's",
  "'re",
  "\n",
  "é",
  "🦊",
  "🔑",
  "\u{1F469}\u200D\u{1F680}",
  "END",
  "E",
  "\uFFFD",
];

/** Shows a text token by token; gives the deltas and the text of the output. */
function flowOf(bytes: readonly number[], stop: readonly string[], textOf: typeof bytesOf) {
  const stops = createStopRule(stop, textOf);
  const flow = new TextFlow(stops, textOf);
  const tokens: Token[] = [];
  const deltas: string[] = [];
  for (const byte of bytes) {
    tokens.push(byte as Token);
    deltas.push(flow.next(tokens));
    if (stops.isReached(tokens)) {
      break;
    }
  }
  const text = stops.cut(textOf(tokens));
  return { deltas: [...deltas, flow.end(text)], text };
}

describe("the text of a generation as it comes", () => {
  it("is the text of the output, in whole characters, whatever is written and stops it", () => {
    const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 120 }).map((pieces) => Buffer.from(pieces.join("")));
    const raw = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    const stop = fc.subarray(["END", "🦊🔑", "\n\n", " f", "'s a"]);
    fc.assert(
      fc.property(fc.oneof(text, raw), stop, fc.constantFrom(bytesOf, cleanOf), (bytes, stops, textOf) => {
        const { deltas, text } = flowOf([...bytes], stops, textOf);
        expect(deltas.join("")).to.equal(text);
        expect(deltas.every((delta) => delta.isWellFormed())).to.equal(true);
      }),
      { numRuns: 400 },
    );
  });

  it("waits for the rest of a character, and for what may become a stop", () => {
    expect(flowOf([...Buffer.from("a🦊b")], [], bytesOf).deltas).to.deep.equal(["a", "", "", "", "🦊", "b", ""]);
    const { deltas } = flowOf([...Buffer.from("xENDy")], ["END"], bytesOf);
    expect(deltas).to.deep.equal(["x", "", "", "", ""]);
    expect(flowOf([...Buffer.from("xENy")], ["END"], bytesOf).deltas).to.deep.equal(["x", "", "", "ENy", ""]);
  });

  it("keeps up with a long text", () => {
    const { deltas } = flowOf([...Buffer.from("brave ".repeat(200))], [], bytesOf);
    expect(deltas.filter((delta) => delta.length > 2)).to.deep.equal([]);
  });

  it("does not cover up that a tokenizer took back what was shown", () => {
    const flow = new TextFlow(createStopRule([], bytesOf), bytesOf);
    flow.next([...Buffer.from("fox")] as Token[]);
    expect(() => flow.end("for"))
      .to.throw()
      .with.property("code", "ENGINE_FAILED");
  });
});
