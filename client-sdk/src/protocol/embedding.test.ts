import { expect } from "chai";
import fc from "fast-check";
import { decodeVector, embeddingOutput, embeddingsOf, embeddingsResponse, encodeVector } from "./embedding.ts";
import { decodeOutput, encodeOutput } from "./output.ts";

const vector = fc.float32Array({ minLength: 1, noNaN: true, noDefaultInfinity: true });

describe("embeddings", () => {
  it("are the same by an output, by base64 and by numbers", () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1 }), fc.nat(), (vectors, promptTokens) => {
        const output = decodeOutput(encodeOutput(embeddingOutput(vectors, promptTokens)));
        expect("text" in output && embeddingsOf(output)).to.deep.equal(vectors);
        for (const encodingFormat of ["float", "base64"] as const) {
          const answer = embeddingsResponse({ model: "m", vectors, promptTokens, encodingFormat });
          const travelled = JSON.parse(JSON.stringify(answer)) as typeof answer;
          const read = travelled.data.map(({ embedding }) => decodeVector(embedding));
          expect(read.map((one) => one.map((value) => value + 0))).to.deep.equal(
            vectors.map((one) => one.map((value) => value + 0)), // JSON knows no -0
          );
        }
      }),
    );
  });

  it("are told as OpenAI tells them", () => {
    const vectors = [Float32Array.of(1, 0.5)];
    expect(embeddingsResponse({ model: "m", vectors, promptTokens: 3, encodingFormat: "float" })).to.deep.equal({
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [1, 0.5] }],
      model: "m",
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    expect(encodeVector(Float32Array.of(1))).to.equal("AACAPw==");
  });

  it("are refused as anything else", () => {
    for (const bad of ["AA==", "?", null, {}, ["1"], undefined]) {
      expect(() => decodeVector(bad), JSON.stringify(bad))
        .to.throw()
        .with.property("code", "INVALID_DATA");
    }
  });
});
