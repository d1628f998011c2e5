import type { Hex } from "viem";
import type { IndexedDemand } from "../types.ts";
import type { Handlers } from "./events.ts";
import { throwUnknown } from "./rows.ts";
import type { State } from "./state.ts";

/** Data on demand; one demand of a key is open at a time. Mirrors `Demands`. */
export const demandHandlers = {
  Demanded(state, { job, key, demander, item, chunk, answerBy }, { timestamp: demandedAt }) {
    const demand: IndexedDemand = {
      ...{ job, key, demander, item: Number(item), chunk: Number(chunk), answerBy: Number(answerBy), demandedAt },
      ...{ answeredAt: undefined, endedAt: undefined, defaulted: false },
    };
    const row = state.demands.editOr(job, () => ({ job, demands: [] }));
    row.demands = [...row.demands, demand];
  },
  Answered: (state, { job, key }, { timestamp: answeredAt }) => end(state, job, key, { answeredAt }),
  DemandEnded: (state, { job, key, isDefault: defaulted }, { timestamp: endedAt }) =>
    end(state, job, key, { endedAt, defaulted }),
} satisfies Partial<Handlers>;

/** Ends the latest demand of a key: the one that is open. */
function end(state: State, job: Hex, key: Hex, change: Partial<IndexedDemand>): void {
  const row = state.demands.edit(job) ?? throwUnknown("demand", key);
  const open = row.demands.findLast((demand) => demand.key === key) ?? throwUnknown("demand", key);
  row.demands = row.demands.map((demand) => (demand === open ? { ...demand, ...change } : demand));
}
