import { type JobSpec, TRACE_ENTRY_BYTES } from "@touchstone/sdk/protocol";
import PQueue from "p-queue";
import { type Address, type Hex, isAddressEqual } from "viem";
import type { Head } from "../chain/head.ts";
import type { MarketReader } from "../chain/market.ts";
import { NodeError } from "../errors.ts";
import type { StageContext } from "../stages/context.ts";
import type { JobRow, Measure } from "../store/jobs.ts";
import type { Store } from "../store/store.ts";
import type { Prices, Terms } from "../terms.ts";
import { isBeforeAccept, isEngaged, statusOf, unseen } from "./machine.ts";
import { type JobKind, type PolicySettings, refusalOf, secondsOf } from "./policy.ts";
import type { Speed } from "./speed.ts";

/** What a judge looks at. */
export interface JudgeOptions {
  readonly settings: Omit<PolicySettings, keyof Prices>;
  readonly terms: Terms;
  readonly store: Store;
  readonly market: MarketReader;
  readonly engines: StageContext["engines"];
  readonly speed: Speed;
  readonly head: Head;
  /** Whether the node is stopping. */
  readonly isDraining: () => boolean;
}

/** What an output takes on disk: its text, its token ids and its trace, and what is around them. */
const BYTES_PER_TOKEN = 16 + TRACE_ENTRY_BYTES;
const BYTES_PER_ITEM = 256;

/** A job to be judged. */
export interface Candidate {
  readonly id: Hex;
  readonly spec: JobSpec;
  readonly kind: JobKind;
  readonly measure?: Measure | undefined;
}

/** Something that the node promised and that is not its job on chain yet: a quote, or an accept under way. */
interface Promised extends Candidate {
  /** Unix seconds. */
  readonly until: number;
}

/** Gathers the situation of the node and asks the policy. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #queue = new PQueue({ concurrency: 1 });
  #promises: Promised[] = [];

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** With the prices in force. */
  get settings(): PolicySettings {
    const { settings, terms } = this.#options;
    return { ...settings, ...terms.prices };
  }

  /** Why the node does not take a job on, or nothing. */
  async refusalOf({ id, spec, kind, measure }: Candidate): Promise<NodeError | undefined> {
    const { market, engines, speed, head, terms, isDraining } = this.#options;
    const diskRefusal = await this.#diskRefusal(spec, measure);
    if (diskRefusal !== undefined) {
      return diskRefusal;
    }
    const onChain = await market.capacity();
    const owed = this.#owed().filter((candidate) => candidate.id !== id);
    const promised = owed.filter(({ isOnChain }) => !isOnChain).reduce((sum, other) => sum + other.spec.price, 0n);
    return refusalOf(spec, kind, this.settings, {
      now: head.now(),
      isModelServed: engines.has(spec.model),
      measure,
      tokensPerSecond: speed.of(spec.model),
      queueSeconds: owed.reduce((sum, other) => sum + other.seconds, 0),
      engaged: owed.length,
      capacity: onChain > promised ? onChain - promised : 0n,
      isDraining: isDraining() || terms.isDrained,
    });
  }

  /** As {@link refusalOf}; without a refusal it keeps the capacity for the job until then, unix seconds. One at a time. */
  take(candidate: Candidate, until: number): Promise<NodeError | undefined> {
    return this.#queue.add(async () => {
      const refusal = await this.refusalOf(candidate);
      if (refusal === undefined) {
        this.release(candidate.id);
        this.#promises.push({ ...candidate, until });
      }
      return refusal;
    });
  }

  /** Gives back the capacity that was kept for a job. */
  release(job: Hex): void {
    this.#promises = this.#promises.filter(({ id }) => id !== job);
  }

  /** Prices of a client's orders that are not on chain yet. */
  orderedBy(client: Address): bigint {
    return this.#engaged()
      .filter(({ spec, state }) => statusOf(state) === "ordered" && isAddressEqual(spec.client, client))
      .reduce((sum, { spec }) => sum + spec.price, 0n);
  }

  /** A node that could not keep the outputs must not promise them. */
  async #diskRefusal({ items }: JobSpec, measure: Measure | undefined): Promise<NodeError | undefined> {
    const bytes = items * BYTES_PER_ITEM + (measure?.maxOutputTokens ?? 0) * BYTES_PER_TOKEN;
    try {
      await this.#options.store.blobs.ensureRoom(bytes);
      return undefined;
    } catch (error) {
      if (error instanceof NodeError) {
        return error;
      }
      throw error;
    }
  }

  #engaged(): JobRow[] {
    const now = this.#options.head.now();
    return this.#options.store.jobs.active().filter(({ spec, state }) => isEngaged(state, spec, now));
  }

  /** All that the node owes, with the seconds that it may still take. */
  #owed() {
    const { store, speed, head } = this.#options;
    const now = head.now();
    const engaged = this.#engaged();
    const isBegun = ({ id }: Promised) => !isBeforeAccept(store.jobs.get(id)?.state ?? unseen("none"));
    this.#promises = this.#promises.filter((promise) => now < promise.until && !isBegun(promise));
    const others = this.#promises.filter(({ id }) => !engaged.some((job) => job.id === id));
    const promised = others.map(({ id, spec, measure }) => ({
      id,
      spec,
      isOnChain: false,
      seconds: measure === undefined ? 0 : secondsOf(measure, speed.of(spec.model)),
    }));
    const begun = engaged.map(({ id, spec, state, measure }) => {
      const left = state.work.name === "executed" ? 0 : 1 - store.results.count(id) / spec.items;
      const seconds = measure === undefined ? 0 : left * secondsOf(measure, speed.of(spec.model));
      return { id, spec, isOnChain: statusOf(state) !== "ordered", seconds };
    });
    return [...promised, ...begun];
  }
}
