import { useQuery } from "@tanstack/react-query";
import { JobStatus } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import { useIndex } from "../../hooks/use-index.ts";
import { useListedProviders } from "../../hooks/use-providers.ts";
import { meanHold, measureDemand, median } from "../../lib/forecast.ts";
import { useNetwork } from "../../network/network-context.tsx";

const DAY = 86_400;
/** How far back is looked. */
export const FORECAST_DAYS = 14;
const SAMPLE = 200;

/** Models on offer, by how many offer them. */
export function useOfferedModels() {
  const { data } = useListedProviders();
  const names = new Map<Hex, string>();
  for (const { card } of data?.providers ?? []) {
    for (const { id, name } of card.touchstone.models) {
      names.set(id as Hex, name);
    }
  }
  return [...names].map(([id, name]) => ({ id, name }));
}

/** What others ask and how many they are, by their cards; for one model, or all. */
export function useCompetition(model: Hex | undefined) {
  const { data } = useListedProviders();
  const offers = (data?.providers ?? []).flatMap(({ card, provider }) =>
    card.active
      ? card.touchstone.models
          .filter(({ id }) => model === undefined || id === model)
          .map((offer) => ({ provider, offer }))
      : [],
  );
  const speeds = offers.flatMap(({ offer }) => (offer.measured === undefined ? [] : [offer.measured.tokensPerSecond]));
  return {
    isRead: data !== undefined,
    sellers: new Set(offers.map(({ provider }) => provider)),
    price: median(offers.map(({ offer }) => BigInt(offer.pricePerMillionOutputTokens))),
    speed: speeds.toSorted((a, b) => a - b)[Math.floor(speeds.length / 2)],
  };
}

/** What buyers paid for lately, and for how long prices lay on stakes. */
export function useDemand(model: Hex | undefined) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["demand", market, model],
    refetchInterval: 30_000,
    queryFn: async () => {
      const now = Math.floor(Date.now() / 1_000);
      const query = { interval: "day", from: now - FORECAST_DAYS * DAY } as const;
      const [stats, jobs] = await Promise.all([
        model === undefined ? index.marketStats(query) : index.modelStats({ ...query, model }),
        index.jobs({ status: JobStatus.Settled, first: SAMPLE, ...(model !== undefined && { model }) }),
      ]);
      return { demand: measureDemand(stats, now), hold: meanHold(jobs) };
    },
  });
}
