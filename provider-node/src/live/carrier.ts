import type { Address, Hex } from "viem";
import { revertOf } from "../chain/rpc.ts";
import type { SettlementReader } from "../chain/settlement.ts";
import type { Submitter } from "../chain/submitter.ts";
import type { Action } from "../chain/wallet.ts";
import { NodeError } from "../errors.ts";
import type { Store } from "../store/store.ts";

/** A payer's authorization to be brought to the chain, once. */
export interface Parcel {
  /** Of a deposit: its nonce; of an exact payment: its digest. */
  readonly id: Hex;
  readonly kind: "deposit" | "exact";
  /** Token units. */
  readonly amount: bigint;
  readonly payer: Address;
  readonly nonce: Hex;
  /** Unix seconds. */
  readonly validBefore: number;
  readonly action: Action;
}

/** What a carrier works with. */
export interface CarrierOptions {
  readonly store: Store;
  readonly reader: Pick<SettlementReader, "isUsed" | "hasSucceeded" | "play">;
  readonly submitter: Pick<Submitter, "send">;
  readonly token: Address;
  /** The key that sends. */
  readonly sender: Address;
}

/** What became of a parcel: nothing that the payer signed is ever brought twice, whatever was interrupted. */
export type Delivery =
  | { readonly has: "landed"; readonly transaction: Hex | "" }
  | { readonly has: "failed"; readonly reason: string };

/** Payers may write times that no column holds. Unix seconds. */
const LAST_TIME = 2 ** 40;

/** Brings deposits and exact payments to the chain, each written before it is sent; the chain settles what is unknown. */
export class Carrier {
  readonly #options: CarrierOptions;
  readonly #underWay = new Map<Hex, Promise<Delivery>>();

  constructor(options: CarrierOptions) {
    this.#options = options;
  }

  /** Whether a parcel has landed, as far as this node knows without asking. */
  hasLanded(id: Hex): boolean {
    return this.#options.store.transfers.get(id)?.state === "landed";
  }

  /**
   * Brings a parcel, or waits for one that is under way.
   *
   * @throws NodeError that is retryable: then it is not known what became of it, and the same call finds out.
   */
  bring(parcel: Parcel): Promise<Delivery> {
    const underWay =
      this.#underWay.get(parcel.id) ??
      this.#bring(parcel).finally(() => {
        this.#underWay.delete(parcel.id);
      });
    this.#underWay.set(parcel.id, underWay);
    return underWay;
  }

  async #bring(parcel: Parcel): Promise<Delivery> {
    const { store } = this.#options;
    const before = store.transfers.get(parcel.id);
    if (before?.state === "landed") {
      return { has: "landed", transaction: "" };
    }
    if (before?.state === "failed") {
      return { has: "failed", reason: "it failed before" };
    }
    const found = before === undefined ? await this.#tryOut(parcel) : await this.#find(parcel);
    if (found?.has === "failed") {
      return found;
    }
    if (found?.has === "landed") {
      return this.#note(parcel, found);
    }
    await this.#write(parcel, "unknown");
    return this.#send(parcel);
  }

  /** What can be known of a new one without sending it. */
  async #tryOut(parcel: Parcel): Promise<Delivery | undefined> {
    const { reader, sender } = this.#options;
    if (await this.#isUsed(parcel)) {
      // A deposit can only have gone into its channel, whoever brought it. An exact payment may have paid for another call.
      const landed = { has: "landed", transaction: "" } as const;
      return parcel.kind === "deposit" ? landed : { has: "failed", reason: "it was used before" };
    }
    try {
      await reader.play(parcel.action, sender);
      return undefined;
    } catch (error) {
      const revert = revertOf(error);
      if (revert === undefined) {
        throw error;
      }
      return { has: "failed", reason: revert.name };
    }
  }

  /** What became of one that may have been sent. */
  async #find(parcel: Parcel): Promise<Delivery | undefined> {
    const { store, reader } = this.#options;
    const intent = store.intents.latest(purposeOf(parcel));
    const hashes = intent?.attempts.map(({ hash }) => hash) ?? [];
    if (intent?.state === "done" && (await reader.hasSucceeded(hashes))) {
      return { has: "landed", transaction: hashes.at(-1) ?? "" };
    }
    return parcel.kind === "deposit" && (await this.#isUsed(parcel)) ? { has: "landed", transaction: "" } : undefined;
  }

  async #send(parcel: Parcel): Promise<Delivery> {
    try {
      const { hash } = await this.#options.submitter.send({ ...parcel.action, purpose: purposeOf(parcel) });
      return await this.#note(parcel, { has: "landed", transaction: hash });
    } catch (error) {
      if (!(error instanceof NodeError && error.code === "TRANSACTION_REVERTED")) {
        throw error;
      }
      if (parcel.kind === "deposit" && (await this.#isUsed(parcel))) {
        return this.#note(parcel, { has: "landed", transaction: "" });
      }
      return this.#note(parcel, { has: "failed", reason: String(error.details.reason ?? "unknown") });
    }
  }

  async #note(parcel: Parcel, delivery: Delivery): Promise<Delivery> {
    await this.#write(parcel, delivery.has);
    return delivery;
  }

  #write({ id, amount, ...times }: Parcel, state: "unknown" | "landed" | "failed"): Promise<void> {
    const { store } = this.#options;
    const validBefore = Math.min(times.validBefore, LAST_TIME);
    return store.commit(() => store.transfers.put({ id, amount, validBefore, state }));
  }

  #isUsed({ payer, nonce }: Parcel): Promise<boolean> {
    const { reader, token } = this.#options;
    return reader.isUsed(token, payer, nonce);
  }
}

function purposeOf({ kind, id }: Parcel): string {
  return `live:${kind}:${id}`;
}
