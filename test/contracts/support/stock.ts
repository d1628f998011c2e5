import type { Network, PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { toClientEvmSigner, toFacilitatorEvmSigner } from "@x402/evm";
import { createPublicClient, createWalletClient, custom, publicActions } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { DAY } from "./channels.ts";
import type { World } from "./world.ts";

/** The development accounts of a world's people, by their place among its signers. */
export const PAYER = 1;
export const RECEIVER = 2;
export const AUTHORIZER = 3;
const RELAY = 9;

const NETWORK: Network = `eip155:${hardhat.id}`;

/** The key of a person of the world, as viem has it. */
export function keyOf(index: number) {
  return mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex: index });
}

/** The payer as a stock client signs and reads. */
export function clientSigner({ chain }: World) {
  return toClientEvmSigner(keyOf(PAYER), createPublicClient({ chain: hardhat, transport: custom(chain.provider) }));
}

/** Who brings payments to the chain as a stock facilitator does. */
export function relaySigner({ chain }: World) {
  const account = keyOf(RELAY);
  const client = createWalletClient({
    account,
    chain: hardhat,
    transport: custom(chain.provider),
    pollingInterval: 10,
  });
  return toFacilitatorEvmSigner({ ...client.extend(publicActions), address: account.address } as never);
}

/** What a provider asks for a call. */
export async function requirementsOf({ token }: World, scheme: string, amount: bigint): Promise<PaymentRequirements> {
  const { name, version } = await token.eip712Domain();
  return {
    scheme,
    network: NETWORK,
    asset: await token.getAddress(),
    amount: amount.toString(),
    payTo: keyOf(RECEIVER).address,
    maxTimeoutSeconds: 600,
    extra: { name, version, receiverAuthorizer: keyOf(AUTHORIZER).address, withdrawDelay: DAY },
  };
}

/** A payment as it goes over the wire. */
export function paymentOf(accepted: PaymentRequirements, payload: Record<string, unknown>): PaymentPayload {
  return { x402Version: 2, accepted, payload };
}
