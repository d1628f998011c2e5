/// <reference lib="esnext.float16" />
import { expect } from "chai";
import { quantiseQ4, quantiseQ8 } from "./quantise.ts";
import { normals } from "./random-model.ts";

const scaleOf = (bytes: Uint8Array) => new DataView(bytes.buffer).getFloat16(0, true);

describe("quantisation", () => {
  const draw = normals(1);
  const weights = Float16Array.from({ length: 32 }, draw);
  const largest = Math.max(...weights.map(Math.abs));

  it("to Q8_0 keeps every weight to half a step of 1/127 of the largest", () => {
    const bytes = quantiseQ8(weights);
    const back = Array.from(new Int8Array(bytes.buffer, 2), (level) => level * scaleOf(bytes));
    expect(bytes).to.have.length(34);
    expect(Math.max(...back.map((value, index) => Math.abs(value - (weights[index] ?? 0))))).to.be.below(largest / 250);
  });

  it("to Q4_0 keeps every weight to a step of 1/8 of the largest, and the largest itself", () => {
    const bytes = quantiseQ4(weights);
    const scale = scaleOf(bytes);
    const nibbles = [...bytes.subarray(2)];
    const levels = [...nibbles.map((byte) => byte & 15), ...nibbles.map((byte) => byte >> 4)];
    const back = levels.map((level) => (level - 8) * scale);
    expect(bytes).to.have.length(18);
    const errors = back.map((value, index) => Math.abs(value - (weights[index] ?? 0)));
    expect(Math.max(...errors)).to.be.below(largest / 7.9);
    expect(errors[weights.findIndex((weight) => Math.abs(weight) === largest)]).to.be.below(largest / 500);
  });

  it("of a block of zeros is zeros", () => {
    expect([...quantiseQ8(new Float16Array(32))]).to.deep.equal(Array(34).fill(0));
    expect(scaleOf(quantiseQ4(new Float16Array(32)))).to.equal(0);
  });
});
