import * as z from "zod";
import { addressField, amountField, hashField, uintField } from "./fields.ts";

/** The `type` of an ERC-8004 registration file. */
export const CARD_TYPE = "https://eips.ethereum.org/EIPS/eip-8004#registration-v1";

/** The name under which a card lists the node's address among its services. */
export const CARD_SERVICE = "touchstone";

/** How fast a model was for buyers of this node, as the node measured it: moving averages, in which newer calls count more. */
export const cardMeasuredSchema = z.looseObject({
  /** From the begin of the work to the first piece of the answer, without the time in line; of streamed and whole calls. */
  firstTokenMs: z.number().nonnegative().optional(),
  /** Of one generation, after its first token. */
  tokensPerSecond: z.number().nonnegative(),
  /** Generations behind the averages: live calls and items of jobs. */
  calls: z.int().positive(),
  /** When the measuring began. Unix seconds. */
  since: uintField(40),
});
export type CardMeasured = z.infer<typeof cardMeasuredSchema>;

/** A model on offer. Prices in token units. */
export const cardModelSchema = z.looseObject({
  /** `ModelId` on chain. */
  id: hashField,
  /** What buyers ask for. */
  name: z.string().min(1),
  pricePerItem: amountField,
  pricePerMillionInputTokens: amountField,
  pricePerMillionOutputTokens: amountField,
  /** Tokens of prompt and output together. */
  contextLength: z.int().positive(),
  /** What requests may write that set no `max_tokens`: so a buyer knows what a call is reserved. */
  defaultMaxTokens: z.int().positive().optional(),
  /** Whether it answers chats, or makes embeddings. Default: chats. */
  kind: z.enum(["chat", "embedding"]).optional(),
  /**
   * What answers: `llama.cpp`; `openai` for a server behind that API, which tells no token ids and which no court judges;
   * `openai-greedy` for one that is held to the likeliest tokens of a known file, and judged.
   */
  engine: z.string().optional(),
  /** Left out before the first call. */
  measured: cardMeasuredSchema.optional(),
});
export type CardModel = z.infer<typeof cardModelSchema>;

/** How live calls are paid: the terms of a channel that the provider takes, so that a buyer's first call is a paid one. */
export const cardLiveSchema = z.looseObject({
  /** CAIP-2. */
  network: z.string().regex(/^eip155:[1-9]\d{0,14}$/, "must be eip155: and a chain id"),
  /** The token, with its EIP-712 name and version. */
  asset: addressField,
  assetName: z.string().min(1),
  assetVersion: z.string().min(1),
  /** Who is paid, and who claims for it: `ChannelConfig`. */
  receiver: addressField,
  receiverAuthorizer: addressField,
  /** Seconds. */
  withdrawDelay: uintField(40),
  /** The least that a channel is opened with, token units. */
  minDeposit: amountField,
  /** Seals requests, see `sealRequest`: base64url of 32 bytes. */
  encryptionKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, "must be base64url of 32 bytes")
    .optional(),
});
export type CardLive = z.infer<typeof cardLiveSchema>;

/** What a provider says of itself: JSON in the shape of an ERC-8004 registration file. */
export const providerCardSchema = z.looseObject({
  type: z.string(),
  name: z.string(),
  description: z.string(),
  /** Whether it takes jobs now. */
  active: z.boolean(),
  /** Whether its services take payments by x402 (ERC-8004). */
  x402Support: z.boolean().optional(),
  services: z.array(z.looseObject({ name: z.string(), endpoint: z.string(), version: z.string().optional() })),
  touchstone: z.looseObject({
    provider: addressField,
    market: addressField,
    chainId: z.int().positive(),
    region: z.string(),
    hardware: z.string(),
    models: z.array(cardModelSchema),
    /** Since when the node runs. Unix seconds. */
    upSince: uintField(40).optional(),
    /** Whether its owner had it take no new work (`OwnerInstruction`); then `active` is false, too. */
    drained: z.boolean().optional(),
    /** Left out where no live calls are sold. */
    live: cardLiveSchema.optional(),
  }),
});
export type ProviderCard = z.infer<typeof providerCardSchema>;

/** The base URL of the node's HTTP routes, or nothing if the card lists none. */
export function cardEndpoint(card: ProviderCard): string | undefined {
  return card.services.find(({ name }) => name === CARD_SERVICE)?.endpoint;
}
