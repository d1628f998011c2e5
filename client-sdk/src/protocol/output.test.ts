import { expect } from "chai";
import fc from "fast-check";
import { bytesToString, stringToBytes } from "viem";
import { decodeOutput, encodeOutput, errorOutput, type ItemOutput, outputHash } from "./output.ts";

const output: fc.Arbitrary<ItemOutput> = fc.oneof(
  fc.record(
    {
      finishReason: fc.constantFrom("stop" as const, "length" as const),
      promptTokens: fc.nat(),
      text: fc.string({ unit: "binary" }),
      tokens: fc.array(fc.nat()),
    },
    { noNullPrototype: true },
  ),
  fc
    .tuple(fc.string({ minLength: 1, unit: "binary" }), fc.string({ unit: "binary" }))
    .map((pair) => errorOutput(...pair)),
);

describe("outputs", () => {
  it("decode to what was encoded", () => {
    fc.assert(
      fc.property(output, (value) => {
        expect(decodeOutput(encodeOutput(value))).to.deep.equal(value);
      }),
    );
  });

  it("are canonical JSON, whatever the order of the fields", () => {
    const bytes = encodeOutput({ tokens: [3, 1], text: 'é"\n', promptTokens: 7, finishReason: "length" });
    expect(bytesToString(bytes)).to.equal('{"finishReason":"length","promptTokens":7,"text":"é\\"\\n","tokens":[3,1]}');
    expect(bytesToString(encodeOutput(errorOutput("X", "y")))).to.equal('{"error":{"code":"X","message":"y"}}');
  });

  it("hash to a known value", () => {
    expect(outputHash(encodeOutput(errorOutput("PROMPT_TOO_LONG", "The prompt is too long.")))).to.equal(
      "0x0cb77f42036cd8768e5abf4ad4cd1f9b4cc91c5375c85fe02ecb05193167a061",
    );
  });

  it("refuse what is no output", () => {
    const bad = [{}, { error: {} }, { error: { code: "", message: "" } }, { finishReason: "stop" }, null, []];
    for (const value of bad) {
      expect(() => encodeOutput(value as never), JSON.stringify(value))
        .to.throw()
        .with.property("code", "INVALID_DATA");
      const bytes = stringToBytes(JSON.stringify(value));
      expect(() => decodeOutput(bytes))
        .to.throw()
        .with.property("code", "INVALID_DATA");
    }
    const extra = { finishReason: "stop", promptTokens: 1, text: "", tokens: [], logprobs: [] };
    expect(() => encodeOutput(extra as never))
      .to.throw()
      .with.property("code", "INVALID_DATA");
    expect(() => decodeOutput(Uint8Array.of(255)))
      .to.throw()
      .with.property("code", "INVALID_DATA");
    expect(() => encodeOutput(errorOutput("X", "\ud800")))
      .to.throw()
      .with.property("code", "NOT_CANONICAL");
  });
});
