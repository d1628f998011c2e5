import {
  type BuyerActions,
  buyerActions,
  type FetchResultsReturnType,
  type Offer,
  type WriteClient,
} from "@touchstone/sdk";
import {
  ContractRevertError,
  type ItemOutput,
  inputReadToken,
  JobStatus,
  requestHash,
  type SignedQuote,
  TouchstoneError,
} from "@touchstone/sdk/protocol";
import {
  type Address,
  createWalletClient,
  fallback,
  type Hex,
  http,
  type LocalAccount,
  type PublicActions,
  publicActions,
} from "viem";

/** The node of a provider. */
export interface JobNode {
  readonly url: string;
  readonly provider: Address;
  /** Of its card: by what requests are sealed for it. */
  readonly encryptionKey: string | undefined;
}

/** A job to be bought. */
export interface JobOrder {
  readonly model: Hex;
  /** The exact bytes of its items. */
  readonly requests: readonly Uint8Array[];
  /** Whom to ask. */
  readonly nodes: readonly JobNode[];
  /** Requests leave only encrypted, to nodes that have a key for it. */
  readonly isSealed: boolean;
  /** Whose offers are not taken any more. */
  readonly failedProviders: readonly Address[];
  /** Seconds from accept to submit; the market may allow less. */
  readonly submitWithin: number;
  /** Token units. */
  readonly maxPrice: bigint;
  readonly signal: AbortSignal;
}

/** The offer that was taken, or why there is none. */
export type Quoted =
  | { readonly offer: Offer; readonly inputRoot: Hex }
  | { readonly offer: undefined; readonly reason: string; readonly retryable: boolean };

/** How a job that was posted went on. */
export type JobEnd = "submitted" | "repaid";

type Client = WriteClient & BuyerActions & PublicActions;

const RPC_TIMEOUT_MS = 10_000;
/** What a node is given beyond its deadline before it is called overdue: its transaction may be on the way. */
const GRACE_SECONDS = 30;
const POLLS_OF_A_WAIT = 60;

