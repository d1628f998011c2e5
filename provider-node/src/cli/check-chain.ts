import { marketAbi } from "@touchstone/sdk/protocol";
import { type Address, formatEther } from "viem";
import { courtOf } from "../chain/court.ts";
import type { Config, Settings } from "../config.ts";
import { isPrivateFile, readKeystoreAddress } from "../keystore.ts";
import { checkLive, type LiveFacts } from "./check-live.ts";
import { type Finding, ok, problem, warning } from "./findings.ts";
import { type MarketClient, marketClient, readToken, showAmount } from "./market.ts";

/** Gas of a job from accept to settle, with room: what the gas money is counted in. */
const GAS_OF_JOB = 250_000n;
const JOBS_TO_AFFORD = 10n;
const WEEK_SECONDS = 7 * 86_400;

/** Whether the key file is there, private, and whose it is; nothing is decrypted. */
export async function checkKey({ keystore }: Settings): Promise<{ finding: Finding; address?: Address }> {
  try {
    const address = await readKeystoreAddress(keystore);
    const finding = (await isPrivateFile(keystore))
      ? ok("key", `${address ?? "a key"} in ${keystore}`)
      : warning("key", `others can read ${keystore}`, `chmod 600 ${keystore}`);
    return address === undefined ? { finding } : { finding, address };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { finding: problem("key", message, "touchstone keys new, or touchstone keys import <file>") };
  }
}

/** Whether the chain answers and has the market, and whether provider and operator can work and sell calls there. */
export async function checkMarket(config: Config, facts: LiveFacts): Promise<Finding[]> {
  const { operator } = facts;
  const client = marketClient(config);
  let chainId: number;
  try {
    chainId = await client.getChainId();
  } catch {
    return [problem("chain", "no endpoint of `rpcUrls` answers", "Check `rpcUrls` and the network.")];
  }
  const chain = ok("chain", `chain ${chainId} answers`);
  try {
    await client.getParameters();
  } catch {
    const message = `there is no market at ${config.market} on chain ${chainId}`;
    return [chain, problem("market", message, "Check `market`, and that `rpcUrls` are of its chain.")];
  }
  const market = ok("market", `${config.market}`);
  const keyFindings =
    operator === undefined ? [] : [await checkOperator(client, config, operator), await checkGas(client, operator)];
  const stake = config.serve ? [await checkStake(client, config)] : [];
  const live = config.serve ? await checkLive(client, config, facts) : [];
  const seat = config.seat === undefined ? [] : await checkSeat(client, config, config.seat, operator);
  return [chain, market, ...stake, ...live, ...seat, ...keyFindings];
}

/** Whether the seat has its stake, what a demand needs, and a key that acts for it. */
async function checkSeat(
  client: MarketClient,
  config: Config,
  account: Address,
  operator: Address | undefined,
): Promise<Finding[]> {
  const court = await courtOf(client, config.market);
  if (court === undefined) {
    const mend = "Check `market`, or take `seat` out of the settings.";
    return [problem("seat", `${config.market} has no court, so there are no seats`, mend)];
  }
  const [token, { seat, stake }, { balance }, { seatStake, demandDeposit }] = await Promise.all([
    readToken(client, config.market),
    client.getSeat({ account }),
    client.getAccount({ account }),
    client.getCourtParameters(),
  ]);
  const mayAct =
    operator === undefined ||
    (await client.readContract({ ...isOperator, address: config.market, args: [account, operator] }));
  if (seat === 0 || stake < seatStake) {
    const message = `${account} has ${showAmount(stake, token)} at stake as a seat, the court wants ${showAmount(seatStake, token)}`;
    return [problem("seat", message, "touchstone seat stake <amount>, then touchstone seat join")];
  }
  if (!mayAct) {
    return [
      problem("seat", `${operator} may not act for ${account}`, `touchstone operator set ${operator}, with its key`),
    ];
  }
  const isPoor = balance < demandDeposit;
  const mend = "Deposit a few tokens for the seat's account: without them it cannot demand what a provider withholds.";
  return [isPoor ? warning("seat", "its balance does not cover a demand", mend) : ok("seat", `number ${seat}`)];
}

const isOperator = { abi: marketAbi, functionName: "isOperator" } as const;

async function checkStake(client: MarketClient, { market, provider }: Config): Promise<Finding> {
  const token = await readToken(client, market);
  const [{ stake, capacity }, { minStake }] = await Promise.all([
    client.getAccount({ account: provider }),
    client.getParameters(),
  ]);
  if (stake < minStake) {
    const message = `${provider} has ${showAmount(stake, token)} at stake, the market wants ${showAmount(minStake, token)}`;
    return problem("stake", message, "touchstone stake <amount>, with the provider's own key");
  }
  const message = `${showAmount(stake, token)}, room for jobs of ${showAmount(capacity, token)}`;
  return capacity > 0n ? ok("stake", message) : warning("stake", message, "Stake more, or wait until jobs settle.");
}

async function checkOperator(client: MarketClient, { market, provider }: Config, operator: Address): Promise<Finding> {
  if (operator === provider) {
    const mend =
      "Keep the provider's own key off the node: touchstone keys new, then touchstone operator set <address>.";
    return warning("operator", "the node signs with the provider's own key", mend);
  }
  const { validUntil } = await client.readContract({
    address: market,
    abi: marketAbi,
    functionName: "operatorKey",
    args: [provider, operator],
  });
  const now = Number((await client.getBlock()).timestamp);
  const mend = `touchstone operator set ${operator}, with the provider's own key`;
  if (validUntil <= now) {
    return problem("operator", `${operator} may not act for ${provider}`, mend);
  }
  const until = new Date(Math.min(validUntil, 8.64e12) * 1000).toISOString().slice(0, 10);
  const message = `${operator} may act until ${until}`;
  return validUntil - now < WEEK_SECONDS ? warning("operator", message, mend) : ok("operator", message);
}

async function checkGas(client: MarketClient, operator: Address): Promise<Finding> {
  const [balance, gasPrice] = await Promise.all([client.getBalance({ address: operator }), client.getGasPrice()]);
  const jobs = balance / (GAS_OF_JOB * (gasPrice || 1n));
  const message = `${formatEther(balance)} of the chain's currency: about ${jobs} jobs`;
  if (balance === 0n) {
    return problem("gas money", `${operator} has none`, `Send ${operator} some of the chain's own currency.`);
  }
  return jobs < JOBS_TO_AFFORD
    ? warning("gas money", message, `Send ${operator} more soon.`)
    : ok("gas money", message);
}
