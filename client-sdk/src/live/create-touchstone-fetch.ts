import { type Address, isAddressEqual } from "viem";
import { getBlock } from "viem/actions";
import { listChannels } from "../actions/list-channels.ts";
import { TouchstoneError } from "../errors.ts";
import { assemble, type LiveParts, readerOf, type TouchstoneFetchParameters } from "./assembly.ts";
import type { TopUp } from "./deposit.ts";
import { openFeed } from "./feed.ts";
import { MODEL_HEADER, PROVIDER_HEADER } from "./headers.ts";
import { type LiveCall, readCall, routePath } from "./live-call.ts";
import { errorResponse, LiveError } from "./live-error.ts";
import { modelsResponse } from "./models-route.ts";
import type { KeptReceipt, ReceiptCriteria } from "./receipt-store.ts";
import { refundRest } from "./refund.ts";
import { relay } from "./relay.ts";
import { RefusedError } from "./shop.ts";
import { type LiveStatus, statusOf } from "./status.ts";
import type { Sale } from "./try-offer.ts";
import { writerOf } from "./wallet.ts";
import { readWhole } from "./whole-answer.ts";
import { type Withdrawal, withdrawRest } from "./withdrawals.ts";

/** A `fetch` that buys from the market, and what goes with it. */
export interface TouchstoneFetch {
  (input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** Reads the market, so that the first call need not wait for that. Throws ChainError. */
  ready(): Promise<void>;
  /** What was spent, and with whom. */
  status(): Promise<LiveStatus>;
  /** Receipts that were kept, in the order in which they came. */
  receipts(criteria?: ReceiptCriteria): Promise<readonly KeptReceipt[]>;
  /**
   * Has the wallet sign a deposit now: it travels with the next call to the provider, which opens the channel where there is
   * none yet. It counts against the budget at once. Without a call until `until`, or where the page is closed before, nothing
   * was spent. A second one before that call takes the place of the first.
   *
   * @param parameters `amount`: token units, at least the `minDeposit` of the provider's card.
   * @throws LiveError `BUDGET_...`, `CALL_INVALID`, `CHAIN_MISMATCH`, `NO_OFFER_FITS`, `TOKEN_BALANCE_LOW`, `WALLET_REFUSED`,
   *   `WALLET_FAILED`. Then nothing has changed.
   */
  topUp(parameters: { readonly provider: Address; readonly amount: bigint }): Promise<TopUp>;
  /**
   * Takes up what the chain knows of the wallet's channels and the store does not, as after a browser's data was cleared: then
   * {@link withdraw} gets what is in them. Reads the chain from `fromBlock` on.
   *
   * @returns How many were found with something in them. Throws ChainError.
   */
  recover(): Promise<number>;
  /**
   * Takes back by the chain alone what is left in channels: the first call asks, one after the channel's delay gets it.
   * Channels that are asked for pay no more calls. The wallet asks, so channels of a session key that is lost come back too.
   */
  withdraw(): Promise<readonly Withdrawal[]>;
  /**
   * Takes no more calls, and resolves when all that was begun has ended.
   *
   * @param options `refund`: providers are asked for the rest of their channels. One that does not answer keeps its channel, as do
   *   channels of another session key; {@link withdraw} gets those.
   */
  close(options?: { readonly refund?: boolean }): Promise<void>;
}

/**
 * Makes a `fetch` for the official `openai` client, the AI SDK, LangChain and whatever else takes one. It finds providers by the
 * market's events, picks one by price, speed and record, pays by voucher at once, tries the next where one fails, and checks
 * and keeps the receipt of every call. The host of the URL does not matter, only what follows `/v1/`.
 *
 * @returns What fails comes as a response in OpenAI's shape, see `LiveError`; only an aborted signal, and a chain that cannot be
 *   read at the start, reject.
 * @example
 * const fetch = createTouchstoneFetch({ wallet: account, rpcUrl, market, budget: { total: 5_000_000n } });
 * const openai = new OpenAI({ baseURL: "https://touchstone.invalid/v1", apiKey: "none", fetch });
 */
export function createTouchstoneFetch(parameters: TouchstoneFetchParameters): TouchstoneFetch {
  let parts: Promise<LiveParts> | undefined;
  let isClosed = false;
  const assembled = (): Promise<LiveParts> => {
    parts ??= assemble(parameters).catch((error: unknown) => {
      parts = undefined; // the next call tries again
      throw error;
    });
    return parts;
  };
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    try {
      if (isClosed) {
        throw new LiveError("CLIENT_CLOSED", "This client was closed: make another one.");
      }
      return await answer(await assembled(), input, init);
    } catch (error) {
      return refusal(error);
    }
  };
  return Object.assign(fetch, {
    async ready() {
      await (await assembled()).directory.offers();
    },
    async status() {
      const { purse, reputation, signer } = await assembled();
      return statusOf(purse, reputation, signer);
    },
    async receipts(criteria?: ReceiptCriteria) {
      const { receipts, auditor } = await assembled();
      await auditor.idle();
      return await receipts.list(criteria);
    },
    async topUp({ provider, amount }: { readonly provider: Address; readonly amount: bigint }) {
      return await topUp(await assembled(), provider, amount);
    },
    async recover() {
      return await recover(parameters, await assembled());
    },
    async withdraw() {
      return await withdraw(parameters, await assembled());
    },
    async close({ refund = false } = {}) {
      isClosed = true;
      if (parts !== undefined) {
        await close(parameters, await parts, refund);
      }
    },
  });
}

