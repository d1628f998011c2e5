import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { marketAbi } from "@touchstone/sdk/protocol";
import { erc20Abi } from "viem";
import { JobLane } from "./batches/job-lane.ts";
import { JobResults } from "./batches/results.ts";
import { ENDED } from "./batches/state.ts";
import { BatchWorker } from "./batches/worker.ts";
import { createApp } from "./http/app.ts";
import { type HttpServer, listen } from "./http/server.ts";
import { Catalogue } from "./live/catalogue.ts";
import { FallbackUpstream } from "./live/fallback.ts";
import { MarketUpstream, PaidCalls } from "./live/market.ts";
import { marketFetch } from "./live/market-fetch.ts";
import { WithFallback } from "./live/with-fallback.ts";
import { silentLogger } from "./logger.ts";
import { Meter } from "./meter.ts";
import { GATEWAY_DEFAULTS, type GatewayLimits, type GatewayOptions } from "./options.ts";
import { lockFolder } from "./store/database.ts";
import { openStore, type Store } from "./store/store.ts";

/** A gateway that serves. */
export interface RunningGateway {
  /** `http://host:port`; clients take `${url}/v1` as their base. */
  readonly url: string;
  /** The first key, where the data folder had none: shown here and never again. It has no budget. */
  readonly apiKey: string | undefined;
  /** Ends calls after a moment, stops batches between two steps and lets go of the folder. What is unfinished goes on at the next start. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 2_000;
const CLOSE_AT_MOST_MS = 10_000;
/** A provider whose card does not come in time is not one to buy from now. */
const CARD_PATIENCE = { timeoutMs: 5_000, retries: 0 };
const DAY = 86_400;
const SPENDING_DAYS = 90;
/** No court takes a receipt that is older than a day. */
const RECEIPT_DAYS = 2;
const CHORES_MS = 3_600_000;
/** Steps of batches that failed are tried again after so many looks at the chain. */
const RETRY_POLLS = 5;

/**
 * Starts a local server with OpenAI's API that buys on the market: chats, responses and embeddings call by call, batches as jobs.
 *
 * @throws GatewayError `STORE_LOCKED`, `STORE_TOO_NEW`, `STORE_UNUSABLE`, `CONFIG_INVALID`
 * @example
 * const { url, apiKey, close } = await startGateway({ account, rpcUrls, market, dataDir });
 * const client = new OpenAI({ baseURL: `${url}/v1`, apiKey });
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const settled = { ...GATEWAY_DEFAULTS, ...withoutUndefined(options) };
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(path.join(options.dataDir, "gateway.lock"));
  try {
    const store = await openStore(options.dataDir, settled);
    try {
      return await assemble(settled, store, unlock);
    } catch (error) {
      store.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

type Settled = GatewayOptions & GatewayLimits;

async function assemble(options: Settled, store: Store, unlock: () => void): Promise<RunningGateway> {
  const { logger = silentLogger, dataDir, maxPricePerJob, fromBlock } = options;
  const now = () => Math.floor(Date.now() / 1000);
  const lane = new JobLane(options);
  const catalogue = new Catalogue(
    async () => (await lane.client.discoverProviders({ fromBlock, ...CARD_PATIENCE })).providers,
  );
  const token = await readToken(lane, options);
  const paid = new PaidCalls();
  const live = marketFetch({ ...store, options, client: lane.client }, paid.tell);
  const market = new MarketUpstream({ fetch: live, paid, catalogue });
  const fallback = options.fallback && new FallbackUpstream(options.fallback);
  const upstream = fallback ? new WithFallback(market, fallback, options.fallback?.when ?? "no-offer") : market;
  const { keys, spending, batches, files } = store;
  const isSealed = options.policy?.sealed === true;
  const results = new JobResults(path.join(dataDir, "batches"));
  const worker = new BatchWorker({
    ...{ lane, catalogue, batches, keys, spending, results, files, logger, now, maxPricePerJob, isSealed },
    ...{ bounds: options, retryMs: RETRY_POLLS * options.pollIntervalMs },
  });
  const chores = startChores(store, now);
  const apiKey = keys.list().length === 0 ? keys.add("default", {}, now()).key : undefined;
  spending.closeCutOff();
  const isInUse = (keyId: string, fileId: string) =>
    batches
      .listOpen()
      .some((batch) => batch.keyId === keyId && batch.inputFileId === fileId && !ENDED.includes(batch.status));
  const app = createApp({
    ...{ ...store, upstream, catalogue, worker, token, logger, now, isInUse },
    meter: new Meter(),
    limits: options,
    fallbackModels: Object.keys(options.fallback?.models ?? {}),
    startedAt: now(),
  });
  const server = await listen(app, options);
  worker.resume();
  live.ready().catch((error: unknown) => logger.warn("market not read yet", { error }));
  logger.info("gateway listens", { url: server.url, buyer: options.account.address, fallback: fallback?.host });
  return { url: server.url, apiKey, close: () => close({ server, worker, live, store, chores, unlock }) };
}

async function close(parts: {
  readonly server: HttpServer;
  readonly worker: BatchWorker;
  readonly live: { close(): Promise<void> };
  readonly store: Store;
  readonly chores: NodeJS.Timeout;
  readonly unlock: () => void;
}): Promise<void> {
  const { server, worker, live, store, chores, unlock } = parts;
  clearInterval(chores);
  // What hangs, such as a chain that does not answer, may be left: every step is kept before the next.
  const atMost = (work: Promise<void>) => Promise.race([work, sleep(CLOSE_AT_MOST_MS, undefined, { ref: false })]);
  await Promise.all([server.close(CLOSE_GRACE_MS), atMost(worker.close())]);
  await atMost(live.close());
  store.close();
  unlock();
}

/** Forgets what is old, now and every hour. */
function startChores({ spending, receipts }: Store, now: () => number): NodeJS.Timeout {
  const prune = () => {
    spending.prune(now() - SPENDING_DAYS * DAY);
    receipts.prune(now() - RECEIPT_DAYS * DAY);
  };
  prune();
  return setInterval(prune, CHORES_MS).unref();
}

/** What the market is paid in, for people. */
async function readToken({ client }: JobLane, { market }: GatewayOptions) {
  await client.getParameters(); // Tells in a typed way if there is no market.
  const address = await client.readContract({ address: market, abi: marketAbi, functionName: "token" });
  const [symbol, decimals] = await Promise.all([
    client.readContract({ address, abi: erc20Abi, functionName: "symbol" }),
    client.readContract({ address, abi: erc20Abi, functionName: "decimals" }),
  ]);
  return { symbol, decimals };
}

/** An option that is given as `undefined` is not given. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
