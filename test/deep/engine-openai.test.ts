import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DISTANCE_SCALE, decodeTrace, encodeRequest, modelTerms } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { zeroHash } from "viem";
import type { Engine, EntryCheck } from "../../provider-node/src/engine/engine.ts";
import { type LoadedEngines, loadEngines } from "../../provider-node/src/engine/load.ts";
import { resolveModel } from "../../provider-node/src/engine/models.ts";
import { silentLogger } from "../../provider-node/src/logger.ts";
import { compareServer } from "../../provider-node/src/verify/served-model.ts";
import { storyteller } from "../../scripts/bench/verification/model-files.ts";
import { Trial } from "../integration/node/support/trial.ts";
import { recordServer, type StandIn } from "../integration/support/recording.ts";
import { completed, judged, upstreamTests } from "../integration/support/upstream-suite.ts";
import { installLlamaServer, type LlamaServerHost } from "./support/llama-server.ts";

/** With `RECORD_UPSTREAM=1` the answers go into the fixtures that the integration tests replay. */
const IS_RECORDING = process.env.RECORD_UPSTREAM === "1";
const FIXTURES = path.join(import.meta.dirname, "../integration/fixtures");

const signal = new AbortController().signal;

describe("engines before a real llama-server", () => {
  let host: LlamaServerHost;
  let writing: string;
  let embedding: string;

  before(async () => {
    host = await installLlamaServer();
    [writing, embedding] = await Promise.all([host.start("writing"), host.start("embedding")]);
  });

  after(() => host.close());

  describe("asked as the fixtures are", () => {
    let recordings: StandIn[] = [];

    before(async () => {
      if (IS_RECORDING) {
        recordings = await Promise.all([
          recordServer(writing, path.join(FIXTURES, "llama-server-writing.jsonl")),
          recordServer(embedding, path.join(FIXTURES, "llama-server-embedding.jsonl")),
        ]);
      }
    });

    after(() => Promise.all(recordings.map((recording) => recording.close())));

    upstreamTests(() => ({ writing: recordings[0]?.url ?? writing, embedding: recordings[1]?.url ?? embedding }));
  });

  describe("asked for much", () => {
    let dataDir: string;
    let loaded: LoadedEngines;
    let plain: Engine;
    let greedy: Engine;
    let own: Engine;

    before(async () => {
      dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-upstream-"));
      const models = [`openai:${writing}/v1`, `openai:${writing}/v1#storyteller=storyteller`, "greedy:storyteller"];
      loaded = await loadEngines({ models, gpu: "cpu", threads: 0, contextSequences: 1, dataDir }, silentLogger);
      [plain, greedy, own] = loaded.engines as [Engine, Engine, Engine];
    });

    after(async () => {
      await loaded.close();
      await rm(dataDir, { recursive: true });
    });

    it("leave traces that a judge with the file takes, whatever is asked", async () => {
      const checks: EntryCheck[] = [];
      let same = 0;
      const prompts = ["fox", "duchess", "clockmaker", "whale", "robot", "snail", "queen", "miller"].flatMap((hero) =>
        ["a lost key", "a storm", "a promise", "an old map", "the sea"].map(
          (thing) => `Tell of a ${hero} and ${thing}`,
        ),
      );
      for (const content of prompts) {
        const request = { messages: [{ role: "user", content }], maxTokens: 256 } as const;
        const [{ output, trace }, here] = await Promise.all([
          greedy.generate(request, { seed: zeroHash, signal }),
          own.generate(request, { seed: zeroHash, signal }),
        ]);
        same += completed(output).text === completed(here.output).text ? 1 : 0;
        const claim = { trace: decodeTrace(trace), seed: zeroHash };
        checks.push(...(await own.recheck(request, claim, { lookups: [], signal })).entries);
      }
      const { distance, margin, mismatches, isSame } = judged(checks, own);
      console.log(
        `      ${prompts.length} texts, ${same} the same here; ${checks.length} tokens, ${mismatches} chosen otherwise here; ` +
          `distance ${distance.toFixed(1)}, margin ${margin.toFixed(1)} in units of the tolerances`,
      );
      expect(isSame).to.equal(true);
    });

    it("are told from a server that runs another file, before anybody buys", async () => {
      const { q4, q8 } = await storyteller();
      const same = await compareServer(greedy, own, signal);
      expect(same.isSame).to.equal(true);
      for (const file of [q4, q8]) {
        const url = await host.start("writing", file.path);
        const settings = { gpu: "cpu", threads: 0, contextSequences: 1, dataDir } as const;
        const other = await loadEngines({ ...settings, models: [`openai:${url}/v1#=storyteller`] }, silentLogger);
        const compared = await compareServer(other.engines[0] as Engine, own, signal);
        const [its, right] = [compared, same].map(({ distance }) => (distance * DISTANCE_SCALE).toFixed(1));
        console.log(`      distance ${its} of ${path.basename(file.path)}; ${right} of its own`);
        expect(compared.isSame).to.equal(false);
        await other.close();
      }
    });

    it("are acquitted by a court of seats that load the file", async () => {
      const { manifest } = await resolveModel("greedy:storyteller", { dataDir });
      const trial = await Trial.start(greedy, modelTerms(manifest));
      try {
        const requests = ["a fox and a lost key", "a clock that ran backwards"].map((subject) =>
          encodeRequest({ messages: [{ role: "user", content: `Tell of ${subject}.` }], maxTokens: 60 }),
        );
        const { job, drawn } = await trial.open(requests);
        await trial.seat(drawn, own);
        await trial.expectAcquitted(job);
      } finally {
        await trial.close();
      }
    });

    it("end what the server writes when the reader leaves", async () => {
      const isBusy = async () => {
        const slots = (await (await fetch(`${writing}/slots`)).json()) as { is_processing: boolean }[];
        return slots.some(({ is_processing }) => is_processing);
      };
      const request = { messages: [{ role: "user", content: "Tell a long story" }], maxTokens: 1900 } as const;
      for (const engine of [plain, greedy]) {
        const cut = new AbortController();
        const onToken = (tokens: number) => tokens === 3 && cut.abort();
        const { wasCut } = await engine.generate(request, { seed: zeroHash, signal, cut: cut.signal, onToken });
        expect(wasCut).to.equal(true);
        while (await isBusy()) {
          await sleep(20);
        }
      }
    });
  });
});
