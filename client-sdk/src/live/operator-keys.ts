import { type Address, isAddressEqual } from "viem";
import type { OnMarket, ReadClient } from "../actions/internal/clients.ts";
import { readMarket } from "../actions/internal/transact.ts";

/** How long what the chain says of a key is believed. Milliseconds. */
const FRESH_MS = 60_000;

interface Known {
  readonly validFrom: number;
  readonly validUntil: number;
  readonly readAt: number;
}

/** Tells whether a key may sign for a provider; asks the chain once a minute. */
export class OperatorKeys {
  readonly #on: OnMarket & { readonly client: ReadClient; readonly now: () => number };
  readonly #known = new Map<string, Known>();

  /** @param on `now` in Unix milliseconds. */
  constructor(on: OnMarket & { readonly client: ReadClient; readonly now: () => number }) {
    this.#on = on;
  }

  /**
   * Whether `key` was the provider's own, or a valid operator key of it, at a time.
   *
   * @param at Unix seconds.
   */
  async maySign(provider: Address, key: Address, at: number): Promise<boolean> {
    if (isAddressEqual(provider, key)) {
      return true;
    }
    const { validFrom, validUntil } = await this.#read(provider, key);
    return validFrom <= at && at < validUntil;
  }

  async #read(provider: Address, key: Address): Promise<Known> {
    const { client, market, now } = this.#on;
    const name = `${provider}/${key}`;
    const known = this.#known.get(name);
    if (known !== undefined && now() - known.readAt < FRESH_MS) {
      return known;
    }
    const { validFrom, validUntil } = await readMarket(client, {
      market,
      functionName: "operatorKey",
      args: [provider, key],
    });
    const read = { validFrom, validUntil, readAt: now() };
    this.#known.set(name, read);
    return read;
  }
}
