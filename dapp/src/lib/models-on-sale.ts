import type { ListedProvider } from "@touchstone/sdk";
import type { CardModel } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";

/** A model that can be bought now. */
export interface ModelOnSale {
  readonly id: Hex;
  readonly name: string;
  /** The most that any of them takes, in tokens. */
  readonly contextLength: number;
  /** Who sells it and is open. */
  readonly providers: readonly ListedProvider[];
  /** Their terms for it. */
  readonly terms: readonly CardModel[];
}

/** The models that answer chats, of providers that take jobs now; what most of them sell comes first. */
export function modelsOnSale(providers: readonly ListedProvider[]): ModelOnSale[] {
  const models = new Map<Hex, ModelOnSale>();
  for (const provider of providers.filter(({ card }) => card.active)) {
    for (const terms of provider.card.touchstone.models.filter(({ kind = "chat" }) => kind === "chat")) {
      const { id, name, contextLength } = terms;
      const known = models.get(id);
      models.set(id, {
        id,
        name: known?.name ?? name,
        contextLength: Math.max(known?.contextLength ?? 0, contextLength),
        providers: [...(known?.providers ?? []), provider],
        terms: [...(known?.terms ?? []), terms],
      });
    }
  }
  return [...models.values()].sort((a, b) => b.providers.length - a.providers.length || a.name.localeCompare(b.name));
}
