import path from "node:path";
import { z } from "zod";
import { amount, bytes, choice, filePath, flag, integer, type Kind, list, text, url } from "./config-kinds.ts";

/** One model and the fallback's name for it: `storyteller=gpt-5-mini`; `*` stands for any other model. */
const modelPair: Kind<string> = {
  name: "`model=name`",
  schema: z.string().regex(/^[^=\s]+=[^=\s]+$/, "must be model=name, such as storyteller=gpt-5-mini or *=gpt-5-mini"),
};

const MIB = 2 ** 20;

/** The rows of the table of settings that `touchstone gateway` reads. */
export const GATEWAY_SETTINGS = {
  gatewayHost: {
    description:
      "Address that the gateway listens on. Keys are all that guards it: keep it at this machine, or behind TLS.",
    kind: text(),
    standard: "127.0.0.1",
  },
  gatewayPort: { description: "Port of the gateway; 0 takes a free one.", kind: integer(0, 65_535), standard: 4180 },
  gatewayKeystore: {
    description: "Key of the buyer that the gateway pays from: an Ethereum keystore (v3) file.",
    kind: filePath,
    standard: (dataDir: string) => path.join(dataDir, "keys", "buyer.json"),
  },
  gatewayFromBlock: {
    description: "Block of the market's deployment: no event is older. Some RPC servers refuse to look from 0 on.",
    kind: integer(0),
    standard: 0,
  },
  gatewayMaxPricePerCall: {
    description: "Most that one call of the gateway may cost, whatever it asks for.",
    kind: amount,
    standard: 1_000_000n,
  },
  gatewayMaxPricePerProvider: {
    description: "Most that the gateway spends with one provider, its channel's deposits too.",
    kind: amount,
    standard: 10_000_000n,
  },
  gatewayMaxPriceInAll: {
    description: "Most that the gateway spends on calls, deposits into channels too, since its data folder was begun.",
    kind: amount,
    standard: 100_000_000n,
  },
  gatewayMaxPricePerMillionTokens: {
    description: "Dearest offer, input or output, that the gateway buys calls at; 0: any price.",
    kind: amount,
    standard: 0n,
  },
  gatewayMaxPricePerJob: {
    description: "Most that a job of a batch may cost.",
    kind: amount,
    standard: 100_000_000n,
  },
  gatewayRequireVerified: {
    description: "Whether the gateway buys calls only of models that the court can judge.",
    kind: flag,
    standard: false,
  },
  gatewayRegions: { description: "Regions that the gateway prefers.", kind: list(text()), standard: [] as string[] },
  gatewaySealed: {
    description:
      "Whether prompts leave the gateway only encrypted, to providers that have a key for it; such jobs are never audited at random.",
    kind: flag,
    standard: false,
  },
  gatewayMaxCalls: { description: "Calls under way at once in the gateway.", kind: integer(1), standard: 256 },
  gatewayMaxFileBytes: { description: "Longest file of a batch.", kind: bytes(1024), standard: 100 * MIB },
  gatewayMaxStoreBytes: {
    description: "Most that the files of the gateway may take on disk.",
    kind: bytes(MIB),
    standard: 4096 * MIB,
  },
  gatewayFallbackUrl: {
    description:
      "Hosted endpoint with OpenAI's API, its `/v1` included, for what the market does not offer. Answers are marked.",
    kind: url,
    standard: undefined,
  },
  gatewayFallbackKey: {
    description: "API key of the hosted endpoint.",
    kind: text(1024),
    standard: undefined,
    isSensitive: true,
  },
  gatewayFallbackModels: {
    description: "Models that the hosted endpoint may serve, with its names for them; `*` is any other model.",
    kind: list(modelPair),
    standard: [] as string[],
  },
  gatewayFallbackWhen: {
    description: "When the hosted endpoint is asked: where no offer fits, or also where all providers failed.",
    kind: choice("no-offer", "always-after-failure"),
    standard: "no-offer",
  },
  gatewayFallbackInputPrice: {
    description: "What a million prompt tokens of the hosted endpoint count against the budgets of keys.",
    kind: amount,
    standard: 0n,
  },
  gatewayFallbackOutputPrice: {
    description: "What a million output tokens of the hosted endpoint count against the budgets of keys.",
    kind: amount,
    standard: 0n,
  },
} as const;
