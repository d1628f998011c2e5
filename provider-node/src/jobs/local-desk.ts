import {
  inputReadToken,
  type JobProgress,
  type JobSpec,
  jobId,
  type MarketReference,
  quoteDigest,
  quoteTypedData,
  type ResultList,
  type SignedOrder,
  type SignedQuote,
  specFromWire,
  specToWire,
  type WireJobSpec,
} from "@touchstone/sdk/protocol";
import PQueue from "p-queue";
import { type Hex, isAddressEqual, type LocalAccount, zeroAddress } from "viem";
import type { Head } from "../chain/head.ts";
import type { MarketReader } from "../chain/market.ts";
import { revertOf } from "../chain/rpc.ts";
import { NodeError } from "../errors.ts";
import type { StageContext } from "../stages/context.ts";
import { measureInput } from "../stages/measure.ts";
import type { JobRow, Measure } from "../store/jobs.ts";
import type { Store } from "../store/store.ts";
import type { JobDesk } from "./desk.ts";
import type { Judge } from "./judge.ts";
import { factOf, isConfirmed, type Moment, statusOf } from "./machine.ts";
import { floorPrice } from "./policy.ts";
import { stageOf } from "./stage-of.ts";

/** What a desk works with. */
export interface DeskOptions {
  readonly reference: MarketReference;
  readonly account: LocalAccount;
  readonly store: Store;
  readonly market: MarketReader;
  readonly engines: StageContext["engines"];
  readonly judge: Judge;
  readonly head: Head;
  readonly quoteValiditySeconds: number;
  readonly moment: () => Moment;
  /** Called when there is new work. */
  readonly onWork: () => void;
}

/** A quote with less time left than this is of no use to a buyer. Seconds. */
const USABLE_SECONDS = 5;

/** The desk of this node: answers from its store, promises by its judge. */
export class LocalDesk implements JobDesk {
  readonly #options: DeskOptions;
  /** One order at a time, so that two cannot lean on the same reserve. */
  readonly #orders = new PQueue({ concurrency: 1 });

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /**
   * Quotes for an input that was sent by `POST /inputs`; with a price of zero the node names its lowest.
   *
   * @throws NodeError a refusal, see `refusalOf`; `INPUT_UNKNOWN`, `JOB_ALREADY_KNOWN`, `QUOTE_EXPIRED`.
   */
  async quote(template: WireJobSpec): Promise<SignedQuote> {
    const { reference, account, store, judge, head, quoteValiditySeconds } = this.#options;
    const wanted = this.#forUs(specFromWire(template));
    const measure = await this.#measure(wanted);
    const price = wanted.price === 0n ? floorPrice(judge.settings, wanted.items, measure) : wanted.price;
    const spec = { ...wanted, price };
    const job = jobId({ ...reference, spec });
    if (store.jobs.get(job) !== undefined) {
      throw new NodeError("JOB_ALREADY_KNOWN", "This job is posted already. Ask for a quote with another salt.");
    }
    const validUntil = Math.min(head.now() + quoteValiditySeconds, spec.acceptBy);
    const refusal = await judge.take({ id: job, spec, kind: "posted", measure }, validUntil);
    if (refusal !== undefined) {
      throw refusal;
    }
    const quote = this.#earlierQuote(job) ?? { job, validUntil };
    if (quote.validUntil < head.now() + USABLE_SECONDS) {
      judge.release(job);
      const sentence = "This job was quoted before and the quote is over. Ask again with another salt.";
      throw new NodeError("QUOTE_EXPIRED", sentence, { details: quote });
    }
    store.signatures.guard({ job, kind: "quote", digest: quoteDigest({ ...reference, quote }), payload: quote });
    const signature = await account.signTypedData(quoteTypedData({ ...reference, quote }));
    return { spec: specToWire(spec), quote, signer: account.address, signature };
  }

  /**
   * Takes an order into work whose fulfilment would go through as the chain stands.
   *
   * @throws NodeError a refusal, see `refusalOf`; `INPUT_UNKNOWN`, `JOB_ALREADY_KNOWN`, `RESERVE_TOO_LOW`,
   * `ORDER_SIGNATURE_INVALID`, `SPEC_NOT_LISTABLE`.
   */
  order({ spec: wire, signature }: SignedOrder): Promise<{ readonly job: Hex }> {
    return this.#orders.add(() => this.#takeOrder(specFromWire(wire), signature));
  }

  progress(job: Hex): JobProgress | undefined {
    const { store, moment, head } = this.#options;
    const row = store.jobs.get(job);
    if (row === undefined || head.block === undefined) {
      return undefined;
    }
    const { state, spec } = row;
    return {
      job,
      stage: stageOf(state, spec, moment()),
      done: store.results.count(job),
      items: spec.items,
      ...("reason" in state.work && { error: { ...state.work.reason } }),
    };
  }

  mayReadInput(input: Hex, token: Hex | undefined): boolean {
    const { inputs, jobs } = this.#options.store;
    if (!inputs.isSealed(input) || token === inputReadToken(inputs.list(input)?.requests ?? [])) {
      return true;
    }
    // Only its client brings a sealed job before the court, and thereby shows it.
    const isInCourt = ({ state }: JobRow) => ["locked", "demanded"].includes(statusOf(state));
    return jobs.active().some((job) => job.spec.input === input && isInCourt(job));
  }

