import type { Address, Chain, Hash, Hex } from "viem";
import { getCapabilities, sendCalls, waitForCallsStatus, waitForTransactionReceipt } from "viem/actions";
import { ChainError } from "../../errors.ts";
import { asTouchstoneError, hasCode, isWalletRefusal } from "./chain-errors.ts";
import { chainIdOf, requireAccount, type WriteClient } from "./clients.ts";
import type { Transacted } from "./transact.ts";

/** As long as viem waits for one transaction. */
const TIMEOUT_MS = 180_000;

/**
 * What says that a wallet has not what was asked: EIP-1193's unsupported method, JSON-RPC's unknown and unsupported method, and
 * EIP-5792's unsupported capability, chain, size and atomicity.
 */
const UNSUPPORTED: readonly unknown[] = [4200, -32601, -32004, 5700, 5710, 5740, 5760];

/** A call without coins. */
export interface WalletCall {
  readonly to: Address;
  readonly data: Hex;
}

/** Whether a failure says that the wallet has not what was asked, as opposed to one of what it did. */
export function isUnsupported(error: unknown): boolean {
  return !isWalletRefusal(error) && hasCode(error, UNSUPPORTED);
}

/** Whether the wallet does several calls at once or none of them (EIP-5792). Throws `WALLET_REFUSED`. */
export async function batchesCalls(client: WriteClient): Promise<boolean> {
  const account = requireAccount(client);
  if (account.type === "local") {
    return false; // there is no wallet to ask
  }
  try {
    const [chainId, capabilities] = await Promise.all([chainIdOf(client), getCapabilities(client, { account })]);
    const { atomic } = capabilities[chainId] ?? capabilities[0] ?? {};
    return atomic?.status === "supported" || atomic?.status === "ready";
  } catch (error) {
    if (isWalletRefusal(error)) {
      throw asTouchstoneError(error, "wallet_getCapabilities");
    }
    return false;
  }
}

/**
 * Has the wallet do calls all at once, and waits until they are mined.
 *
 * @param onSent Told when the wallet's owner has confirmed.
 * @returns Nothing where the wallet cannot do it after all.
 * @throws ChainError `WALLET_REFUSED`, `TRANSACTION_REVERTED`, `RECEIPT_TIMEOUT`, `EVENT_MISSING`, ...
 */
export async function sendBatch(
  client: WriteClient,
  calls: readonly WalletCall[],
  onSent: () => void,
): Promise<Transacted | undefined> {
  const account = requireAccount(client);
  let id: string;
  try {
    const chain = client.chain ?? ({ id: await chainIdOf(client) } as Chain);
    ({ id } = await sendCalls(client, { account, chain, calls, forceAtomic: true }));
  } catch (error) {
    if (isUnsupported(error)) {
      return undefined;
    }
    throw asTouchstoneError(error, "wallet_sendCalls");
  }
  onSent();
  try {
    const hash = await hashOf(client, id);
    return { hash, receipt: await waitForTransactionReceipt(client, { hash }) };
  } catch (error) {
    throw asTouchstoneError(error, "wallet_getCallsStatus");
  }
}

async function hashOf(client: WriteClient, id: string): Promise<Hash> {
  const { status, statusCode, receipts = [] } = await waitForCallsStatus(client, { id, timeout: TIMEOUT_MS });
  const details = { id, statusCode };
  if (status !== "success") {
    const sentence = `The wallet did not bring the batch through (status ${statusCode}): nothing of it was done.`;
    throw new ChainError("TRANSACTION_REVERTED", sentence, { details });
  }
  const hash = receipts.at(-1)?.transactionHash;
  if (hash === undefined) {
    const sentence = "The wallet says that the batch was done and names no transaction: look at the account's balance.";
    throw new ChainError("EVENT_MISSING", sentence, { details });
  }
  return hash;
}
