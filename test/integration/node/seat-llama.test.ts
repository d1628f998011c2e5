import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { encodeRequest, manifestSchema, modelTerms } from "@touchstone/sdk/protocol";
import { type LoadedEngines, loadEngines } from "../../../provider-node/src/engine/load.ts";
import { silentLogger } from "../../../provider-node/src/logger.ts";
import { verifiedStoryteller } from "../support/verified-model.ts";
import { TRIAL_MS, Trial } from "./support/trial.ts";

describe("seats with the model that ships", function () {
  this.timeout(TRIAL_MS);
  let folder: string;
  let loaded: LoadedEngines;
  let trial: Trial;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-seats-"));
    const model = await verifiedStoryteller(folder);
    const settings = { models: [model], gpu: "cpu", threads: 1, contextSequences: 2 } as const;
    loaded = await loadEngines({ ...settings, dataDir: folder }, silentLogger);
    const manifest = manifestSchema.parse(JSON.parse(await readFile(path.join(model, "manifest.json"), "utf8")));
    trial = await Trial.start(loaded.engines[0]!, modelTerms(manifest));
  });

  after(async () => {
    await trial?.close();
    await loaded?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("acquit a provider that runs it: its stories, written token by token, stand in one pass over them", async () => {
    const requests = ["a brave fox and a lost key", "a clock that ran backwards"].map((subject) =>
      encodeRequest({ messages: [{ role: "user", content: `Tell a story about ${subject}.` }], maxTokens: 60 }),
    );
    const { job, drawn } = await trial.open(requests);
    await trial.seat(drawn);
    await trial.expectAcquitted(job);
  });
});
