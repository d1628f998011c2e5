import { expect } from "chai";
import type { Token } from "node-llama-cpp";
import { createStopRule } from "./stops.ts";

/** A tokenizer of one byte a token. */
const textOf = (tokens: readonly Token[]) => Buffer.from(tokens).toString();
const tokensOf = (text: string) => [...Buffer.from(text)] as Token[];

describe("a stop rule", () => {
  it("is reached once a stop is written in full", () => {
    const rule = createStopRule(["\n\n", "END"], textOf);
    expect(rule.isReached(tokensOf("a story\nEN"))).to.equal(false);
    expect(rule.isReached(tokensOf("a story\nEND"))).to.equal(true);
  });

  it("finds a stop of many bytes a character", () => {
    const rule = createStopRule(["🦊🔑"], textOf);
    expect(rule.isReached(tokensOf(`${"x".repeat(100)}🦊`))).to.equal(false);
    expect(rule.isReached(tokensOf(`${"x".repeat(100)}🦊🔑`))).to.equal(true);
  });

  it("cuts before the stop that comes first", () => {
    const rule = createStopRule(["END", "\n"], textOf);
    expect(rule.cut("one\ntwo END")).to.equal("one");
    expect(rule.cut("one two")).to.equal("one two");
  });

  it("tells after how many tokens it was reached first", () => {
    const rule = createStopRule(["END", "\n"], textOf);
    expect(rule.reachedAfter(tokensOf(`${"x".repeat(50)}END and END\n`))).to.equal(53);
    expect(rule.reachedAfter(tokensOf("nowhere"))).to.equal(undefined);
    expect(createStopRule([], textOf).reachedAfter(tokensOf("END"))).to.equal(undefined);
  });

  it("without stops is never reached and cuts nothing", () => {
    const rule = createStopRule([], textOf);
    expect(rule.isReached(tokensOf("anything"))).to.equal(false);
    expect(rule.cut("anything")).to.equal("anything");
  });

  it("holds back what may become a stop, and what comes after one", () => {
    const rule = createStopRule(["END", "\n\n"], textOf);
    expect(rule.hold("the E")).to.equal("the ");
    expect(rule.hold("the EN")).to.equal("the ");
    expect(rule.hold("the ENT")).to.equal("the ENT");
    expect(rule.hold("one\n")).to.equal("one");
    expect(rule.hold("one END two")).to.equal("one ");
    expect(createStopRule([], textOf).hold("the EN")).to.equal("the EN");
  });
});
