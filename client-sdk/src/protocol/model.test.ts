import { expect } from "chai";
import { InvalidDataError } from "../errors.ts";
import { type ModelManifest, manifestHash, manifestSchema, modelId } from "./model.ts";
import { parseAs } from "./parse-as.ts";

const MANIFEST: ModelManifest = {
  name: "tiny",
  version: "1.0.0",
  architecture: "llama",
  parameters: 1000,
  contextLength: 128,
  quantisation: "F16",
  licence: "MIT",
  artefacts: [{ file: "tiny.gguf", sha256: "ab".repeat(32), bytes: 2000 }],
  engine: { name: "llama.cpp", version: "1" },
  sampler: { kind: "gumbel-max", topK: 64 },
  chatTemplate: "gguf",
  defaults: { maxTokens: 16, temperature: 1 },
};

describe("model ids", () => {
  it("stay what they were", () => {
    expect(manifestHash(MANIFEST)).to.equal("0x5b8d68792d7234f888035a3876031f794f0b1c1e1f88d75cec94bf88530fa982");
    expect(modelId(MANIFEST)).to.equal("0x0bb44fad2314933ed8a311b0186dfbf05a52aa7d4f39f27e2093c39179ad6243");
  });

  it("do not depend on the order of the fields", () => {
    const reversed = Object.fromEntries(Object.entries(MANIFEST).reverse()) as ModelManifest;
    expect(modelId(reversed)).to.equal(modelId(MANIFEST));
  });

  it("depend on every field, known or not, and on the terms of verification", () => {
    const ids = [
      modelId(MANIFEST),
      modelId({ ...MANIFEST, name: "small" }),
      modelId({ ...MANIFEST, note: "new" }),
      modelId({ ...MANIFEST, sampler: { ...MANIFEST.sampler, topK: 65 } }),
      modelId(MANIFEST, { backendClass: "cuda" }),
      modelId(MANIFEST, { tolerances: { l2: 1 } }),
      modelId(MANIFEST, { traceKind: "logits" }),
    ];
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("are the same for a manifest that was read back", () => {
    const read = parseAs(manifestSchema, JSON.parse(JSON.stringify({ ...MANIFEST, note: "new" })), "manifest");
    expect(modelId(read)).to.equal(modelId({ ...MANIFEST, note: "new" }));
  });

  it("are for manifests only: every fault is listed with its place", () => {
    const bad = { ...MANIFEST, contextLength: 0, artefacts: [{ file: "x", sha256: "AB", bytes: 1 }] };
    try {
      parseAs(manifestSchema, bad, "manifest");
      expect.fail("It was taken.");
    } catch (error) {
      expect(error).to.be.instanceOf(InvalidDataError);
      const places = (error as InvalidDataError).issues.map((issue) => issue.split(":")[0]);
      expect(places).to.deep.equal(["contextLength", "artefacts.0.sha256"]);
    }
  });
});
