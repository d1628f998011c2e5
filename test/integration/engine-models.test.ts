import { copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type ModelManifest, modelId } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type ResolvedModel, resolveModel } from "../../provider-node/src/engine/models.ts";
import { NodeError } from "../../provider-node/src/errors.ts";

const SHIPPED = path.resolve(import.meta.dirname, "../../models/storyteller");

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof NodeError ? error.code : undefined;
}

describe("finding models", () => {
  let dataDir: string;
  let folder: string;
  let manifest: ModelManifest & { artefacts: { file: string }[] };
  let file: string;
  const resolve = (reference: string): Promise<ResolvedModel> => resolveModel(reference, { dataDir });
  const writeManifest = (change: object) =>
    writeFile(path.join(folder, "manifest.json"), JSON.stringify({ ...manifest, ...change }));

  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-models-"));
    folder = path.join(dataDir, "copy");
    manifest = JSON.parse(await readFile(path.join(SHIPPED, "manifest.json"), "utf8"));
    file = path.join(folder, manifest.artefacts[0]!.file);
    await mkdir(folder);
    await copyFile(path.join(SHIPPED, manifest.artefacts[0]!.file), file);
    await writeManifest({});
  });

  afterEach(() => rm(dataDir, { recursive: true }));

  it("finds the model that ships, by name and by folder, under one id", async () => {
    const byName = await resolve("storyteller");
    expect(byName.modelId).to.equal(modelId(manifest));
    expect((await resolve(folder)).modelId).to.equal(byName.modelId);
    expect(byName.path).to.equal(path.join(SHIPPED, manifest.artefacts[0]!.file));
  });

  it("makes the manifest of a bare file from its bytes alone, not from its name", async () => {
    const renamed = path.join(dataDir, "another name.gguf");
    await copyFile(file, renamed);
    const [one, other] = [await resolve(file), await resolve(renamed)];
    expect(other.modelId).to.equal(one.modelId);
    expect(one.manifest).to.include({ architecture: "llama", quantisation: "F16", contextLength: 2048 });
    expect(one.manifest.parameters).to.equal(manifest.parameters);
    expect(one.manifest.artefacts[0]?.sha256).to.equal(manifest.artefacts[0]?.sha256);
  });

  it("refuses a file that is not the one of its manifest, also when it changed after it was checked", async () => {
    await resolve(folder);
    const bytes = await readFile(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(file, bytes);
    await utimes(file, 1, 1);
    expect(await codeOf(resolve(folder))).to.equal("MODEL_MISMATCH");
  });

  it("remembers the hash of a file that did not change", async () => {
    await resolve(folder);
    const memory = path.join(dataDir, "cache", "digests.json");
    const remembered = JSON.parse(await readFile(memory, "utf8"));
    remembered[file].sha256 = "0".repeat(64);
    await writeFile(memory, JSON.stringify(remembered));
    expect(await codeOf(resolve(folder))).to.equal("MODEL_MISMATCH");
    await writeFile(memory, "spoilt");
    expect((await resolve(folder)).manifest).to.deep.equal(manifest);
  });

  it("knows the same file as another model where it is always greedy", async () => {
    const [usual, greedy] = [await resolve(folder), await resolve(`greedy:${folder}`)];
    expect(greedy.modelId).to.not.equal(usual.modelId);
    expect(greedy.path).to.equal(usual.path);
    expect(greedy.manifest.verification).to.deep.equal(usual.manifest.verification);
    expect(greedy.manifest.defaults.temperature).to.equal(0);
    await writeManifest(greedy.manifest);
    expect((await resolve(folder)).modelId).to.equal(greedy.modelId);
    expect((await resolve(`greedy:${folder}`)).modelId).to.equal(greedy.modelId);
  });

  it("has no file of a model behind a server", async () => {
    expect(await codeOf(resolve("openai:http://127.0.0.1:8080/v1#a"))).to.equal("MODEL_UNSUPPORTED");
  });

  it("refuses names that lead nowhere", async () => {
    expect(await codeOf(resolve("gpt-9"))).to.equal("MODEL_UNKNOWN");
    await rm(file);
    expect(await codeOf(resolve(folder))).to.equal("MODEL_UNKNOWN");
    await rm(path.join(folder, "manifest.json"));
    expect(await codeOf(resolve(folder))).to.equal("MODEL_UNKNOWN");
  });

  it("refuses manifests that it cannot keep", async () => {
    for (const change of [
      { artefacts: [{ ...manifest.artefacts[0], file: "../copy/storyteller-f16.gguf" }] },
      { artefacts: [manifest.artefacts[0], manifest.artefacts[0]] },
      { engine: { name: "vllm", version: "1" } },
      { sampler: { kind: "multinomial", topK: 64 } },
      { chatTemplate: "chatml" },
      { parameters: -1 },
    ]) {
      await writeManifest(change);
      expect(await codeOf(resolve(folder)), JSON.stringify(change)).to.equal("MODEL_UNSUPPORTED");
    }
    await writeFile(path.join(folder, "manifest.json"), "{");
    expect(await codeOf(resolve(folder))).to.equal("MODEL_UNSUPPORTED");
  });

  it("refuses a file that is no GGUF", async () => {
    await writeFile(path.join(dataDir, "text.gguf"), "once upon a time");
    expect(await codeOf(resolve(path.join(dataDir, "text.gguf")))).to.equal("MODEL_UNSUPPORTED");
  });
});