async function answer(parts: LiveParts, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const { directory, auditor, policy, fate, shop } = parts;
  const method = (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase();
  if (method === "GET") {
    const path = routePath(input instanceof Request ? input.url : String(input));
    const listed = path === undefined ? undefined : modelsResponse(path, await directory.offers());
    if (listed !== undefined) {
      return listed;
    }
  }
  const call = await readCall(input, init);
  const tried = new Set<string>();
  if (!call.isStream) {
    const { sale, delivered } = await shop.buy(call, tried, (one, response) => readWhole(one, response, parts));
    return new Response(delivered, { headers: headersOf(sale, "application/json") });
  }
  const reopen = () => openOne(parts, call, tried).then(({ delivered }) => delivered);
  const { sale, delivered: feed } = await openOne(parts, call, tried);
  const body = relay(call, feed, { auditor, policy, fate, reopen });
  return new Response(body, { headers: headersOf(sale, "text/event-stream; charset=utf-8") });
}

function openOne(parts: LiveParts, call: LiveCall, tried: Set<string>) {
  return parts.shop.buy(call, tried, (sale, response) => openFeed(sale, response, parts));
}

function headersOf({ offer }: Sale, type: string): Headers {
  return new Headers({
    "content-type": type,
    "cache-control": "no-store",
    [PROVIDER_HEADER]: offer.provider,
    [MODEL_HEADER]: offer.model.id,
  });
}

/** What fails, as a response; only what the client itself aborted, and what nobody foresaw, is thrown on. */
function refusal(error: unknown): Response {
  if (error instanceof RefusedError) {
    return error.response;
  }
  if (error instanceof LiveError) {
    return errorResponse(error);
  }
  throw error;
}

async function topUp({ directory, reputation, purse }: LiveParts, provider: Address, amount: bigint): Promise<TopUp> {
  const offers = await directory.offers();
  const offer = offers.find((one) => isAddressEqual(one.provider, provider));
  if (offer === undefined || reputation.dropped.has(offer.provider)) {
    const sentence = `${provider} sells no live calls now, or was left for a lie: choose another provider.`;
    throw new LiveError("NO_OFFER_FITS", sentence, { details: { provider } });
  }
  return await purse.topUp(offer, amount);
}

async function recover(parameters: TouchstoneFetchParameters, { purse, signer }: LiveParts): Promise<number> {
  const { market, fromBlock } = parameters;
  const payer = signer.account.address;
  let found = 0;
  for (const config of await listChannels(readerOf(parameters), { market, payer, fromBlock })) {
    found += (await purse.takeUp(config)) ? 1 : 0;
  }
  return found;
}

async function withdraw(parameters: TouchstoneFetchParameters, { purse }: LiveParts): Promise<readonly Withdrawal[]> {
  const client = writerOf(parameters.wallet, readerOf(parameters));
  const { timestamp } = await getBlock(client);
  const withdrawals: Withdrawal[] = [];
  for (const channel of purse.channels) {
    const withdrawal = await withdrawRest(client, channel, Number(timestamp));
    await purse.save(channel);
    withdrawals.push(...(withdrawal === undefined ? [] : [withdrawal]));
  }
  return withdrawals;
}

async function close(parameters: TouchstoneFetchParameters, parts: LiveParts, refund: boolean): Promise<void> {
  const { auditor, purse, directory, paid, signer } = parts;
  await auditor.idle();
  const ours = purse.channels.filter(({ config }) => isAddressEqual(config.payerAuthorizer, signer.authorizer));
  for (const channel of refund ? ours : []) {
    const { provider, deposited, charged } = channel.ledger.record;
    const endpoint = directory.known.find((offer) => offer.provider === provider)?.endpoint;
    if (endpoint !== undefined && deposited > charged) {
      await refundRest(channel, { ...paid, signer, endpoint }).catch((error: unknown) => {
        parameters.onError?.(
          error instanceof TouchstoneError ? error : new Error("The refund failed.", { cause: error }),
        );
      });
    }
  }
  await parameters.channels?.close?.();
}
