import type { DiscoverProvidersReturnType, IndexedProvider } from "@touchstone/sdk";
import type { CardModel } from "@touchstone/sdk/protocol";
import { type Registration, registrationsOf } from "./registrations.ts";
import { type Uptime, type UptimeLog, uptimeOf } from "./uptime.ts";

/** Whether a provider can be bought from: `asking` until its card is read, `unlisted` where it has none. */
export type ProviderState = "active" | "paused" | "unreachable" | "asking" | "unlisted";

/** A provider as lists show it: what the chain knows of it, and what its card tells. */
export interface ProviderRow {
  readonly address: IndexedProvider["address"];
  readonly name: string | undefined;
  readonly state: ProviderState;
  /** Why its card cannot be read. */
  readonly failure: Error | undefined;
  readonly region: string | undefined;
  readonly hardware: string | undefined;
  readonly models: readonly CardModel[];
  /** The model that prices and speed are of: the one asked for, else its cheapest. */
  readonly offer: CardModel | undefined;
  /** Token units for a million tokens. */
  readonly priceIn: bigint | undefined;
  readonly priceOut: bigint | undefined;
  readonly tokensPerSecond: number | undefined;
  readonly firstTokenMs: number | undefined;
  /** By its own word. Unix seconds. */
  readonly upSince: number | undefined;
  readonly uptime: Uptime | undefined;
  /** Whether a panel can judge one of its models. */
  readonly isVerified: boolean;
  /** Where it is registered as an agent (ERC-8004), by its card's word. */
  readonly registrations: readonly Registration[];
  readonly record: IndexedProvider;
}

export interface ProviderSources {
  /** The chain's record. */
  readonly indexed: readonly IndexedProvider[];
  /** The cards; nothing while they are read. */
  readonly listed: DiscoverProvidersReturnType | undefined;
  /** Ids of models whose panels can judge. */
  readonly verified: ReadonlySet<string>;
  readonly uptime: UptimeLog;
  /** Prices and speed of this model, where it is sold. */
  readonly model?: string | undefined;
}

/** Puts the chain's record and the cards together, a row for each provider that the chain knows. */
export function providerRows(sources: ProviderSources): readonly ProviderRow[] {
  const cards = new Map(sources.listed?.providers.map((listed) => [listed.provider, listed.card]));
  const failures = new Map(sources.listed?.failures.map(({ provider, error }) => [provider, error]));
  return sources.indexed.map((record) => {
    const { address } = record;
    const card = cards.get(address);
    const told = card?.touchstone;
    const models = told?.models ?? [];
    const offer = models.find(({ id }) => id === sources.model) ?? cheapest(models);
    const failure = failures.get(address);
    return {
      address,
      name: card?.name,
      state: stateOf({ isActive: card?.active, failure, uri: record.uri, isRead: sources.listed !== undefined }),
      failure,
      region: told?.region,
      hardware: told?.hardware,
      models,
      offer,
      priceIn: offer && BigInt(offer.pricePerMillionInputTokens),
      priceOut: offer && BigInt(offer.pricePerMillionOutputTokens),
      tokensPerSecond: offer?.measured?.tokensPerSecond,
      firstTokenMs: offer?.measured?.firstTokenMs,
      upSince: told?.upSince,
      uptime: uptimeOf(sources.uptime, address),
      isVerified: models.some(({ id }) => sources.verified.has(id)),
      registrations: registrationsOf(card?.registrations),
      record,
    };
  });
}

function stateOf(known: {
  readonly isActive: boolean | undefined;
  readonly failure: Error | undefined;
  readonly uri: string | undefined;
  readonly isRead: boolean;
}): ProviderState {
  if (known.isActive !== undefined) {
    return known.isActive ? "active" : "paused";
  }
  if (known.failure !== undefined) {
    return "unreachable";
  }
  return known.uri === undefined || known.isRead ? "unlisted" : "asking";
}

function cheapest(models: readonly CardModel[]): CardModel | undefined {
  const price = (model: CardModel) => BigInt(model.pricePerMillionOutputTokens);
  return models.toSorted((a, b) => (price(a) < price(b) ? -1 : Number(price(a) > price(b))))[0];
}

export interface ProviderFilter {
  /** Of a name, an address or hardware. */
  readonly search: string;
  /** A model's id; empty: all. */
  readonly model: string;
  readonly region: string;
  readonly isActive: boolean;
  readonly isVerified: boolean;
}

export const NO_FILTER: ProviderFilter = { search: "", model: "", region: "", isActive: false, isVerified: false };

/** The rows that a filter lets through. */
export function filterProviders(rows: readonly ProviderRow[], filter: ProviderFilter): readonly ProviderRow[] {
  const wanted = filter.search.trim().toLowerCase();
  return rows.filter(
    (row) =>
      [row.name, row.address, row.hardware].some((text) => text?.toLowerCase().includes(wanted)) &&
      (filter.model === "" || row.models.some(({ id }) => id === filter.model)) &&
      (filter.region === "" || row.region === filter.region) &&
      (!filter.isActive || row.state === "active") &&
      (!filter.isVerified || row.isVerified),
  );
}

/** The providers of a region. */
export interface Region {
  readonly name: string;
  readonly rows: readonly ProviderRow[];
  /** Of those that take work, the one with the least price for output, and the one that writes fastest. */
  readonly cheapest: ProviderRow | undefined;
  readonly fastest: ProviderRow | undefined;
}

/** Regions by name; who tells none comes last. */
export function regionsOf(rows: readonly ProviderRow[]): readonly Region[] {
  const groups = Map.groupBy(rows, ({ region }) => region ?? "");
  const names = [...groups.keys()].sort((a, b) => Number(a === "") - Number(b === "") || a.localeCompare(b));
  return names.map((name) => {
    const inside = groups.get(name) ?? [];
    const open = inside.filter(({ state }) => state === "active");
    return { name, rows: inside, cheapest: least(open, "priceOut"), fastest: least(open, "tokensPerSecond", -1) };
  });
}

function least(
  rows: readonly ProviderRow[],
  key: "priceOut" | "tokensPerSecond",
  sign: 1 | -1 = 1,
): ProviderRow | undefined {
  const known = rows.filter((row) => row[key] !== undefined);
  return known.toSorted((a, b) => sign * (Number(a[key]) - Number(b[key])))[0];
}

/** Jobs that ended with pay, and those that the provider failed. */
export function outcomesOf(record: IndexedProvider): { readonly good: number; readonly bad: number } {
  return {
    good: record.completed + record.unverified,
    bad: record.noShows + record.rejected,
  };
}
