import { setTimeout as sleep } from "node:timers/promises";
import { createTouchstoneFetch, type TouchstoneFetch } from "@touchstone/sdk";
import { parseUnits } from "viem";
import { type MarketClient, marketClient } from "./clients.ts";
import type { LocalNetwork } from "./network.ts";
import { localParameters } from "./parameters.ts";
import { fund, type LocalProvider, mint } from "./providers.ts";

/** A buyer who never rests. */
export interface Traffic {
  /** Buys no more, and resolves when all that was begun has ended. */
  stop(): Promise<void>;
}

/** Development account of the traffic. */
const ACCOUNT = 14;
const DECIMALS = 6;
/** In the market, for jobs, and in the wallet, for calls. */
const FUNDS = parseUnits("500", DECIMALS);

const CALL_PAUSE_MS = { least: 2_000, most: 8_000 };
const JOB_PAUSE_MS = { least: 6_000, most: 16_000 };
const MOST_ITEMS = 4;
const HEROES = ["a brave fox", "a shy owl", "a small dragon", "two old friends", "a clever mouse", "a lonely robot"];
const THINGS = [
  "a lost key",
  "the first snow",
  "a broken clock",
  "a secret garden",
  "a red balloon",
  "the longest night",
];

/** Buys jobs and calls of every provider at random moments, so that tables and charts have something to show. */
export async function startTraffic(network: LocalNetwork, say: (step: string) => void): Promise<Traffic> {
  const { chain, deployment, providers } = network;
  const account = chain.account(ACCOUNT);
  const buyer = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, account);
  await fund(buyer, deployment, FUNDS);
  await mint(buyer, deployment, FUNDS);
  const ending = new AbortController();
  const { signal } = ending;
  const told = new Set<string>();
  const onTrouble = (error: unknown) => {
    const sentence = error instanceof Error ? error.message : String(error);
    if (!signal.aborted && !told.has(sentence)) {
      told.add(sentence);
      say(`Traffic: ${sentence}`);
    }
  };
  const fetches = providers.map(({ provider }) =>
    createTouchstoneFetch({
      wallet: account,
      rpcUrl: chain.rpcUrl,
      market: deployment.market,
      name: `traffic with ${provider}`,
      budget: { total: FUNDS / BigInt(providers.length) },
      policy: { providers: [provider], exploration: 0 },
    }),
  );
  const loops = [
    ...fetches.map((fetch) => repeat(() => call(fetch, signal), CALL_PAUSE_MS, signal, onTrouble)),
    repeat(() => buyJob(buyer, pick(providers)), JOB_PAUSE_MS, signal, onTrouble),
  ];
  return {
    async stop() {
      ending.abort(new Error("The network is going down."));
      await Promise.all(loops);
      await Promise.all(fetches.map((fetch) => fetch.close()));
    },
  };
}

/** Does something again and again, with pauses of random length. */
async function repeat(
  work: () => Promise<void>,
  { least, most }: typeof CALL_PAUSE_MS,
  signal: AbortSignal,
  onTrouble: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await work().catch(onTrouble);
    await sleep(least + Math.random() * (most - least), undefined, { signal }).catch(() => undefined);
  }
}

async function call(fetch: TouchstoneFetch, signal: AbortSignal): Promise<void> {
  const response = await fetch("https://touchstone.invalid/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "storyteller",
      messages: [{ role: "user", content: prompt() }],
      max_tokens: 16 + Math.floor(Math.random() * 100),
    }),
    signal,
  });
  if (!response.ok) {
    throw new Error(`A call was not answered: ${await response.text()}`);
  }
  await response.arrayBuffer();
}

async function buyJob(buyer: MarketClient, { provider, url }: LocalProvider): Promise<void> {
  const { card } = await buyer.getProviderCard({ provider });
  const [model] = card.touchstone.models;
  if (model === undefined) {
    throw new Error(`${card.name} offers no model.`);
  }
  const maxTokens = 8 + Math.floor(Math.random() * 40);
  const messages = () => [{ role: "user", content: prompt() } as const];
  const count = 1 + Math.floor(Math.random() * MOST_ITEMS);
  const requests = Array.from({ length: count }, () => ({ messages: messages(), maxTokens }));
  const { minChallengeWindow: challengeWindow } = localParameters;
  const { spec } = await buyer.prepareJob({ model: model.id, requests, price: 0n, challengeWindow });
  const { offers, refusals } = await buyer.requestQuotes({ urls: [url], spec, requests });
  const [offer] = offers;
  if (offer === undefined) {
    throw refusals[0]?.error ?? new Error(`${card.name} made no offer.`);
  }
  await buyer.postAcceptedJob({ quote: offer.quote });
}

function prompt(): string {
  return `Tell a story about ${pick(HEROES)} and ${pick(THINGS)}`;
}

function pick<T>(from: readonly T[]): T {
  const one = from[Math.floor(Math.random() * from.length)];
  if (one === undefined) {
    throw new RangeError("There is nothing to pick from.");
  }
  return one;
}
