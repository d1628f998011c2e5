import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  encodeOutput,
  encodeRequest,
  type InferenceRequest,
  type ItemClaim,
  isOver,
  modelTerms,
  type Tolerances,
  traceRoot,
  type Word,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Llama } from "node-llama-cpp";
import { keccak256, stringToHex } from "viem";
import { startBackend } from "../../provider-node/src/engine/backend.ts";
import type { Engine } from "../../provider-node/src/engine/engine.ts";
import { openLlamaEngine } from "../../provider-node/src/engine/llama.ts";
import { type ResolvedModel, resolveModel } from "../../provider-node/src/engine/models.ts";
import { silentLogger } from "../../provider-node/src/logger.ts";
import { wordOf } from "../../provider-node/src/verify/word-of.ts";
import { CHEAT_NAMES } from "./cheats.ts";
import { openCheatingEngine } from "./engines.ts";

const { signal } = new AbortController();
const requests = ["brave fox and a lost key", "shy owl and an old lantern", "clever mouse", "proud rooster"].map(
  (subject): InferenceRequest => ({ messages: [{ role: "user", content: `Tell a story about a ${subject}` }] }),
);

describe("engines that cheat", function () {
  this.timeout(120_000);
  let dataDir: string;
  let llama: Llama;
  let ordered: ResolvedModel;
  let honest: Engine;
  let tolerances: Tolerances;

  before(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), "touchstone-cheats-"));
    ordered = await resolveModel("storyteller", { dataDir });
    tolerances = modelTerms(ordered.manifest).tolerances;
    llama = await startBackend({ gpu: "cpu", logger: silentLogger });
    honest = await openLlamaEngine({ llama, model: ordered, threads: 1, sequences: 2 });
  });

  after(async () => {
    await honest.close();
    await llama.dispose();
    await rm(dataDir, { recursive: true });
  });

  /** What an honest seat says of the stories that an engine writes. */
  async function wordOn(engine: Engine): Promise<{ word: Word; faults: readonly string[] }> {
    const claims = requests.map(async (request, index): Promise<ItemClaim> => {
      const seed = keccak256(stringToHex(`item ${index}`));
      const { output, trace } = await engine.generate(request, { seed, signal });
      const bytes = { request: encodeRequest(request), output: encodeOutput(output) };
      return { index, ...bytes, trace, traceRoot: traceRoot(trace), seed };
    });
    const wordSeed = keccak256(stringToHex("case"));
    const { word, faults } = await wordOf(honest, await Promise.all(claims), { wordSeed, signal });
    return { word, faults: faults.map(({ code }) => code) };
  }

  it("are compared with an honest one, which is within all limits", async () => {
    const { word, faults } = await wordOn(honest);
    expect(faults).to.deep.equal([]);
    expect(isOver(word, tolerances)).to.equal(false);
  });

  for (const cheat of CHEAT_NAMES) {
    const isHonestWork = cheat === "withhold";
    it(`by "${cheat}" are ${isHonestWork ? "honest at writing" : "over a limit, and contradict themselves in nothing"}`, async () => {
      const engine = await openCheatingEngine(cheat, { llama, ordered, threads: 1, sequences: 2 });
      try {
        const { word, faults } = await wordOn(engine);
        expect(engine.model).to.deep.equal(honest.model);
        expect(faults).to.deep.equal([]);
        expect(isOver(word, tolerances)).to.equal(!isHonestWork);
      } finally {
        await engine.close();
      }
    });
  }

  it('leave tokens out: those by "truncate" write less than half', async () => {
    const engine = await openCheatingEngine("truncate", { llama, ordered, threads: 1, sequences: 2 });
    const [told, real] = [(await wordOn(engine)).word.tokens, (await wordOn(honest)).word.tokens];
    await engine.close();
    expect(told).to.be.lessThan(real / 2);
  });
});
