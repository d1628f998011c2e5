import type { Address } from "viem";
import { fetchCard } from "../actions/internal/card.ts";
import { asTouchstoneError } from "../actions/internal/chain-errors.ts";
import type { ReadClient } from "../actions/internal/clients.ts";
import { readCourt } from "../actions/internal/court.ts";
import { inParallel } from "../actions/internal/in-parallel.ts";
import { readMarket } from "../actions/internal/transact.ts";
import { cardEndpoint, type ProviderCard } from "../protocol/card.ts";
import { caip2 } from "../protocol/x402.ts";
import { EventIndex, type PublishedProvider } from "./event-index.ts";
import type { Offer } from "./offer.ts";
import type { Fate } from "./routing.ts";

/** Where offers are looked for. */
export interface DirectoryParameters {
  readonly client: ReadClient;
  readonly market: Address;
  readonly fromBlock: bigint;
  readonly chainId: number;
  /** The token in which is paid. */
  readonly asset: Address;
  readonly fetch: typeof globalThis.fetch;
  /** How old what is known may get. Milliseconds. */
  readonly refreshMs: number;
  readonly fate: Fate;
  /** Told of what could not be read; the rest is used. */
  readonly onError: (error: unknown) => void;
}

/** A card as it was read last. */
interface Entry {
  readonly uri: string;
  readonly card: ProviderCard | undefined;
  /** The card before, of a provider that cannot be reached now. */
  readonly away?: ProviderCard | undefined;
  readonly bond: bigint;
  /** When it is read again. Unix milliseconds. */
  readonly staleAt: number;
  /** Readings in a row that failed. */
  readonly failures: number;
}

const PARALLEL_CARDS = 8;
const CARD_TIMEOUT_MS = 5_000;
/** A card that cannot be read is tried again after this, then after twice as long each time. */
const FIRST_REST_MS = 30_000;
const MAX_REST_MS = 3_600_000;

/**
 * Who sells what: found by chain events, told by cards, with bonds and slashings from the court. It is read in the
 * background once it is known, so that no call waits for it.
 */
export class Directory {
  readonly #with: DirectoryParameters;
  readonly #events: EventIndex;
  readonly #entries = new Map<Address, Entry>();
  readonly #verified = new Map<string, boolean>();
  #offers: readonly Offer[] = [];
  #refreshing: Promise<void> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(parameters: DirectoryParameters) {
    this.#with = parameters;
    this.#events = new EventIndex(parameters);
  }

  /** All that is on offer. Waits for the first reading alone; later ones happen aside. */
  async offers(): Promise<readonly Offer[]> {
    const { fate, refreshMs, onError } = this.#with;
    if (this.#readAt === Number.NEGATIVE_INFINITY) {
      await this.refresh();
    } else if (fate.now() - this.#readAt > refreshMs) {
      this.refresh().catch(onError);
    }
    return this.#offers;
  }

  /** What was on offer at the last reading. */
  get known(): readonly Offer[] {
    return this.#offers;
  }

  /** Whether who had a model, by name or id, cannot be reached now. If so it is seen to aside whether they are back. */
  misses(model: string): boolean {
    const isWanted = ({ name, id }: { readonly name: string; readonly id: string }) =>
      name === model || id === model.toLowerCase();
    const isMissed = [...this.#entries.values()].some(({ away }) => modelsOf(away).some(isWanted));
    if (isMissed) {
      this.refresh().catch(this.#with.onError);
    }
    return isMissed;
  }

  /** Reads anew what is stale; calls at the same time share one reading. Throws ChainError if the chain cannot be read. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** The provider's card may not be as it was: it is read anew, aside. */
  distrust(provider: Address): void {
    this.reread(provider).catch(this.#with.onError);
  }

  /** Reads the provider's card anew, beside what else is stale. Throws as {@link refresh} does. */
  async reread(provider: Address): Promise<void> {
    await this.#refreshing?.catch(() => undefined); // It may have read this card already.
    const entry = this.#entries.get(provider);
    if (entry !== undefined) {
      this.#entries.set(provider, { ...entry, staleAt: 0 });
      await this.refresh();
    }
  }

  async #read(): Promise<void> {
    const { fate } = this.#with;
    const providers = await this.#events.update();
    await inParallel([...providers.values()], PARALLEL_CARDS, (published) => this.#look(published));
    const models = new Set([...this.#entries.values()].flatMap(({ card }) => modelsOf(card).map(({ id }) => id)));
    await inParallel([...models], PARALLEL_CARDS, async (model) => {
      const isVerified = await readMarket(this.#with.client, {
        ...this.#with,
        functionName: "isVerified",
        args: [model],
      });
      this.#verified.set(model, isVerified);
    });
    this.#offers = [...providers.values()].flatMap((published) => this.#offersOf(published));
    this.#readAt = fate.now();
  }

  /** Reads one card and bond, if they are stale. One that cannot be read is left out for a while. */
  async #look({ provider, uri }: PublishedProvider): Promise<void> {
    const { client, market, fetch, fate, refreshMs, onError } = this.#with;
    const known = this.#entries.get(provider);
    if (known !== undefined && known.uri === uri && known.staleAt > fate.now()) {
      return;
    }
    try {
      const options = { fetch, timeoutMs: CARD_TIMEOUT_MS, retries: 0 };
      const [card, bond] = await Promise.all([
        fetchCard(client, { market, provider, uri, ...options }),
        readCourt(client, { market, functionName: "bondOf", args: [provider] }),
      ]);
      const staleAt = fate.now() + refreshMs;
      this.#entries.set(provider, { uri, card, bond: bond.amount - bond.leaving, staleAt, failures: 0 });
    } catch (error) {
      const failures = (known?.failures ?? 0) + 1;
      const rest = Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** (failures - 1));
      const away = known?.card ?? known?.away;
      this.#entries.set(provider, { uri, card: undefined, away, bond: 0n, staleAt: fate.now() + rest, failures });
      onError(asTouchstoneError(error, "discovery"));
    }
  }

  #offersOf({ provider, slashings }: PublishedProvider): Offer[] {
    const entry = this.#entries.get(provider);
    const { card, bond = 0n } = entry ?? {};
    const live = card?.touchstone.live;
    const endpoint = card && cardEndpoint(card);
    const { chainId, asset } = this.#with;
    if (!card?.active || live === undefined || endpoint === undefined) {
      return [];
    }
    if (live.network !== caip2(chainId) || live.asset.toLowerCase() !== asset.toLowerCase()) {
      return [];
    }
    const { region } = card.touchstone;
    const shared = { provider, endpoint, region, live, bond, slashings };
    return modelsOf(card).map((model) => ({ ...shared, model, isVerified: this.#verified.get(model.id) ?? false }));
  }
}

function modelsOf(card: ProviderCard | undefined) {
  return card?.touchstone.live === undefined ? [] : card.touchstone.models;
}
