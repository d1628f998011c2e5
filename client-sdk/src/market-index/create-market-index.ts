import type { ReadClient } from "../actions/internal/clients.ts";
import type { TouchstoneError } from "../errors.ts";
import { IndexError } from "./index-error.ts";
import { type BlockHead, readHead } from "./log-reader.ts";
import type { LogsParameters } from "./log-state.ts";
import { logsIndex } from "./logs-index.ts";
import type { IndexStatus, MarketIndex } from "./market-index.ts";
import type { SubgraphSource } from "./subgraph-client.ts";
import { subgraphIndex } from "./subgraph-index.ts";

export interface CreateMarketIndexParameters extends LogsParameters {
  /** Asked first, where it is given: the URL of its GraphQL queries. */
  readonly subgraph?: string | SubgraphSource | undefined;
  /** How many seconds the subgraph may be behind the chain. Default 120. */
  readonly maxBehind?: number | undefined;
  /** By which the subgraph is asked. Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DEFAULT_MAX_BEHIND = 120;
/** For how long a subgraph that was found well is asked without another look. */
const LOOK_MS = 10_000;
/** When one that failed is tried again. */
const RETRY_MS = 30_000;

/**
 * A market's history, to be asked: of a subgraph where one is given, answers, is of this market and keeps up with the chain; else of the
 * chain's logs. Both give the same answers; `status` says which of them does, and why.
 *
 * @example
 * const index = createMarketIndex({ client, market, fromBlock, subgraph: "https://graph.example/touchstone" });
 * const [latest] = await index.jobs({ provider, first: 1 });
 * const { source, failure } = await index.status();
 */
export function createMarketIndex(parameters: CreateMarketIndexParameters): MarketIndex {
  const { subgraph, market, fetch, client, maxBehind = DEFAULT_MAX_BEHIND, onError } = parameters;
  const logs = logsIndex(parameters);
  if (subgraph === undefined) {
    return logs;
  }
  const source = typeof subgraph === "string" ? { url: subgraph } : subgraph;
  const preferred = subgraphIndex({ market, fetch, ...source });
  const sources = new Sources({ subgraph: preferred, logs, client, maxBehind, onError });
  const { ask } = sources;
  return {
    status: () => sources.status(),
    refresh: () => sources.refresh(),
    market: () => ask((index) => index.market()),
    account: (address) => ask((index) => index.account(address)),
    providers: () => ask((index) => index.providers()),
    provider: (address) => ask((index) => index.provider(address)),
    operators: (provider) => ask((index) => index.operators(provider)),
    models: () => ask((index) => index.models()),
    jobs: (query) => ask((index) => index.jobs(query)),
    job: (id) => ask((index) => index.job(id)),
    cases: (query) => ask((index) => index.cases(query)),
    case: (id) => ask((index) => index.case(id)),
    seats: () => ask((index) => index.seats()),
    seat: (number) => ask((index) => index.seat(number)),
    receipts: (query) => ask((index) => index.receipts(query)),
    demands: (query) => ask((index) => index.demands(query)),
    marketStats: (query) => ask((index) => index.marketStats(query)),
    modelStats: (query) => ask((index) => index.modelStats(query)),
    providerStats: (query) => ask((index) => index.providerStats(query)),
    slashStats: (query) => ask((index) => index.slashStats(query)),
    caseStats: (query) => ask((index) => index.caseStats(query)),
  };
}

interface SourcesParameters {
  readonly subgraph: MarketIndex;
  readonly logs: MarketIndex;
  readonly client: ReadClient;
  readonly maxBehind: number;
  readonly onError: LogsParameters["onError"];
}

/** What was found of the subgraph when it was last looked at. */
interface Look {
  /** Of `performance.now`. */
  readonly until: number;
  readonly status: IndexStatus | undefined;
  readonly failure: TouchstoneError | undefined;
}

/** The two sources, and which of them is asked now. */
class Sources {
  readonly #parameters: SourcesParameters;
  #look: Look | undefined;
  #looking: Promise<Look> | undefined;

  constructor(parameters: SourcesParameters) {
    this.#parameters = parameters;
  }

  /** Asks the subgraph, and the logs where it fails; a query that makes no sense fails at once. */
  readonly ask = async <T>(query: (index: MarketIndex) => Promise<T>): Promise<T> => {
    const { subgraph, logs } = this.#parameters;
    const { failure } = await this.#current();
    if (failure === undefined) {
      try {
        return await query(subgraph);
      } catch (error) {
        if (!isOfSubgraph(error)) {
          throw error;
        }
        this.#keep({ status: undefined, failure: error });
      }
    }
    return await query(logs);
  };

  async status(): Promise<IndexStatus> {
    const isWell = this.#look?.failure === undefined;
    const { status, failure } = await (isWell ? this.#lookAnew() : this.#current());
    return status ?? { ...(await this.#parameters.logs.status()), failure };
  }

  async refresh(): Promise<void> {
    const { failure } = await this.#lookAnew();
    if (failure !== undefined) {
      await this.#parameters.logs.refresh();
    }
  }

  #current(): Promise<Look> {
    if (this.#look !== undefined && performance.now() < this.#look.until) {
      return Promise.resolve(this.#look);
    }
    return this.#lookAnew();
  }

  #lookAnew(): Promise<Look> {
    this.#looking ??= this.#lookAt().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookAt(): Promise<Look> {
    const { subgraph, client, maxBehind } = this.#parameters;
    // Where the chain cannot be asked, the subgraph is all there is, however old.
    const [status, head] = await Promise.allSettled([subgraph.status(), readHead(client)]);
    if (status.status === "rejected") {
      if (!isOfSubgraph(status.reason)) {
        throw status.reason;
      }
      return this.#keep({ status: undefined, failure: status.reason });
    }
    const found = status.value;
    if (head.status === "rejected") {
      return this.#keep({ status: found, failure: undefined });
    }
    const failure = lag(found, head.value, maxBehind);
    const behind = head.value.number > found.block ? head.value.number - found.block : 0n;
    return this.#keep({ status: failure === undefined ? { ...found, behind } : undefined, failure });
  }

  #keep({ status, failure }: Omit<Look, "until">): Look {
    if (failure !== undefined && this.#look?.failure?.code !== failure.code) {
      this.#parameters.onError?.(failure);
    }
    this.#look = { status, failure, until: performance.now() + (failure === undefined ? LOOK_MS : RETRY_MS) };
    return this.#look;
  }
}

function isOfSubgraph(error: unknown): error is IndexError {
  return error instanceof IndexError && error.code.startsWith("SUBGRAPH_");
}

/** Why a subgraph is too old, if it is. */
function lag({ block, timestamp }: IndexStatus, head: BlockHead, maxBehind: number): IndexError | undefined {
  const seconds = head.timestamp - timestamp;
  if (head.number <= block || seconds <= maxBehind) {
    return undefined;
  }
  const sentence =
    `The subgraph knows up to block ${block}, ${seconds} seconds behind the chain: the chain's logs are read instead. ` +
    "Wait until it has caught up, or raise `maxBehind`.";
  return new IndexError("SUBGRAPH_BEHIND", sentence, { details: { block, head: head.number, seconds, maxBehind } });
}
