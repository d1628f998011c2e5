import { priceOf } from "@touchstone/sdk/protocol";
import { type Address, formatEther } from "viem";
import type { Config } from "../config.ts";
import { type Finding, ok, warning } from "./findings.ts";
import { type MarketClient, type MarketToken, parseAmount, showAmount } from "./market.ts";
import { EXAMPLE_CALL } from "./pricing.ts";

/** Gas of what the node sends for calls, with room: one channel claimed and paid out, a deposit, an exact payment. */
const GAS = { claimValue: 150_000n, minDeposit: 130_000n, minExactPayment: 90_000n } as const;
const CLAIMS_TO_AFFORD = 10n;
/** Wei in a unit of a chain's own currency. */
const COIN = 10n ** 18n;

type Limit = keyof typeof GAS;

/**
 * Whether what calls bring is worth the gas that it costs to get. A chain does not know what its currency costs in tokens:
 * without `coinPrice` people are told up to which price it is.
 */
export async function checkClaimValue(
  client: MarketClient,
  config: Config,
  token: MarketToken,
  coinPrice: string | undefined,
): Promise<Finding> {
  const gasPrice = (await client.getGasPrice()) || 1n;
  const call = priceOf(config, EXAMPLE_CALL);
  const size = call === 0n ? "calls cost nothing" : `${config.claimValue / call} short chats`;
  const value = `a channel is claimed at ${showAmount(config.claimValue, token)} (${size})`;
  if (coinPrice === undefined) {
    const worth = (config.claimValue * COIN) / (GAS.claimValue * gasPrice);
    const message = `${value}, which pays its gas while the chain's currency costs less than ${showAmount(worth, token)}`;
    return ok("claims", `${message}; compare by --coin-price`);
  }
  const price = parseAmount(coinPrice, token);
  const costOf = (name: Limit) => (GAS[name] * gasPrice * price) / COIN + 1n;
  const losing = (Object.keys(GAS) as Limit[]).filter((name) => config[name] < costOf(name));
  if (losing.length > 0 || call === 0n) {
    const wants = losing.map((name) => `\`${name}\` to ${costOf(name)} or more`).join(", ");
    const mend = wants === "" ? "Set prices: touchstone pricing." : `Raise ${wants} (token units).`;
    return warning("claims", `${value}; a claim costs ${showAmount(costOf("claimValue"), token)} of gas`, mend);
  }
  return ok("claims", `${value}; a claim costs ${showAmount(costOf("claimValue"), token)} of gas`);
}

/** Whether the operator can pay for some claims. */
export async function checkClaimGas(client: MarketClient, operator: Address): Promise<Finding> {
  const [balance, gasPrice] = await Promise.all([client.getBalance({ address: operator }), client.getGasPrice()]);
  const claims = balance / (GAS.claimValue * (gasPrice || 1n));
  const message = `${formatEther(balance)} of the chain's currency: about ${claims} claims`;
  return claims < CLAIMS_TO_AFFORD
    ? warning("gas for claims", message, `Send ${operator} more: what calls brought is claimed with its gas.`)
    : ok("gas for claims", message);
}
