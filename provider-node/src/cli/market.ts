import { type ProviderActions, providerActions, type SeatActions, seatActions } from "@touchstone/sdk";
import { marketAbi } from "@touchstone/sdk/protocol";
import {
  type Account,
  type Address,
  createPublicClient,
  createWalletClient,
  erc20Abi,
  fallback,
  formatUnits,
  http,
  type PublicActions,
  type PublicClient,
  parseUnits,
  publicActions,
  type Transport,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Config, Settings } from "../config.ts";
import { requireConfig } from "../config-sources.ts";
import { NodeError } from "../errors.ts";
import { openKeystore } from "../keystore.ts";
import type { Host } from "./host.ts";
import { existingPassword } from "./password.ts";

const TIMEOUT_MS = 10_000;

/** The token that a market is paid in. */
export interface MarketToken {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
}

/** What a provider and a seat do and ask on a market. */
export type MarketClient = ProviderActions & SeatActions & PublicActions;

/** A viem client with what providers and seats do on the market of the settings. */
export function marketClient(
  { rpcUrls, market, pollIntervalMs }: Pick<Config, "rpcUrls" | "market" | "pollIntervalMs">,
  account?: Account,
): MarketClient {
  const base = createWalletClient({
    transport: transportOf(rpcUrls),
    pollingInterval: pollIntervalMs,
    ...(account && { account }),
  });
  return base.extend(publicActions).extend(providerActions({ market })).extend(seatActions({ market }));
}

/** A viem client that only reads. */
export function chainClient({ rpcUrls }: Pick<Config, "rpcUrls">): PublicClient {
  return createPublicClient({ transport: transportOf(rpcUrls) });
}

function transportOf(rpcUrls: readonly string[]): Transport {
  return fallback(rpcUrls.map((url) => http(url, { timeout: TIMEOUT_MS, retryCount: 1 })));
}

/** Reads which token a market is paid in. */
export async function readToken(client: MarketClient, market: Address): Promise<MarketToken> {
  await client.getParameters(); // Tells in a typed way if there is no market.
  const address = await client.readContract({ address: market, abi: marketAbi, functionName: "token" });
  const token = { address, abi: erc20Abi } as const;
  const [symbol, decimals] = await Promise.all([
    client.readContract({ ...token, functionName: "symbol" }),
    client.readContract({ ...token, functionName: "decimals" }),
  ]);
  return { address, symbol, decimals };
}

/** `1500000` of a token with 6 decimals as `1.5 USDC`. */
export function showAmount(amount: bigint, { decimals, symbol }: MarketToken): string {
  return `${formatUnits(amount, decimals)} ${symbol}`;
}

/** `1.5` of a token with 6 decimals as `1500000n`. */
export function parseAmount(text: string, { decimals, symbol }: Pick<MarketToken, "decimals" | "symbol">): bigint {
  if (!/^\d+(\.\d+)?$/.test(text) || (text.split(".")[1] ?? "").length > decimals) {
    throw new NodeError(
      "CONFIG_INVALID",
      `An amount of ${symbol} is a number of at most ${decimals} decimals, not ${text}.`,
    );
  }
  return parseUnits(text, decimals);
}

/** The key of the keystore file. */
export async function openAccount(host: Host, settings: Settings): Promise<Account> {
  return privateKeyToAccount(await openKeystore(settings.keystore, await existingPassword(host, settings)));
}

/** The provider's own account: only it stakes and names operators. */
export async function openProviderAccount(host: Host, settings: Settings): Promise<Account> {
  const { provider, keystore } = requireConfig(settings);
  const account = await openAccount(host, settings);
  if (account.address !== provider) {
    const sentence = `Only the provider's own account ${provider} may do this, and ${keystore} holds ${account.address}. Name its keystore with --keystore, or sign elsewhere what --calldata prints.`;
    throw new NodeError("KEYSTORE_INVALID", sentence, { details: { provider, account: account.address } });
  }
  return account;
}
