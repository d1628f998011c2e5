import type * as z from "zod";
import * as answers from "./answers.ts";
import type { State } from "./fold/state.ts";
import { LogState, type LogsParameters } from "./log-state.ts";
import type { MarketIndex } from "./market-index.ts";
import * as queries from "./queries.ts";
import { checkQuery } from "./queries.ts";

/**
 * A market's history, read from the chain's logs: needs nothing but an RPC server. The first query reads all events since `fromBlock`, later
 * ones what is new.
 *
 * @example
 * const index = logsIndex({ client, market, fromBlock, cache: webStorageCache(localStorage) });
 * const jobs = await index.jobs({ client: account.address, first: 20 });
 */
export function logsIndex(parameters: LogsParameters): MarketIndex {
  const logs = new LogState(parameters);
  const tell = async <T>(answer: (state: State) => T): Promise<T> => answer((await logs.get()).state);
  const ask = <Of extends z.ZodType, T>(schema: Of, answer: (state: State, query: z.output<Of>) => T) => {
    return async (query: unknown): Promise<T> => {
      const checked = checkQuery(schema, query);
      return answer((await logs.get()).state, checked);
    };
  };
  const jobs = ask(queries.jobsQuery, answers.jobsAnswer);
  const cases = ask(queries.casesQuery, answers.casesAnswer);
  const receipts = ask(queries.receiptsQuery, answers.receiptsAnswer);
  return {
    async status() {
      const { head } = await logs.get();
      return { source: "logs", block: head.number, timestamp: head.timestamp };
    },
    market: () => tell(answers.marketAnswer),
    account: ask(queries.addressQuery, answers.accountAnswer),
    providers: () => tell(answers.providersAnswer),
    provider: ask(queries.addressQuery, answers.providerAnswer),
    operators: ask(queries.addressQuery, answers.operatorsAnswer),
    models: () => tell(answers.modelsAnswer),
    jobs: (query = {}) => jobs(query),
    job: ask(queries.idQuery, answers.jobAnswer),
    cases: (query = {}) => cases(query),
    case: ask(queries.idQuery, answers.caseAnswer),
    seats: () => tell(answers.seatsAnswer),
    seat: ask(queries.seatQuery, answers.seatAnswer),
    receipts: (query = {}) => receipts(query),
    demands: ask(queries.demandsQuery, answers.demandsAnswer),
    marketStats: ask(queries.statsQuery, answers.marketStatsAnswer),
    modelStats: ask(queries.modelStatsQuery, answers.modelStatsAnswer),
    providerStats: ask(queries.providerStatsQuery, answers.providerStatsAnswer),
    slashStats: ask(queries.statsQuery, answers.slashStatsAnswer),
    caseStats: ask(queries.statsQuery, answers.caseStatsAnswer),
    async refresh() {
      await logs.refresh();
    },
  };
}
