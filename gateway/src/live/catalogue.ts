import type { ListedProvider } from "@touchstone/sdk";
import type { CardModel } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";

/** One provider's offer of one model. */
export interface ListedOffer {
  readonly provider: ListedProvider;
  readonly model: CardModel;
}

/** A model that is on offer. */
export interface OfferedModel {
  readonly id: Hex;
  /** What buyers ask for. */
  readonly name: string;
  readonly offers: readonly ListedOffer[];
}

const FRESH_MS = 30_000;

/**
 * Who offers what, read from chain events and cards. What was read serves for half a minute, and on while it is read again: no
 * call waits for the card of a provider that is gone.
 */
export class Catalogue {
  readonly #discover: () => Promise<readonly ListedProvider[]>;
  #known: readonly OfferedModel[] | undefined;
  #reading: Promise<readonly OfferedModel[]> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(discover: () => Promise<readonly ListedProvider[]>) {
    this.#discover = discover;
  }

  /** All models, by name. */
  models(): Promise<readonly OfferedModel[]> {
    if (this.#known === undefined) {
      return this.#read();
    }
    if (performance.now() - this.#readAt > FRESH_MS) {
      this.#read().catch(() => undefined); // What is known serves on.
    }
    return Promise.resolve(this.#known);
  }

  /** Forgets what was read: the next question waits for what the chain says. */
  forget(): void {
    this.#known = undefined;
  }

  /** A model by its id on chain or its name; of several with one name the one that most providers offer. */
  async find(name: string): Promise<OfferedModel | undefined> {
    const models = await this.models();
    const byId = models.find(({ id }) => id === name.toLowerCase());
    const byName = models.filter((model) => model.name === name);
    return byId ?? byName.sort((a, b) => b.offers.length - a.offers.length)[0];
  }

  #read(): Promise<readonly OfferedModel[]> {
    this.#reading ??= this.#discover()
      .then((providers) => {
        this.#known = modelsOf(providers);
        this.#readAt = performance.now();
        return this.#known;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}

function modelsOf(providers: readonly ListedProvider[]): readonly OfferedModel[] {
  const models = new Map<Hex, { id: Hex; name: string; offers: ListedOffer[] }>();
  for (const provider of providers) {
    for (const model of provider.card.touchstone.models) {
      const known = models.get(model.id) ?? { id: model.id, name: model.name, offers: [] };
      known.offers.push({ provider, model });
      models.set(model.id, known);
    }
  }
  return [...models.values()].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}
