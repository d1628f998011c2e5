import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type ModelManifest, manifestSchema, modelId, parseAs } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import { NodeError } from "../errors.ts";
import { digestFile } from "./digest.ts";
import { manifestOfGguf } from "./gguf.ts";
import { isUpstreamReference } from "./openai-reference.ts";
import { GREEDY } from "./rules.ts";

/** A model on this machine, its bytes checked against its manifest. */
export interface ResolvedModel {
  readonly manifest: ModelManifest;
  /** `ModelId` on chain. */
  readonly modelId: Hex;
  /** The GGUF file. */
  readonly path: string;
}

export interface ResolveOptions {
  /** Where downloads go, and what is remembered about files. */
  readonly dataDir: string;
  /** Cancels a download. */
  readonly signal?: AbortSignal;
}

const MANIFEST = "manifest.json";

/** Before the name of a model: the same, always by the likeliest token. */
const GREEDY_PREFIX = "greedy:";

/** The model that ships: in the package, and in the workspace where it is made. */
const STORYTELLER_FOLDERS = ["../../models/storyteller", "../../../models/storyteller"];

/**
 * Finds a model by what the settings call it.
 *
 * @param reference `storyteller`; a GGUF file, whose manifest is made from it; a folder with `manifest.json` and the file that
 *   it names; `hf:owner/repo/file.gguf`, which is downloaded first; or `greedy:` before one of these.
 * @throws NodeError `MODEL_UNKNOWN`, `MODEL_MISMATCH`, `MODEL_UNSUPPORTED`, `MODEL_UNAVAILABLE` (retryable)
 */
export async function resolveModel(reference: string, options: ResolveOptions): Promise<ResolvedModel> {
  if (reference === "storyteller") {
    return await fromFolder(storytellerFolder(), options);
  }
  if (reference.startsWith(GREEDY_PREFIX)) {
    return greedy(await resolveModel(reference.slice(GREEDY_PREFIX.length), options));
  }
  if (isUpstreamReference(reference)) {
    const sentence = `${reference} is behind a server; name the model's own file.`;
    throw new NodeError("MODEL_UNSUPPORTED", sentence, { details: { reference } });
  }
  if (reference.startsWith("hf:")) {
    return await fromFile(await download(reference, options), options);
  }
  const found = await stat(reference).catch(() => undefined);
  if (found === undefined) {
    const sentence = `There is no model ${reference}. Name \`storyteller\`, a GGUF file, a folder with ${MANIFEST}, or hf:owner/repo/file.gguf.`;
    throw new NodeError("MODEL_UNKNOWN", sentence, { details: { reference } });
  }
  return found.isDirectory() ? await fromFolder(reference, options) : await fromFile(reference, options);
}

/** The model that always takes the likeliest token, whatever a request says: another model on chain, of the same file. */
function greedy({ manifest, path: file }: ResolvedModel): ResolvedModel {
  const { sampler, defaults } = manifest;
  if (sampler.kind === GREEDY) {
    return resolved(manifest, file);
  }
  const rule = { ...sampler, kind: GREEDY, temperature: 0, topP: 1 };
  const name = `${manifest.name}-greedy`;
  return resolved({ ...manifest, name, sampler: rule, defaults: { ...defaults, temperature: 0 } }, file);
}

async function fromFolder(folder: string, { dataDir }: ResolveOptions): Promise<ResolvedModel> {
  const manifest = await readManifest(path.join(folder, MANIFEST));
  const [artefact, ...others] = manifest.artefacts;
  if (artefact === undefined || others.length > 0 || path.basename(artefact.file) !== artefact.file) {
    throw unsupported(folder, "must name one file beside it");
  }
  const file = path.join(folder, artefact.file);
  if (!existsSync(file)) {
    throw new NodeError("MODEL_UNKNOWN", `${folder} has a manifest but not its file ${artefact.file}; put it there.`);
  }
  const { bytes, sha256 } = await digestFile(file, digestCache(dataDir));
  if (sha256 !== artefact.sha256 || bytes !== artefact.bytes) {
    const sentence = `${file} is not the file of its manifest: get the right file, or write the manifest of this one.`;
    const expected = { sha256: artefact.sha256, bytes: artefact.bytes };
    throw new NodeError("MODEL_MISMATCH", sentence, { details: { file, expected, actual: { sha256, bytes } } });
  }
  return resolved(manifest, file);
}

async function fromFile(file: string, { dataDir }: ResolveOptions): Promise<ResolvedModel> {
  return resolved(await manifestOfGguf(file, await digestFile(file, digestCache(dataDir))), file);
}

async function download(reference: string, { dataDir, signal }: ResolveOptions): Promise<string> {
  const { resolveModelFile } = await import("node-llama-cpp");
  try {
    const directory = path.join(dataDir, "models");
    return await resolveModelFile(reference, { directory, cli: false, ...(signal && { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    const sentence = `${reference} cannot be downloaded. Check the name and the network, or name a GGUF file on this machine.`;
    throw new NodeError("MODEL_UNAVAILABLE", sentence, { cause, details: { reference } });
  }
}

async function readManifest(file: string): Promise<ModelManifest> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new NodeError("MODEL_UNKNOWN", `${file} cannot be read; a model's folder has one.`, { cause });
  }
  let manifest: ModelManifest;
  try {
    manifest = parseAs(manifestSchema, JSON.parse(text), "model manifest");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "it is no JSON";
    throw new NodeError("MODEL_UNSUPPORTED", `${file}: ${reason}`, { cause, details: { file } });
  }
  const { engine, sampler, chatTemplate } = manifest;
  const isSampled = (sampler.kind === "gumbel-max" || sampler.kind === GREEDY) && sampler.topK === 64;
  if (engine.name !== "llama.cpp" || !isSampled || chatTemplate !== "gguf") {
    throw unsupported(file, "must ask for llama.cpp, gumbel-max or greedy of the top 64 and the template in the GGUF");
  }
  return manifest;
}

function resolved(manifest: ModelManifest, file: string): ResolvedModel {
  return { manifest, modelId: modelId(manifest), path: path.resolve(file) };
}

function unsupported(subject: string, sentence: string): NodeError {
  return new NodeError("MODEL_UNSUPPORTED", `The manifest of ${subject} ${sentence}.`, { details: { subject } });
}

function digestCache(dataDir: string): string {
  return path.join(dataDir, "cache", "digests.json");
}

function storytellerFolder(): string {
  const folders = STORYTELLER_FOLDERS.map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
  const found = folders.find((folder) => existsSync(path.join(folder, MANIFEST)));
  if (found === undefined) {
    throw new NodeError("MODEL_UNKNOWN", "The storyteller is not where it ships; install the node again.");
  }
  return found;
}
