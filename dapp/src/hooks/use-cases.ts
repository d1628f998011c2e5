import { useQuery } from "@tanstack/react-query";
import type { CaseQuery, IndexedCaseHistory } from "@touchstone/sdk";
import { CaseStatus, FIRST_TIER_SEATS } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { CaseMoment } from "../lib/case-progress.ts";
import { acquits } from "../lib/job-actions.ts";
import { type MoneyLine, moneyOfCase } from "../lib/verdict-money.ts";
import { useNetwork } from "../network/network-context.tsx";
import { useIndex } from "./use-index.ts";
import { useMarket } from "./use-market.ts";

const REFRESH_MS = 8_000;
/** Of what is in court: there, something happens every few seconds. */
const OPEN_REFRESH_MS = 2_000;

/** Cases, newest first. */
export function useCases(query: CaseQuery) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["cases", market, query],
    refetchInterval: REFRESH_MS,
    queryFn: () => index.cases(query),
  });
}

/** A case with its seats and steps; null where there is none of this id. */
export function useCase(id: Hex) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["case", market, id],
    refetchInterval: ({ state }) => (state.data?.isOpen === true ? OPEN_REFRESH_MS : REFRESH_MS),
    queryFn: async () => (await index.case(id)) ?? null,
  });
}

/** By what the seats of a model's panel judge. */
export function usePanel(model: Hex | undefined) {
  const { market } = useNetwork();
  const client = useMarket();
  return useQuery({
    queryKey: ["panel", market, model],
    enabled: model !== undefined,
    staleTime: 60_000,
    queryFn: () => client.getPanel({ model: model as Hex }),
  });
}

/** No event of a case is older: spares the chain's server a search. */
function fromBlockOf({ steps }: IndexedCaseHistory) {
  return steps[0] === undefined ? {} : { fromBlock: steps[0].block };
}

/** Where an open case stands, by the chain itself. */
export function useCaseMoment(found: IndexedCaseHistory) {
  const { market } = useNetwork();
  const client = useMarket();
  const { id, model, isOpen } = found;
  return useQuery({
    queryKey: ["case-moment", market, id],
    enabled: isOpen,
    refetchInterval: OPEN_REFRESH_MS,
    queryFn: async (): Promise<Omit<CaseMoment, "now">> => {
      const [{ status, tier, times, positions }, { tolerances }] = await Promise.all([
        client.getCase({ caseId: id, ...fromBlockOf(found) }),
        client.getPanel({ model }),
      ]);
      const words = positions.flatMap(({ position, word }) =>
        position < FIRST_TIER_SEATS && word !== undefined ? [word] : [],
      );
      const demand = status === CaseStatus.Waiting ? await client.getDemand({ key: id }) : undefined;
      return { status, tier, times, positions, acquits: acquits(words, tolerances), answerBy: demand?.answerBy };
    },
  });
}

/** Who gained and lost what by a case that is over. */
export function useCaseMoney(found: IndexedCaseHistory) {
  const { market } = useNetwork();
  const client = useMarket();
  const index = useIndex();
  const { id, job, client: payer, provider, isReceipt, seats, steps } = found;
  return useQuery({
    queryKey: ["case-money", market, id],
    refetchInterval: REFRESH_MS,
    queryFn: async (): Promise<readonly MoneyLine[]> => {
      const closing = steps.findLast(({ kind }) => kind === "CaseClosed");
      const [{ bond }, { seatFee }, settled, receipt] = await Promise.all([
        client.getCase({ caseId: id, ...fromBlockOf(found) }),
        client.getCourtParameters({}),
        isReceipt ? undefined : index.job(job),
        closing && client.getTransactionReceipt({ hash: closing.transaction }),
      ]);
      const { logs = [] } = receipt ?? {};
      const fines = seats.map(({ penalty }) => penalty);
      const paid = settled?.paid ?? 0n;
      return moneyOfCase({ job, client: payer, provider, isReceipt, bond, paid, seatFee, fines, logs });
    },
  });
}
