import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseUnits } from "viem";
import { ACCOUNTS, type LocalChain, startChain } from "./chain.ts";
import { type MarketClient, marketClient } from "./clients.ts";
import { untilReady } from "./daemon.ts";
import { type Deployment, deployMarket } from "./deploy.ts";
import { MODEL, termsOf } from "./model.ts";
import { type CourtParameters, localCourtParameters, localParameters } from "./parameters.ts";
import { fund, type LocalProvider, mint, type ProviderPlan, startProvider } from "./providers.ts";
import { formPanel, type LocalSeat, startSeats, untilVerified } from "./seats.ts";
import { placeStandIns } from "./stand-ins.ts";

/** A whole market on this machine. */
export interface LocalNetwork {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  readonly providers: readonly LocalProvider[];
  /** Who judges the model; none unless asked for, and then every result is unverified. */
  readonly seats: readonly LocalSeat[];
  /** A buyer with tokens in the market, for jobs, and in its wallet, for calls. */
  readonly buyer: MarketClient;
  /** What its parts keep on disk; it goes with the network. */
  readonly folder: string;
  /** Takes everything down; nothing is left behind. */
  close(): Promise<void>;
}

/** How a network differs from the usual one. */
export interface NetworkOptions {
  /** Of the chain; zero picks a free one. */
  readonly port?: number;
  readonly courtParameters?: CourtParameters;
  /** Validators on the panel of the model; none if left out, else as many as the court asks for at least. */
  readonly seats?: number;
  /** A provider beside the two usual ones, by its plan but for the accounts. */
  readonly third?: Omit<ProviderPlan, "account" | "operator">;
}

const DECIMALS = 6;
const READY_MS = 300_000;

/** Development accounts: 0 deploys, 1 buys, each provider has two from 2 on, each seat two from 20 on. */
export const BUYER = 1;
const FIRST_PROVIDER = 2;
const FIRST_SEAT = 20;
const MOST_SEATS = (ACCOUNTS - FIRST_SEAT) / 2;

const USUAL: readonly Omit<ProviderPlan, "account" | "operator">[] = [
  {
    name: "Aurora",
    region: "eu-north",
    stake: parseUnits("100", DECIMALS),
    bond: parseUnits("20", DECIMALS),
    pricePerItem: parseUnits("0.002", DECIMALS),
    pricePerMillionOutputTokens: parseUnits("1.5", DECIMALS),
  },
  {
    name: "Basalt",
    region: "us-west",
    stake: parseUnits("50", DECIMALS),
    bond: parseUnits("10", DECIMALS),
    pricePerItem: parseUnits("0.001", DECIMALS),
    pricePerMillionOutputTokens: parseUnits("1", DECIMALS),
  },
];

function plansOf(chain: LocalChain, { third }: NetworkOptions): readonly ProviderPlan[] {
  return [...USUAL, ...(third ? [third] : [])].map((plan, index) => ({
    ...plan,
    account: chain.account(FIRST_PROVIDER + 2 * index),
    operator: chain.account(FIRST_PROVIDER + 2 * index + 1),
  }));
}

/**
 * Starts a chain, deploys a market with its court, and starts providers with their own stakes and prices, and seats if
 * there are to be any; each node in a process of its own.
 *
 * @param say Told of each step.
 */
export async function startNetwork(say: (step: string) => void, options: NetworkOptions = {}): Promise<LocalNetwork> {
  const { port = 0, courtParameters = localCourtParameters, seats: wanted = 0 } = options;
  if (wanted !== 0 && !(wanted >= courtParameters.minPanel && wanted <= MOST_SEATS)) {
    throw new RangeError(`A panel here has from ${courtParameters.minPanel} to ${MOST_SEATS} seats, or there is none.`);
  }
  const folder = mkdtempSync(path.join(tmpdir(), "touchstone-"));
  const chain = await startChain({ port });
  const providers: LocalProvider[] = [];
  const seats: LocalSeat[] = [];
  const close = async () => {
    await Promise.all([...providers, ...seats].map(({ daemon }) => daemon.stop()));
    await chain.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await placeStandIns(chain.rpcUrl);
    say(`Chain ${chain.chainId} at ${chain.rpcUrl}`);
    const deployment = await deployMarket(chain.rpcUrl, localParameters, courtParameters);
    say(`Market at ${deployment.market}, court at ${deployment.court}, token at ${deployment.token}`);
    const buyer = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, chain.account(BUYER));
    const ground = { chain, deployment, folder, buyer };
    await fund(buyer, deployment, parseUnits("100", DECIMALS));
    await mint(buyer, deployment, parseUnits("100", DECIMALS));
    await startProviders(ground, plansOf(chain, options), providers);
    for (const { name, provider, url } of providers) {
      say(`Provider ${name} (${provider}) at ${url}`);
    }
    if (wanted > 0) {
      await startPanel(ground, wanted, seats);
      say(`${seats.length} seats judge, each in a process of its own`);
    }
    return { chain, deployment, providers, seats, buyer, folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the parts of a network stand on. */
interface Ground {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  readonly folder: string;
  readonly buyer: MarketClient;
}

/** @param providers Those that run are put here, also where one fails. */
async function startProviders(
  { chain, deployment, folder }: Ground,
  plans: readonly ProviderPlan[],
  providers: LocalProvider[],
): Promise<void> {
  const starting = plans.map((plan) => startProvider(chain, deployment, plan, path.join(folder, plan.name)));
  const started = await Promise.allSettled(starting);
  providers.push(...started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
  const failed = started.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    throw failed.reason;
  }
  await Promise.all(providers.map(({ daemon, url }) => untilReady(daemon, url, READY_MS)));
}

/** @param seats Those that run are put here, also where one fails. */
async function startPanel(
  { chain, deployment, folder, buyer }: Ground,
  count: number,
  seats: LocalSeat[],
): Promise<void> {
  const terms = termsOf(MODEL);
  const panel = await formPanel({ chain, deployment, terms, seats: count, firstAccount: FIRST_SEAT, folder });
  await startSeats(panel, (seat) => seats.push(seat));
  await untilVerified(buyer, terms);
}
