import { type Address, getAddress } from "viem";
import { signTypedData } from "viem/actions";
import type { InvalidDataError } from "../errors.ts";
import {
  instructionTypedData,
  type OwnerAction,
  pricesToWire,
  type SignedInstruction,
  signedInstructionSchema,
} from "../protocol/instruction.ts";
import { parseAs } from "../protocol/parse-as.ts";
import type { Pricing } from "../protocol/price.ts";
import { chainIdOf, type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { chainCall, type ReadErrorType } from "./internal/transact.ts";

export type SignInstructionParameters = OnMarket & {
  /** Default: the caller. An operator key names the provider that it acts for. */
  readonly provider?: Address | undefined;
  /** Default: now. Unix seconds; the node's clock must agree to within minutes. */
  readonly issuedAt?: number | undefined;
} & (
    | {
        readonly action: "prices";
        /** From now on, for new jobs and calls. Token units. */
        readonly prices: Pricing;
      }
    | { readonly action: Exclude<OwnerAction, "prices"> }
  );

/** What travels to the node. */
export type SignInstructionReturnType = SignedInstruction;

export type SignInstructionErrorType = ReadErrorType | InvalidDataError;

/**
 * Tells a node of the caller to change its prices, to take no new work, or to take work again: no transaction, no gas.
 * The signer is the provider or a valid operator key of it. The node takes it within ten minutes, and once.
 *
 * @example
 * const instruction = await provider.signInstruction({ action: "drain" });
 * const { drained } = await provider.sendInstruction({ url: node, instruction });
 */
export async function signInstruction(
  client: WriteClient,
  parameters: SignInstructionParameters,
): Promise<SignInstructionReturnType> {
  const account = requireAccount(client);
  const { market, action, provider = account.address, issuedAt = Math.floor(Date.now() / 1000) } = parameters;
  const prices = parameters.action === "prices" ? { prices: pricesToWire(parameters.prices) } : {};
  const unsigned = {
    instruction: { provider: getAddress(provider), action, ...prices, issuedAt },
    signer: getAddress(account.address),
    signature: "0x",
  };
  const signed = parseAs(signedInstructionSchema, unsigned, "owner's instruction"); // Before a wallet is asked.
  const chainId = await chainIdOf(client);
  const typedData = instructionTypedData({ chainId, market, instruction: signed.instruction });
  const signature = await chainCall("signTypedData", () => signTypedData(client, { ...typedData, account }));
  return { ...signed, signature };
}
