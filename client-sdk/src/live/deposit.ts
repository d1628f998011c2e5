import { type Address, erc20Abi, type Hex } from "viem";
import { bytesToHex } from "viem/utils";
import type { ReadClient } from "../actions/internal/clients.ts";
import { readAny } from "../actions/internal/transact.ts";
import type { ChannelConfig } from "../protocol/x402.ts";
import type { DepositPayload } from "../protocol/x402-wire.ts";
import { LiveError } from "./live-error.ts";
import type { Offer } from "./offer.ts";
import type { Fate } from "./routing.ts";
import type { PaymentSigner } from "./wallet.ts";

/** A deposit into a channel that its payer has signed. Whoever has it may bring it on chain, once. */
export interface SignedDeposit {
  /** Token units. */
  readonly amount: bigint;
  /** After this it cannot be brought on chain. Unix milliseconds. */
  readonly until: number;
  /** As a payment carries it. */
  readonly payload: DepositPayload["deposit"];
}

/** A deposit that was signed ahead of the call that takes it along. */
export interface TopUp {
  readonly provider: Address;
  readonly channelId: Hex;
  /** Token units. */
  readonly amount: bigint;
  /** Without a call until then it is void, and nothing was spent. Unix seconds. */
  readonly until: number;
}

/** What signs deposits. */
export interface DepositParameters {
  readonly signer: PaymentSigner;
  readonly client: ReadClient;
  readonly chainId: number;
  readonly fate: Fate;
}

/** Seconds for which a deposit may be brought on chain that goes with the call for which it is signed. */
export const DEPOSIT_SECONDS = 300;

/** How long a deposit that was signed ahead waits for its call. */
export const TOP_UP_SECONDS = 900;

/**
 * Has the wallet sign a deposit: an ERC-3009 authorization for the collector of x402's channels.
 *
 * @param seconds For which it may be brought on chain.
 * @throws LiveError `TOKEN_BALANCE_LOW` before the wallet is asked; `WALLET_...` and `CHAIN_MISMATCH` as the signer does.
 */
export async function signDeposit(
  { live }: Pick<Offer, "live">,
  { id, config, amount, seconds }: { id: Hex; config: ChannelConfig; amount: bigint; seconds: number },
  { signer, client, chainId, fate }: DepositParameters,
): Promise<SignedDeposit> {
  await requireTokens(client, config, amount);
  const salt = bytesToHex(globalThis.crypto.getRandomValues(new Uint8Array(32)));
  const until = Math.floor(fate.now() / 1_000) + seconds;
  const { asset, assetName, assetVersion } = live;
  const times = { validAfter: 0n, validBefore: BigInt(until) };
  const signature = await signer.signDeposit({
    token: { chainId, asset, assetName, assetVersion },
    deposit: { channelId: id, payer: config.payer, amount, ...times, salt: BigInt(salt) },
  });
  const erc3009Authorization = { validAfter: "0", validBefore: until.toString(), salt, signature };
  const payload = { amount: amount.toString(), authorization: { erc3009Authorization } };
  return { amount, until: until * 1_000, payload };
}

/** Spares the wallet's owner a signature that no chain would take. Where the chain does not say, the provider will. */
async function requireTokens(client: ReadClient, { payer, token }: ChannelConfig, amount: bigint): Promise<void> {
  const call = { address: token, abi: erc20Abi, functionName: "balanceOf", args: [payer] };
  const balance = await readAny(client, call).catch(() => undefined);
  if (typeof balance === "bigint" && balance < amount) {
    const sentence = `The wallet has ${balance} units of the token, and the deposit takes ${amount}: get ${amount - balance} more.`;
    const details = { token, account: payer, balance, amount };
    throw new LiveError("TOKEN_BALANCE_LOW", sentence, { details });
  }
}
