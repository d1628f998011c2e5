import { setTimeout as sleep } from "node:timers/promises";
import {
  type FetchResultsReturnType,
  JobStatus,
  type ListedProvider,
  type WaitForJobReturnType,
} from "@touchstone/sdk";
import type { Address, Hex } from "viem";
import type { MarketClient } from "../network/clients.ts";
import type { LocalNetwork } from "../network/network.ts";
import { type Bought, buy } from "./buy.ts";
import { gasOf, type JobGas } from "./gas.ts";
import type { DemoOptions } from "./options.ts";

/** Free balances inside the market by name, token units. */
export type Balances = Readonly<Record<string, bigint>>;

/** A job that was bought, fetched and settled. */
export interface Trade {
  readonly model: Hex;
  readonly prompts: readonly string[];
  readonly bought: Bought;
  readonly results: FetchResultsReturnType;
  /** The job as it ended. */
  readonly ended: WaitForJobReturnType;
  readonly gas: JobGas;
  readonly before: Balances;
  readonly after: Balances;
}

/** A job whose result is on chain. */
export interface Purchase {
  readonly model: Hex;
  readonly bought: Bought;
}

/** Who is told how it goes. */
export interface Audience {
  say(step: string): void;
  /** How many items are done. */
  progress(done: number, items: number): void;
}

const MODEL_NAME = "storyteller";
const CHALLENGE_WINDOW = 3;
/** Nothing takes so long. */
export const MOST_MS = 10 * 60_000;

/** Buys stories on a local network: offers, job, results checked against the root on chain, settlement. */
export async function trade(network: LocalNetwork, options: DemoOptions, audience: Audience): Promise<Trade> {
  const { buyer } = network;
  const { prompts } = options;
  const before = await balancesOf(network);
  const { model, bought } = await purchase(network, options, audience);
  const { job } = bought;
  const results = await buyer.fetchResults({ job });
  audience.say(`${nameOf(network, results.provider)} submitted root ${results.root}: every output fits it`);
  audience.say(`Waiting for the challenge window of ${CHALLENGE_WINDOW} seconds and the settlement`);
  const ended = await buyer.waitForJob({ job, until: "ended", timeoutMs: MOST_MS });

  const gas = await gasOf(buyer, await buyer.getJobHistory({ job }));
  return { model, prompts, bought, results, ended, gas, before, after: await balancesOf(network) };
}

/** Asks for offers, gives the job away and waits until its result is on chain. */
export async function purchase(
  network: LocalNetwork,
  { mode, prompts }: DemoOptions,
  audience: Audience,
): Promise<Purchase> {
  const { buyer } = network;
  const { sellers, model } = await sellersOf(buyer, MODEL_NAME);
  const bought = await buy(mode, buyer, sellers, { model, requests: prompts, challengeWindow: CHALLENGE_WINDOW });
  const { job } = bought;
  for (const { provider, price } of bought.offers) {
    audience.say(`${nameOf(network, provider)} asks ${price} units for the job`);
  }
  audience.say(`Job ${job} (${mode})`);

  const url = bought.url ?? (await takerOf(network, job));
  const onProgress = ({ node }: { node: { done: number; items: number } | undefined }) =>
    node && audience.progress(node.done, node.items);
  await buyer.waitForJob({ job, until: "submitted", url, onProgress, timeoutMs: MOST_MS });
  return { model, bought };
}

/** The name of a provider of the network, or its address. */
export function nameOf({ providers }: LocalNetwork, address: Address): string {
  return providers.find(({ provider }) => provider.toLowerCase() === address.toLowerCase())?.name ?? address;
}

/** Who offers a model of this name, and its id: the same files, so the same id for all. */
async function sellersOf(
  buyer: MarketClient,
  name: string,
): Promise<{ readonly sellers: readonly ListedProvider[]; readonly model: Hex }> {
  const { providers, failures } = await buyer.discoverProviders();
  const offered = providers.flatMap(({ card }) => card.touchstone.models).find((model) => model.name === name);
  if (offered === undefined) {
    const why = failures.map(({ provider, error }) => `${provider}: ${error.message}`).join("; ");
    throw new Error(`Nobody offers ${name}. ${why}`);
  }
  const sellers = providers.filter(({ card }) => card.touchstone.models.some(({ id }) => id === offered.id));
  return { sellers, model: offered.id };
}

/** The node of the provider that takes an open job. */
async function takerOf({ buyer, providers }: LocalNetwork, job: Hex): Promise<string | undefined> {
  for (;;) {
    const { status, frozen } = await buyer.getJob({ job });
    if (status !== JobStatus.Open) {
      return providers.find(({ provider }) => provider === frozen?.provider)?.url;
    }
    await sleep(buyer.pollingInterval);
  }
}

async function balancesOf({ buyer, providers }: LocalNetwork): Promise<Balances> {
  const accounts = [{ name: "buyer", provider: buyer.account.address }, ...providers];
  const rows = accounts.map(async ({ name, provider }) => {
    const { balance, reserve } = await buyer.getAccount({ account: provider });
    return [name, balance + reserve.amount] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}