/** Jobs of the market's job lane, bought in the name of one account. Transactions are sent one after the other. */
export class JobLane {
  readonly client: Client;
  readonly #account: LocalAccount;
  readonly #fromBlock: bigint | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly account: LocalAccount;
    readonly rpcUrls: readonly string[];
    readonly market: Address;
    readonly pollIntervalMs: number;
    readonly fromBlock?: bigint | undefined;
  }) {
    const { account, rpcUrls, market, pollIntervalMs } = options;
    this.#fromBlock = options.fromBlock;
    const transport = fallback(rpcUrls.map((url) => http(url, { timeout: RPC_TIMEOUT_MS, retryCount: 1 })));
    this.#account = account;
    this.client = createWalletClient({ account, transport, pollingInterval: pollIntervalMs })
      .extend(publicActions)
      .extend(buyerActions({ market }));
  }

  /** Uploads the input to all nodes, asks for their offers and takes the cheapest that fits. Sends nothing on chain. */
  async quote(order: JobOrder): Promise<Quoted> {
    const { model, requests, nodes, isSealed, failedProviders, maxPrice, signal } = order;
    const { maxSubmitWithin } = await this.client.getParameters();
    const submitWithin = Math.min(order.submitWithin, maxSubmitWithin);
    const { spec } = await this.client.prepareJob({ model, requests, price: 0n, submitWithin, sealed: isSealed });
    const urls = isSealed ? await this.#uploadSealed(order) : nodes.map(({ url }) => url);
    const { offers, refusals } = await this.client.requestQuotes({
      urls,
      spec,
      signal,
      ...(!isSealed && { requests }),
    });
    const fresh = offers.filter(({ provider }) => !failedProviders.includes(provider));
    const [offer] = fresh.filter(({ price }) => price <= maxPrice);
    if (offer !== undefined) {
      return { offer, inputRoot: spec.input };
    }
    const reasons = refusals.map(({ error }) => error.message);
    const dear =
      fresh.length > 0 ? [`The cheapest offer is ${fresh[0]?.price}, above the ceiling of ${maxPrice}.`] : [];
    const retryable = urls.length === 0 || refusals.some(({ error }) => error.retryable);
    return { offer: undefined, reason: [...dear, ...reasons].join(" ") || "Nobody makes an offer.", retryable };
  }

  /**
   * Posts a job by its quote, once, however often it is called: its id is fixed by the quote. Deposits what is missing from
   * the wallet first.
   *
   * @returns False where the quote is too old to be posted any more: then it never will be.
   */
  post(quote: SignedQuote): Promise<boolean> {
    return this.#inTurn(async () => {
      if (await this.#isKnown(quote.quote.job)) {
        return true;
      }
      try {
        await this.#fund(BigInt(quote.spec.price));
        await this.client.postAcceptedJob({ quote });
        return true;
      } catch (error) {
        if (await this.#isKnown(quote.quote.job)) {
          return true; // Its receipt was lost, not the transaction.
        }
        const { timestamp } = await this.client.getBlock();
        if (Number(timestamp) >= quote.quote.validUntil || isRevert(error, "QuoteExpired")) {
          return false;
        }
        throw error;
      }
    });
  }

  /**
   * Waits until a job has its result, or is repaid; a job that its provider lets lapse is brought to its end.
   *
   * @param onDone Told how many items the provider says are done.
   */
  async waitFor(
    job: Hex,
    { url, signal, onDone }: { url: string | undefined; signal: AbortSignal; onDone: (items: number) => void },
  ): Promise<JobEnd> {
    for (;;) {
      const { deadline, status } = await this.client.getJob({ job, fromBlock: this.#fromBlock });
      const now = Number((await this.client.getBlock()).timestamp);
      if (status === JobStatus.Accepted && deadline !== undefined && now > deadline + GRACE_SECONDS) {
        await this.#inTurn(() => this.client.expireJob({ job, fromBlock: this.#fromBlock })).catch(ignoreRevert);
        continue; // Expired by us or by somebody else; or submitted just now.
      }
      const untilLapse = deadline === undefined ? 0 : deadline + GRACE_SECONDS + 1 - now;
      try {
        await this.client.waitForJob({
          job,
          fromBlock: this.#fromBlock,
          url,
          signal,
          until: "submitted",
          // In slices: the chain's time is not ours.
          timeoutMs: Math.min(Math.max(untilLapse, 1) * 1000, POLLS_OF_A_WAIT * this.client.pollingInterval),
          onProgress: ({ node }) => onDone(node?.done ?? 0),
        });
        return "submitted";
      } catch (error) {
        if (hasCode(error, "JOB_ENDED")) {
          return "repaid";
        }
        if (!hasCode(error, "JOB_WAIT_TIMEOUT")) {
          throw error;
        }
      }
    }
  }

  /**
   * The results of a job, each checked against the root on chain.
   *
   * @param job.requests What a sealed job's results are shown for.
   */
  fetch(
    job: {
      readonly id: Hex;
      readonly url: string | undefined;
      readonly requests: readonly Uint8Array[];
      isSealed: boolean;
    },
    signal: AbortSignal,
  ): Promise<FetchResultsReturnType> {
    const { id, url, requests, isSealed } = job;
    const readToken = isSealed ? inputReadToken(requests.map(requestHash)) : undefined;
    const from = { job: id, fromBlock: this.#fromBlock, signal, readToken };
    return this.client.fetchResults({ ...from, ...(url !== undefined && { urls: [url] }) });
  }

  /** Uploads the input to each node that can open it; gives the bases of those that took it. */
  async #uploadSealed({ nodes, model, requests, signal }: JobOrder): Promise<readonly string[]> {
    const taken = await Promise.all(
      nodes.map(async ({ url, provider, encryptionKey: publicKey }) => {
        const seal = publicKey === undefined ? undefined : { publicKey, model, provider };
        const upload = seal && this.client.uploadInput({ url, requests, seal, signal });
        return await upload?.then(
          () => url,
          () => undefined,
        );
      }),
    );
    signal.throwIfAborted();
    return taken.filter((url) => url !== undefined);
  }

  /** Moves what is missing for a price from the wallet into the market. */
  async #fund(price: bigint): Promise<void> {
    const { balance } = await this.client.getAccount({ account: this.#account.address });
    if (balance < price) {
      await this.client.depositWithPermit({ amount: price - balance });
    }
  }

  async #isKnown(job: Hex): Promise<boolean> {
    try {
      await this.client.getJob({ job, fromBlock: this.#fromBlock });
      return true;
    } catch (error) {
      if (hasCode(error, "JOB_UNKNOWN")) {
        return false;
      }
      throw error;
    }
  }

  /** One transaction at a time, so that nonces never meet. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Tokens of prompt and answer in an output, as it says. */
export function tokensOf(output: ItemOutput | undefined): { readonly input: number; readonly output: number } {
  const isAnswer = output !== undefined && "text" in output;
  return isAnswer ? { input: output.promptTokens, output: output.tokens.length } : { input: 0, output: 0 };
}

/** Whether an error is one of ours with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof TouchstoneError && error.code === code;
}

function isRevert(error: unknown, name: string): boolean {
  return error instanceof ContractRevertError && error.errorName === name;
}

function ignoreRevert(error: unknown): void {
  if (!(error instanceof ContractRevertError)) {
    throw error;
  }
}
