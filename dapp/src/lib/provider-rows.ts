import type { DiscoverProvidersReturnType, IndexedProvider } from "@touchstone/sdk";
import type { CardModel } from "@touchstone/sdk/protocol";
import { type Registration, registrationsOf } from "./registrations.ts";
import { type Uptime, type UptimeLog, uptimeOf } from "./uptime.ts";

/** Whether a provider can be bought from: `asking` until its card is read, `unlisted` where it has none. */
export type ProviderState = "active" | "paused" | "unreachable" | "asking" | "unlisted";

/** A provider as lists show it: what the chain knows of it, and what its card tells. */
export interface ProviderRow {
  readonly address: IndexedProvider["address"];
  /** By its card, else as it was called when it answered this browser last. */
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
  /** Token units; by the index, else as it was read with the card. */
  readonly stake: bigint | undefined;
  readonly exposure: bigint | undefined;
  /** What the index knows of it; nothing while that is read, or cannot be. */
  readonly record: IndexedProvider | undefined;
}

export interface ProviderSources {
  /** The chain's record; nothing while it is read. */
  readonly indexed: readonly IndexedProvider[] | undefined;
  /** The cards; nothing while they are read. */
  readonly listed: DiscoverProvidersReturnType | undefined;
  /** Ids of models whose panels can judge. */
  readonly verified: ReadonlySet<string>;
  readonly uptime: UptimeLog;
  /** Prices and speed of this model, where it is sold. */
  readonly model?: string | undefined;
}

/** Puts the chain's record and the cards together, a row for each provider that either of them knows. */
export function providerRows(sources: ProviderSources): readonly ProviderRow[] {
  const { indexed = [], listed, verified, uptime } = sources;
  const records = new Map(indexed.map((record) => [record.address, record]));
  const cards = new Map(listed?.providers.map((one) => [one.provider, one]));
  const failures = new Map(listed?.failures.map(({ provider, error }) => [provider, error]));
  return [...new Set([...records.keys(), ...cards.keys(), ...failures.keys()])].map((address) => {
    const record = records.get(address);
    const { card, account } = cards.get(address) ?? {};
    const told = card?.touchstone;
    const models = told?.models ?? [];
    const offer = models.find(({ id }) => id === sources.model) ?? cheapest(models);
    const failure = failures.get(address);
    const seen = uptimeOf(uptime, address);
    return {
      address,
      name: card?.name ?? seen?.last?.name,
      state: stateOf(card?.active, failure, record?.uri),
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
      uptime: seen,
      isVerified: models.some(({ id }) => verified.has(id)),
      registrations: registrationsOf(card?.registrations),
      stake: record?.account.stake ?? account?.stake,
      exposure: record?.account.exposure ?? account?.exposure,
      record,
    };
  });
}

/** Whether it sells or ever did, and did not only put down a stake or a bond. */
export function hasNode({ state, record }: ProviderRow): boolean {
  return state !== "unlisted" || (record !== undefined && record.jobs + record.receipts > 0);
}

/** Who published where its card is, but is not among those asked yet, will be. */
function stateOf(isActive: boolean | undefined, failure: Error | undefined, uri: string | undefined): ProviderState {
  if (isActive !== undefined) {
    return isActive ? "active" : "paused";
  }
  if (failure !== undefined) {
    return "unreachable";
  }
  return uri === undefined ? "unlisted" : "asking";
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
  /** Accounts without a node, too. */
  readonly isEveryone: boolean;
}

export const NO_FILTER: ProviderFilter = {
  search: "",
  model: "",
  region: "",
  isActive: false,
  isVerified: false,
  isEveryone: false,
};

/** The rows that a filter lets through. */
export function filterProviders(rows: readonly ProviderRow[], filter: ProviderFilter): readonly ProviderRow[] {
  const wanted = filter.search.trim().toLowerCase();
  return rows.filter(
    (row) =>
      [row.name, row.address, row.hardware].some((text) => text?.toLowerCase().includes(wanted)) &&
      (filter.model === "" || row.models.some(({ id }) => id === filter.model)) &&
      (filter.region === "" || row.region === filter.region) &&
      (!filter.isActive || row.state === "active") &&
      (!filter.isVerified || row.isVerified) &&
      (filter.isEveryone || hasNode(row)),
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
    const [cheapest] = sortProviders(open, "price").filter(({ priceOut }) => priceOut !== undefined);
    const [fastest] = sortProviders(open, "speed").filter(({ tokensPerSecond }) => tokensPerSecond !== undefined);
    return { name, rows: inside, cheapest, fastest };
  });
}

/** By what a list without columns is sorted. */
export const PROVIDER_ORDERS = {
  price: { name: "Lowest price", value: ({ priceOut }) => priceOut, sign: 1 },
  speed: { name: "Most tokens/s", value: ({ tokensPerSecond }) => tokensPerSecond, sign: -1 },
  first: { name: "Soonest first token", value: ({ firstTokenMs }) => firstTokenMs, sign: 1 },
  stake: { name: "Largest stake", value: ({ stake }) => stake, sign: -1 },
  jobs: { name: "Most jobs paid", value: ({ record }) => record && outcomesOf(record).good, sign: -1 },
} as const satisfies Record<
  string,
  { name: string; value: (row: ProviderRow) => number | bigint | undefined; sign: 1 | -1 }
>;

export type ProviderOrder = keyof typeof PROVIDER_ORDERS;

/** The rows in an order; those of which nothing is known come last. */
export function sortProviders(rows: readonly ProviderRow[], order: ProviderOrder): readonly ProviderRow[] {
  const { value, sign } = PROVIDER_ORDERS[order];
  const known = rows.filter((row) => value(row) !== undefined);
  const compare = (a: number | bigint = 0, b: number | bigint = 0) => (a < b ? -1 : Number(a > b));
  return [
    ...known.sort((a, b) => sign * compare(value(a), value(b))),
    ...rows.filter((row) => value(row) === undefined),
  ];
}

/** Jobs that ended with pay, and those that the provider failed. */
export function outcomesOf(record: IndexedProvider): { readonly good: number; readonly bad: number } {
  return {
    good: record.completed + record.unverified,
    bad: record.noShows + record.rejected,
  };
}
