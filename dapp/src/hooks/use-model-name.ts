import { shorten } from "../lib/format.ts";
import { useListedProviders } from "./use-providers.ts";

/** Names models as the cards of their providers do; one that nobody offers now goes by its id. */
export function useModelName(): (id: string) => string {
  const { data } = useListedProviders();
  const names = new Map(
    (data?.providers ?? []).flatMap(({ card }) => card.touchstone.models.map(({ id, name }) => [id, name] as const)),
  );
  return (id) => names.get(id as `0x${string}`) ?? shorten(id);
}
