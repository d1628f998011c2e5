import { expect } from "chai";
import { zeroHash } from "viem";
import { NodeError } from "../errors.ts";
import { Meter } from "../meter.ts";
import type { Engine, Generated, GenerateOptions } from "./engine.ts";
import { createProver, meterEngine, observeEngine } from "./observe.ts";

const ONE_TOKEN: Generated = {
  output: { finishReason: "length", promptTokens: 1, text: "a", tokens: [1] },
  trace: new Uint8Array(),
};
const HELLO = { messages: [{ role: "user", content: "hello" }] } as const;

/** An engine of which only the writing is of interest. */
function engineThat(write: (options: GenerateOptions) => Promise<Generated>): Engine {
  const model = {
    id: zeroHash,
    name: "toy",
    contextLength: 8,
    vocabulary: 2,
    defaults: { maxTokens: 1, temperature: 0 },
  };
  return { model, generate: (_, options) => write(options) } as Partial<Engine> as Engine;
}

describe("whether engines are ready", () => {
  it("is proved by a real token, which is asked for once, and not again while tokens come", async () => {
    let asked = 0;
    const engine = observeEngine(
      engineThat(() => {
        asked += 1;
        return Promise.resolve(ONE_TOKEN);
      }),
      () => {},
    );
    const prove = createProver([engine]);
    const [one, other] = await Promise.all([prove(), prove()]);
    expect([one.size, other.size, asked]).to.deep.equal([0, 0, 1]);
    await prove();
    expect(asked).to.equal(1);
  });

  it("is denied by the failure of the last one, until one goes well", async () => {
    let isBroken = true;
    const write = () =>
      isBroken ? Promise.reject(new NodeError("ENGINE_FAILED", "It is on fire.")) : Promise.resolve(ONE_TOKEN);
    const engine = observeEngine(engineThat(write), () => {});
    const prove = createProver([engine]);
    expect([...(await prove())]).to.deep.equal([["toy", "It is on fire."]]);
    isBroken = false;
    expect((await prove()).size).to.equal(0);
  });

  it("is not denied by an engine that is busy, and writes", async () => {
    const engine = observeEngine(
      engineThat(async ({ signal, onToken }) => {
        onToken?.(1);
        await Promise.resolve();
        signal.throwIfAborted();
        return ONE_TOKEN;
      }),
      () => {},
    );
    const stopped = engine.generate(HELLO, { seed: zeroHash, signal: AbortSignal.abort(new Error("stop")) });
    expect(await stopped.catch((error: Error) => error.message)).to.equal("stop");
    expect(engine.problem()).to.equal(undefined);
    expect((await createProver([engine])()).size).to.equal(0);
  });
});

describe("an engine with a meter", () => {
  const THREE_TOKENS: Generated = {
    output: { finishReason: "length", promptTokens: 1, text: "abc", tokens: [1, 2, 3] },
    trace: new Uint8Array(),
  };
  const writing = (generated: Generated) =>
    engineThat(async ({ onToken }) => {
      onToken?.(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return generated;
    });
  const measuredBy = async (generated: Generated) => {
    const meter = new Meter(() => 1_000);
    const told: number[] = [];
    const signal = new AbortController().signal;
    const onToken = (tokens: number) => void told.push(tokens);
    await meterEngine(writing(generated), meter).generate(HELLO, { seed: zeroHash, signal, onToken });
    return { measured: meter.of(zeroHash), told };
  };

  it("has whole answers measured, and tells of each token all the same", async () => {
    const { measured, told } = await measuredBy(THREE_TOKENS);
    expect(measured).to.include({ calls: 1, since: 1_000 });
    expect(told).to.deep.equal([1]);
  });

  it("leaves out answers that were cut, and failures", async () => {
    expect((await measuredBy({ ...THREE_TOKENS, wasCut: true })).measured).to.equal(undefined);
    const failure = { output: { error: { code: "PROMPT_TOO_LONG", message: "no" } } };
    expect((await measuredBy({ ...failure, trace: new Uint8Array() } as Generated)).measured).to.equal(undefined);
  });
});
