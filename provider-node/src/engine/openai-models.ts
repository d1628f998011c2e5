import type { ModelManifest } from "@touchstone/sdk/protocol";
import { z } from "zod";
import { NodeError } from "../errors.ts";
import type { Upstream } from "./openai-client.ts";

/** Tokens of context where neither server nor settings say. */
const DEFAULT_CONTEXT = 4096;

const size = z.int().positive().optional().catch(undefined);
const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      owned_by: z.string().optional().catch(undefined),
      /** vLLM. */
      max_model_len: size,
      /** llama-server. */
      meta: z.object({ n_ctx: size, n_vocab: size }).nullish().catch(undefined),
    }),
  ),
});

/** A model of a server. */
export interface UpstreamModel {
  readonly name: string;
  /** Tokens of prompt and output together. */
  readonly contextLength: number | undefined;
  readonly vocabulary: number | undefined;
  /** What the server calls itself, such as `llamacpp` or `vllm`. */
  readonly server: string;
}

/** A model and the server that has it. */
export interface UpstreamModelAt {
  readonly upstream: Upstream;
  readonly served: UpstreamModel;
}

/**
 * The model of this name, or the only one.
 *
 * @throws NodeError `MODEL_UNKNOWN`, `ENGINE_UNAVAILABLE` if the server does not list its models.
 */
export async function findUpstreamModel(upstream: Upstream, name: string | undefined): Promise<UpstreamModel> {
  const models = await listModels(upstream);
  const found = name === undefined && models.length === 1 ? models[0] : models.find((model) => model.name === name);
  if (found === undefined) {
    const names = models.map((model) => model.name).join(", ");
    const sentence = `The server at ${upstream.url} does not serve ${name ?? "one model only"}. Name one after #: ${names}.`;
    throw new NodeError("MODEL_UNKNOWN", sentence, { details: { name, names } });
  }
  return found;
}

async function listModels(upstream: Upstream): Promise<UpstreamModel[]> {
  const answer = await upstream.get("/models", new AbortController().signal).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : "";
    const sentence = `The server at ${upstream.url} does not list its models. ${reason} Check the URL, which ends in /v1.`;
    throw new NodeError("ENGINE_UNAVAILABLE", sentence, { cause });
  });
  const { data } = listSchema.safeParse(answer);
  return (data?.data ?? []).map(({ id, owned_by, max_model_len, meta }) => ({
    name: id,
    contextLength: max_model_len ?? meta?.n_ctx,
    vocabulary: meta?.n_vocab,
    server: owned_by ?? "unknown",
  }));
}

/** What a provider says of a model that it only forwards to: its name. Nobody knows which weights answer. */
export function upstreamManifest({ name, contextLength }: UpstreamModel): ModelManifest {
  return {
    name,
    version: "unverified",
    architecture: "unknown",
    parameters: 0,
    contextLength: contextLength ?? DEFAULT_CONTEXT,
    quantisation: "unknown",
    licence: "unknown",
    artefacts: [],
    engine: { name: "openai", version: "1" },
    sampler: { kind: "unknown" },
    chatTemplate: "unknown",
    defaults: { maxTokens: 512, temperature: 1 },
  };
}
