import { expect } from "chai";
import { keccak256, stringToBytes } from "viem/utils";
import { InvalidDataError } from "../errors.ts";
import { type ModelManifest, manifestHash, manifestSchema, modelId, modelTerms, termsId } from "./model.ts";
import { parseAs } from "./parse-as.ts";
import { NO_TOLERANCES } from "./tolerances.ts";

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

const TOLERANCES = { marginTolerance: 1, marginThreshold: 2, traceTolerance: 3, traceThreshold: 4, probeTolerance: 5 };
const VERIFICATION = { backendClass: "cpu", traceKind: "top8-int16", tolerances: TOLERANCES } as const;

describe("model ids", () => {
  it("stay what they were", () => {
    expect(manifestHash(MANIFEST)).to.equal("0x5b8d68792d7234f888035a3876031f794f0b1c1e1f88d75cec94bf88530fa982");
    expect(modelId(MANIFEST)).to.equal("0xb835c20cc3d3104e7ec82144bbc38c9b08d46ba3ef28ddab839e245fd92a5609");
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
      modelId({ ...MANIFEST, verification: VERIFICATION }),
      modelId({ ...MANIFEST, verification: { ...VERIFICATION, backendClass: "cuda" } }),
      modelId({ ...MANIFEST, verification: { ...VERIFICATION, tolerances: { ...TOLERANCES, marginThreshold: 3 } } }),
    ];
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("take the terms of verification from the manifest", () => {
    const bare = modelTerms(MANIFEST);
    expect(bare.tolerances).to.deep.equal(NO_TOLERANCES);
    expect(bare.backendClass).to.equal(keccak256(stringToBytes("any")));
    expect(bare.traceKind).to.equal(keccak256(stringToBytes("none")));
    const manifest = { ...MANIFEST, verification: VERIFICATION };
    const terms = modelTerms(manifest);
    expect(terms.tolerances).to.deep.equal(TOLERANCES);
    expect(terms.backendClass).to.equal(keccak256(stringToBytes("cpu")));
    expect(terms.traceKind).to.equal(keccak256(stringToBytes("top8-int16")));
    expect(termsId(terms)).to.equal(modelId(manifest));
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
