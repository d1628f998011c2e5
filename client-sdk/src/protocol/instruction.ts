import { type Address, type Hex, hashTypedData } from "viem";
import * as z from "zod";
import { addressField, amountField, bytesField, uintField } from "./fields.ts";
import { marketDomain } from "./generated/typed-data.ts";
import type { MarketReference } from "./job.ts";
import type { Pricing } from "./price.ts";

/**
 * What the owner of a provider can tell its node from afar:
 * - `prices`: these hold from now on, whatever the node's settings say;
 * - `reset`: those of the settings hold again;
 * - `drain`: take no new work, and finish what was accepted;
 * - `resume`: take work again.
 */
export const OWNER_ACTIONS = ["prices", "reset", "drain", "resume"] as const;
export type OwnerAction = (typeof OWNER_ACTIONS)[number];

/** An instruction older than this is not taken any more. Seconds. */
export const INSTRUCTION_LIFETIME = 600;

/** How far the clock of who signs may be ahead of the node's. Seconds. */
export const INSTRUCTION_LEAD = 60;

/** What the provider, or an operator key of it, tells its node: EIP-712 typed data, valid once. */
export interface OwnerInstruction {
  readonly provider: Address;
  readonly action: OwnerAction;
  /** Of the action `prices`, and only of that. Token units. */
  readonly prices?: Pricing | undefined;
  /** When it was signed, unix seconds. A node takes none that is not newer than the last. */
  readonly issuedAt: number;
}

/** EIP-712. No contract knows it: the name of the action is readable in the wallet that signs. */
export const ownerInstructionTypes = {
  OwnerInstruction: [
    { name: "provider", type: "address" },
    { name: "action", type: "string" },
    { name: "pricePerItem", type: "uint64" },
    { name: "pricePerMillionInputTokens", type: "uint64" },
    { name: "pricePerMillionOutputTokens", type: "uint64" },
    { name: "issuedAt", type: "uint40" },
  ],
} as const;

const NO_PRICES: Pricing = { pricePerItem: 0n, pricePerMillionInputTokens: 0n, pricePerMillionOutputTokens: 0n };

/** The EIP-712 typed data of an instruction, for `signTypedData`. Prices are zero where the action has none. */
export function instructionTypedData({
  chainId,
  market,
  instruction,
}: MarketReference & { readonly instruction: OwnerInstruction }) {
  const { provider, action, prices = NO_PRICES, issuedAt } = instruction;
  return {
    domain: { ...marketDomain, chainId, verifyingContract: market },
    types: ownerInstructionTypes,
    primaryType: "OwnerInstruction",
    message: {
      provider,
      action,
      pricePerItem: BigInt(prices.pricePerItem),
      pricePerMillionInputTokens: BigInt(prices.pricePerMillionInputTokens),
      pricePerMillionOutputTokens: BigInt(prices.pricePerMillionOutputTokens),
      issuedAt,
    },
  } as const;
}

/** What is signed. */
export function instructionDigest(parameters: MarketReference & { readonly instruction: OwnerInstruction }): Hex {
  return hashTypedData(instructionTypedData(parameters));
}

/** Prices in JSON: decimal strings of token units. */
export const wirePricesSchema = z.strictObject({
  pricePerItem: amountField,
  pricePerMillionInputTokens: amountField,
  pricePerMillionOutputTokens: amountField,
});
export type WirePrices = z.infer<typeof wirePricesSchema>;

const wireInstructionSchema = z
  .strictObject({
    provider: addressField,
    action: z.enum(OWNER_ACTIONS),
    prices: wirePricesSchema.optional(),
    issuedAt: uintField(40),
  })
  .refine(({ action, prices }) => (action === "prices") === (prices !== undefined), {
    path: ["prices"],
    message: "must be there for the action `prices`, and for no other",
  });

/** Body of `POST /owner`. */
export const signedInstructionSchema = z.strictObject({
  instruction: wireInstructionSchema,
  /** The provider, or an operator key of it. */
  signer: addressField,
  /** Over the EIP-712 digest of the instruction; by ERC-1271 where the signer is a contract. */
  signature: bytesField,
});
export type SignedInstruction = z.infer<typeof signedInstructionSchema>;

/** Answer to `POST /owner` and `GET /owner`: on which terms the node works now. */
export const nodeTermsSchema = z.object({
  provider: addressField,
  /** Whether its owner had it take no new work. */
  drained: z.boolean(),
  /** In force. Token units. */
  prices: wirePricesSchema,
  /** Of the node's settings: those in force, unless the owner has set others. */
  settingsPrices: wirePricesSchema,
  /** Of the last instruction that was taken, unix seconds; zero before the first. */
  issuedAt: uintField(40),
});
export type NodeTerms = z.infer<typeof nodeTermsSchema>;

/** The prices behind their JSON. */
export function pricesFromWire(wire: WirePrices) {
  return {
    pricePerItem: BigInt(wire.pricePerItem),
    pricePerMillionInputTokens: BigInt(wire.pricePerMillionInputTokens),
    pricePerMillionOutputTokens: BigInt(wire.pricePerMillionOutputTokens),
  };
}

/** Prices as they travel in JSON. */
export function pricesToWire(prices: Pricing): WirePrices {
  return {
    pricePerItem: prices.pricePerItem.toString(),
    pricePerMillionInputTokens: prices.pricePerMillionInputTokens.toString(),
    pricePerMillionOutputTokens: prices.pricePerMillionOutputTokens.toString(),
  };
}
