import { existsSync } from "node:fs";
import { RECEIPT_PENALTY_FACTOR } from "@touchstone/sdk/protocol";
import type { Address } from "viem";
import { courtOf } from "../chain/court.ts";
import { SettlementReader } from "../chain/settlement.ts";
import type { Config } from "../config.ts";
import { isPrivateFile } from "../keystore.ts";
import { loadSealKeys, sealKeysFile } from "../seal-keys.ts";
import { reachOf } from "./bond-reach.ts";
import { checkClaimGas, checkClaimValue } from "./check-claims.ts";
import { type Finding, ok, problem, warning } from "./findings.ts";
import { chainClient, type MarketClient, type MarketToken, readToken, showAmount } from "./market.ts";

/** What people say of the surroundings, and who signs. */
export interface LiveFacts {
  readonly operator: Address | undefined;
  /** What a unit of the chain's own currency costs, in tokens of the market, such as `3000`. */
  readonly coinPrice: string | undefined;
}

/** Whether the chain has what live calls are paid through, and how their money and their surety stand. */
export async function checkLive(
  client: MarketClient,
  config: Config,
  { operator, coinPrice }: LiveFacts,
): Promise<Finding[]> {
  if (!config.live) {
    return [ok("live calls", "not sold: `live` is false")];
  }
  const channels = await checkChannels(config);
  if (channels.state !== "ok") {
    return [channels];
  }
  const token = await readToken(client, config.market);
  return [
    channels,
    await checkBond(client, config, token),
    checkDelay(config),
    await checkSealKeys(config),
    await checkClaimValue(client, config, token, coinPrice),
    ...(operator === undefined ? [] : [await checkClaimGas(client, operator)]),
  ];
}

async function checkChannels(config: Config): Promise<Finding> {
  const reader = new SettlementReader(chainClient(config), config.confirmations);
  if (!(await reader.isDeployed())) {
    const message = "this chain has no payment channels (x402 batch-settlement): the node sells jobs only";
    return warning("live calls", message, "Choose a market on a chain that has them, or set `live` to false.");
  }
  try {
    const { assetName, assetVersion } = await reader.tokenOf(config.market);
    return ok("live calls", `sold, paid in ${assetName} (version ${assetVersion}) through payment channels`);
  } catch {
    const message = "the market's token has no version, so no ERC-3009 either: nobody can pay it into a channel";
    return warning("live calls", message, "Choose a market in another token, or set `live` to false.");
  }
}

async function checkBond(client: MarketClient, config: Config, token: MarketToken): Promise<Finding> {
  const mend = "touchstone bond post <amount>, with the provider's own key";
  if ((await courtOf(client, config.market)) === undefined) {
    const message = "the market has no court, so there are no bonds: only buyers who ask for none buy calls";
    return warning("live bond", message, "Nothing, if that is meant; or choose a market with a court.");
  }
  const [bond, { minBond }] = await Promise.all([
    client.getBond({ provider: config.provider }),
    client.getCourtParameters(),
  ]);
  const { counted, perCall, outputTokens, coversExample } = reachOf(bond, config);
  const size = outputTokens === undefined ? "" : `, some ${outputTokens} tokens of output`;
  const reach = `buyers usually ask for ${RECEIPT_PENALTY_FACTOR} times a call's price, so it sells calls of up to ${showAmount(perCall, token)}${size}`;
  if (counted < minBond) {
    const message = `${showAmount(counted, token)} counts, and the court takes ${showAmount(minBond, token)} for a false receipt; ${reach}`;
    return warning("live bond", message, mend);
  }
  const message = `${showAmount(counted, token)}; ${reach}`;
  return coversExample ? ok("live bond", message) : warning("live bond", `${message}: less than a short chat`, mend);
}

/** What buyers' wallets accept at most unless told otherwise; `maxWithdrawDelay` of the SDK. */
const USUAL_DELAY_SECONDS = 7 * 86_400;
const HOUR_SECONDS = 3_600;

function checkDelay({ withdrawDelaySeconds: delay, claimAgeSeconds: age }: Config): Finding {
  const hours = (seconds: number) => `${Math.round((10 * seconds) / HOUR_SECONDS) / 10} hours`;
  const message = `who takes money out of a channel waits ${hours(delay)}; charges are claimed after ${hours(age)} at most`;
  if (delay > USUAL_DELAY_SECONDS) {
    const mend = "Lower `withdrawDelaySeconds`: unless told otherwise, buyers open no channel of more than seven days.";
    return warning("withdrawals", message, mend);
  }
  return ok("withdrawals", `${message}. A node that is down for longer can lose what it has not claimed`);
}

async function checkSealKeys({ dataDir }: Config): Promise<Finding> {
  const file = sealKeysFile(dataDir);
  if (!existsSync(file)) {
    return ok("encryption key", `made at the first start, in ${file}`);
  }
  try {
    await loadSealKeys(dataDir);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return problem("encryption key", message, "Bring the file back, or remove it and publish the card again.");
  }
  return (await isPrivateFile(file))
    ? ok("encryption key", file)
    : warning("encryption key", `others can read ${file}`, `chmod 600 ${file}`);
}