  mayReadResults(job: Hex, token: Hex | undefined): boolean {
    const row = this.#options.store.jobs.get(job);
    return row === undefined || this.mayReadInput(row.spec.input, token);
  }

  results(job: Hex): ResultList | undefined {
    const { store, moment, head, judge } = this.#options;
    const call = store.calls.byJob(job);
    if (call !== undefined) {
      const { receipt, outputHash, traceRoot, traceHash } = call;
      const items = [{ outputHash, traceRoot, traceHash }];
      return { job, provider: receipt.provider, root: receipt.resultRoot, items };
    }
    const row = store.jobs.get(job);
    const submit = row && factOf(row.state, "submitted");
    if (row === undefined || submit?.root === undefined || head.block === undefined || !isConfirmed(submit, moment())) {
      return undefined;
    }
    const results = store.results.of(job);
    if (results.size !== row.spec.items) {
      return undefined; // pruned, or submitted by another node of this provider
    }
    const items = [...results.values()].map(({ tokens: _, ...item }) => item);
    return { job, provider: judge.settings.provider, root: submit.root, items };
  }

  async #takeOrder(spec: JobSpec, signature: Hex): Promise<{ readonly job: Hex }> {
    const { reference, store, judge, onWork } = this.#options;
    const job = jobId({ ...reference, spec });
    const before = store.jobs.get(job);
    if (before?.signature !== undefined) {
      return { job };
    }
    if (before !== undefined) {
      throw new NodeError("JOB_ALREADY_KNOWN", "This job is posted on chain already. Sign an order with another salt.");
    }
    if (isAddressEqual(spec.provider, zeroAddress)) {
      throw new NodeError("WRONG_PROVIDER", "An order must name its provider. See the card of this node.");
    }
    const measure = await this.#measure(spec);
    const refusal = await judge.take({ id: job, spec, kind: "order", measure }, spec.acceptBy);
    if (refusal !== undefined) {
      throw refusal;
    }
    try {
      await this.#requirePayable(spec, signature);
      store.transaction(() => {
        store.jobs.add({ id: job, spec, uri: "", signature });
        store.jobs.setMeasure(job, measure);
        store.jobs.apply(job, { type: "fetched" });
      });
    } finally {
      judge.release(job); // From here on the row keeps the capacity.
    }
    onWork();
    return { job };
  }

  /** Whether the order would pay now: its signature, the reserve behind it and the orders that lean on it already. */
  async #requirePayable(spec: JobSpec, signature: Hex): Promise<void> {
    const { market, judge } = this.#options;
    const { amount, leaving } = await market.reserveOf(spec.client);
    const free = amount - leaving - judge.orderedBy(spec.client);
    if (free < spec.price) {
      const sentence =
        "The client's reserve, less what is leaving and what earlier orders need, is under the price. Reserve more.";
      throw new NodeError("RESERVE_TOO_LOW", sentence, { details: { free, price: spec.price } });
    }
    try {
      await market.tryFulfil(spec, signature);
    } catch (error) {
      throw orderError(error);
    }
  }

  /** The spec with this provider in the place of none. */
  #forUs(spec: JobSpec): JobSpec {
    return isAddressEqual(spec.provider, zeroAddress)
      ? { ...spec, provider: this.#options.judge.settings.provider }
      : spec;
  }

  #measure({ input, items, model }: JobSpec): Promise<Measure> {
    const { store, engines } = this.#options;
    const engine = engines.get(model);
    if (engine === undefined) {
      throw new NodeError("MODEL_NOT_SERVED", "This node does not run the job's model. See its card.", {
        details: { model },
      });
    }
    const requests = store.inputs.list(input)?.requests;
    if (requests === undefined || requests.length !== items) {
      const sentence = "This node has no input of that root with so many items. Send it by POST /inputs first.";
      throw new NodeError("INPUT_UNKNOWN", sentence, { details: { input, items, known: requests?.length } });
    }
    return measureInput(requests, engine, store.blobs);
  }

  #earlierQuote(job: Hex): SignedQuote["quote"] | undefined {
    return this.#options.store.signatures.of(job, "quote")?.payload as SignedQuote["quote"] | undefined;
  }
}

/** What the market says against an order, for the buyer. */
function orderError(error: unknown): unknown {
  const revert = revertOf(error);
  switch (revert?.name) {
    case undefined:
      return error instanceof NodeError ? error : unavailable(error);
    case "InvalidSignature":
      return new NodeError(
        "ORDER_SIGNATURE_INVALID",
        "The signature is not the client's over this order. Sign it again.",
      );
    case "LedgerInsufficientReserve":
      return new NodeError("RESERVE_TOO_LOW", "The client's reserve is under the price. Reserve more.");
    case "StakingExposureExceeded":
    case "StakingBelowMinimum":
      return new NodeError(
        "EXPOSURE_EXCEEDED",
        "This provider's stake does not carry so high a price now. Ask again later.",
      );
    default:
      return new NodeError("SPEC_NOT_LISTABLE", `The market would refuse this order: ${revert?.name}.`, {
        details: { reason: revert?.name, args: revert?.args },
      });
  }
}

function unavailable(cause: unknown): NodeError {
  return new NodeError("RPC_UNAVAILABLE", "The node cannot reach the chain now. Ask again later.", { cause });
}
