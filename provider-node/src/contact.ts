import pRetry from "p-retry";
import { ContractFunctionExecutionError, type PublicClient } from "viem";
import type { NodeOptions, NodeSettings } from "./assembly.ts";
import { type CourtLimits, CourtReader, courtOf } from "./chain/court.ts";
import type { MarketReader } from "./chain/market.ts";
import { revertOf } from "./chain/rpc.ts";
import { type PaidToken, SettlementReader } from "./chain/settlement.ts";
import { NodeError } from "./errors.ts";

const MAX_CONTACT_DELAY_MS = 10_000;

/** What the chain says at the start. */
export interface Contact {
  readonly chainId: number;
  readonly court: Court | undefined;
  /** What live calls are paid in; nothing where the node sells none, or where the chain has no channels for it. */
  readonly token: PaidToken | undefined;
}

/** The court of the market, and what it was deployed with. */
export interface Court {
  readonly reader: CourtReader;
  readonly limits: CourtLimits;
}

/**
 * Waits for the chain, and makes sure that it is the one the settings mean.
 *
 * @throws NodeError `MARKET_MISSING`, `COURT_MISSING`, `NOT_OPERATOR`.
 */
export async function firstContact(client: PublicClient, reader: MarketReader, options: NodeOptions): Promise<Contact> {
  const { config, account, logger, signal } = options;
  const reach = async () => {
    const [chainId, isDeployed] = await Promise.all([client.getChainId(), reader.isDeployed()]);
    const accounts = [config.provider, ...(config.seat === undefined ? [] : [config.seat])];
    const isOperator = isDeployed ? await Promise.all(accounts.map((one) => reader.isOperator(one))) : undefined;
    const [court, token] = isDeployed
      ? await Promise.all([reachCourt(client, config), reachToken(client, config)])
      : [];
    return { chainId, isOperator, court, token };
  };
  const { chainId, isOperator, court, token } = await pRetry(reach, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: config.pollIntervalMs,
    maxTimeout: MAX_CONTACT_DELAY_MS,
    signal,
    onFailedAttempt: ({ error, attemptNumber }) => logger.warn("chain not reachable yet", { attemptNumber, error }),
  });
  const { market, provider, seat } = config;
  if (isOperator === undefined) {
    const sentence = `There is no contract at ${market} on chain ${chainId}. Check \`market\` and \`rpcUrls\`.`;
    throw new NodeError("MARKET_MISSING", sentence, { details: { market, chainId } });
  }
  if (!isOperator.every(Boolean)) {
    const foreign = isOperator[0] ? seat : provider;
    const sentence = `The key ${account.address} may not act for ${foreign}. That account names it by \`setOperator\`.`;
    throw new NodeError("NOT_OPERATOR", sentence, { details: { account: foreign, operator: account.address } });
  }
  if (seat !== undefined && court === undefined) {
    const sentence = `The market ${market} has no court, so there are no seats. Check \`market\`, or take \`seat\` out.`;
    throw new NodeError("COURT_MISSING", sentence, { details: { market } });
  }
  if (config.live && config.serve && token === undefined) {
    logger.warn("no live lane: this chain has no channels of x402, or the market's token cannot be paid into one");
  }
  return { chainId, court, token };
}

async function reachCourt(client: PublicClient, { market }: NodeSettings): Promise<Court | undefined> {
  const court = await courtOf(client, market);
  if (court === undefined) {
    return undefined;
  }
  const reader = new CourtReader({ client, court });
  return { reader, limits: await reader.limits() };
}

async function reachToken(client: PublicClient, config: NodeSettings): Promise<PaidToken | undefined> {
  const { live, serve, market, confirmations } = config;
  const reader = new SettlementReader(client, confirmations);
  if (!live || !serve || !(await reader.isDeployed())) {
    return undefined;
  }
  try {
    return await reader.tokenOf(market);
  } catch (error) {
    if (error instanceof ContractFunctionExecutionError && revertOf(error) !== undefined) {
      return undefined; // a token without a version has no ERC-3009 either
    }
    throw error;
  }
}
