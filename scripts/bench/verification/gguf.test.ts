import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { startBackend } from "../../../provider-node/src/engine/backend.ts";
import { openLlamaEngine } from "../../../provider-node/src/engine/llama.ts";
import { resolveModel } from "../../../provider-node/src/engine/models.ts";
import { silentLogger } from "../../../provider-node/src/logger.ts";
import { GGML, type Gguf, readGguf, writeGguf } from "./gguf.ts";
import { quantiseModel } from "./quantise.ts";
import { randomModel, type Shape } from "./random-model.ts";

const SMALL: Shape = {
  ...{ layers: 2, width: 64, hidden: 128, heads: 2, keyValueHeads: 1 },
  ...{ vocabulary: 400, context: 64 },
};

describe("model files of the bench", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "touchstone-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const stored = (model: Gguf) => {
    const file = path.join(folder, "model.gguf");
    writeGguf(file, model);
    return file;
  };
  const contents = ({ tensors, metadata }: Gguf) => [
    Buffer.from(metadata).toString("hex"),
    tensors.map(({ name, dimensions, type, read }) => [name, dimensions, type, Buffer.from(read()).toString("hex")]),
  ];

  it("come back from the disk as they were written", () => {
    const model = randomModel(SMALL, 1);
    expect(contents(readGguf(stored(model)))).to.deep.equal(contents(model));
  });

  it("are the same for the same seed, and others for another", () => {
    expect(contents(randomModel(SMALL, 1))).to.deep.equal(contents(randomModel(SMALL, 1)));
    expect(contents(randomModel(SMALL, 1))).not.to.deep.equal(contents(randomModel(SMALL, 2)));
  });

  it("hold networks that llama.cpp runs, at full precision and quantised", async () => {
    const llama = await startBackend({ gpu: "cpu", logger: silentLogger });
    try {
      const full = randomModel(SMALL, 1);
      for (const model of [full, quantiseModel(full, GGML.q8_0), quantiseModel(full, GGML.q4_0)]) {
        const resolved = await resolveModel(stored(model), { dataDir: folder });
        const engine = await openLlamaEngine({ llama, model: resolved, threads: 1, sequences: 1 });
        const request = { messages: [{ role: "user", content: "a fox" }], maxTokens: 8 } as const;
        const signal = new AbortController().signal;
        const { output } = await engine.generate(request, { seed: `0x${"07".repeat(32)}`, signal });
        expect(output).to.include({ promptTokens: 6 });
        await engine.close();
      }
    } finally {
      await llama.dispose();
    }
  });
});
