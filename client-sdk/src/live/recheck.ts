import { zeroHash } from "viem";
import * as z from "zod";
import { fetchBlobs } from "../actions/internal/content.ts";
import { type HttpOptions, httpJson, routeUrl } from "../actions/internal/http.ts";
import { ContentError } from "../errors.ts";
import { parseJson } from "../protocol/canonical.ts";
import { encodeEvidence } from "../protocol/evidence.ts";
import { TRACE_ENTRY_BYTES } from "../protocol/generated/constants.ts";
import type { MarketReference } from "../protocol/job.ts";
import { parseAs } from "../protocol/parse-as.ts";
import { priceOf } from "../protocol/price.ts";
import { decodeEnvelopeHeader, RECEIPT_HEADER } from "../protocol/receipt-envelope.ts";
import { receiptEvidence } from "../protocol/receipt-evidence.ts";
import { traceRoot } from "../protocol/trace.ts";
import { resultListSchema } from "../protocol/wire.ts";
import type { Directory } from "./directory.ts";
import type { Offer } from "./offer.ts";
import { type PaidParameters, sendPaid } from "./paid-request.ts";
import type { FullPolicy } from "./policy.ts";
import type { KeptReceipt } from "./receipt-store.ts";
import type { Reputation } from "./reputation.ts";
import { obstacleOf, rankOffers } from "./routing.ts";

/** What it takes to have answers looked at by others. */
export interface RecheckParameters extends PaidParameters, MarketReference {
  /** The court's `receiptLifetime`, seconds. */
  readonly lifetime: number;
  readonly directory: Directory;
  readonly reputation: Reputation;
  readonly policy: FullPolicy;
}

/** What another provider's run of the model says. */
export const secondOpinionSchema = z.looseObject({
  verdict: z.enum(["confirmed", "refuted"]),
  faults: z.array(z.looseObject({ code: z.string(), message: z.string() })),
  statistics: z.looseObject({ tokens: z.number(), mismatches: z.number(), margin: z.number(), distance: z.number() }),
});

const RECHECK_TIMEOUT_MS = 120_000;
const MAX_RESULT_BYTES = 65_536;
const MAX_TRACE_BYTES = 8 * 1024 * 1024;
const MAX_OPINION_BYTES = 1_048_576;

type Verdict = "confirmed" | "refuted";

/** Who refutes may be a rival that lies: another must agree, where there is another. */
const OPINIONS = 2;

/**
 * Has another provider of the same model say whether an answer came from it, and where it says no, one more: each paid like a
 * prompt of all its tokens.
 *
 * @returns Nothing where nobody else sells the model.
 * @throws Whatever fails on the way: that says nothing about the answer.
 */
export async function recheckElsewhere(kept: KeptReceipt, parameters: RecheckParameters): Promise<Verdict | undefined> {
  let verdict: Verdict | undefined;
  for (const other of otherOffers(kept, parameters).slice(0, OPINIONS)) {
    verdict = await opinionFrom(other, kept, parameters);
    if (verdict === "confirmed") {
      break;
    }
  }
  return verdict;
}

async function opinionFrom(
  other: Offer,
  kept: KeptReceipt,
  parameters: RecheckParameters,
): Promise<Verdict | undefined> {
  const { envelope, request, output } = kept;
  if (output === undefined) {
    return undefined;
  }
  const { chainId, market, lifetime, fetch } = parameters;
  const { receipt } = envelope;
  const trace = await fetchTrace(kept, { fetch, timeoutMs: RECHECK_TIMEOUT_MS });
  const exhibits = { chainId, market, lifetime, receipt, verified: true, request, output, trace };
  const body = new TextEncoder().encode(encodeEvidence(receiptEvidence(exhibits)));
  const inputTokens = receipt.promptTokens + Math.ceil(trace.length / TRACE_ENTRY_BYTES);
  const reserve = priceOf(other.model, { items: 1, inputTokens, outputTokens: 0 });
  const path = "touchstone/recheck";
  const terms = { path, body, type: "application/json", isStream: false, reserve, signal: undefined };
  const { payment, response } = await sendPaid(other, { ...terms, patienceMs: RECHECK_TIMEOUT_MS }, parameters);
  return await opinionOf(response, payment, parameters);
}

/** Other providers of the same model, the best by the rules of any call first. */
function otherOffers({ envelope }: KeptReceipt, parameters: RecheckParameters): readonly Offer[] {
  const { directory, reputation, policy, fate } = parameters;
  const { model, provider, promptTokens } = envelope.receipt;
  const size = { bytes: promptTokens, messages: 0, maxTokens: 0, expectedTokens: 0 };
  const context = { size, policy, records: reputation.records, dropped: reputation.dropped, fate };
  const others = directory.known.filter((offer) => offer.model.id === model && offer.provider !== provider);
  return rankOffers(
    others.filter((offer) => obstacleOf(offer, context) === undefined),
    context,
  );
}

/** The trace from who made it. Throws what `fetchBlobs` throws, and ContentError for a trace of another root. */
async function fetchTrace({ endpoint, job, envelope }: KeptReceipt, options: HttpOptions): Promise<Uint8Array> {
  const url = routeUrl(endpoint, `results/${job}`);
  const list = await httpJson(resultListSchema, "list of results", { ...options, url, maxBytes: MAX_RESULT_BYTES });
  const hash = list.items[0]?.traceHash ?? zeroHash;
  const blobs =
    hash === zeroHash ? [] : await fetchBlobs([hash], [endpoint], { ...options, maxItemBytes: MAX_TRACE_BYTES });
  const [trace = new Uint8Array()] = blobs;
  if (traceRoot(trace) !== envelope.traceRoot) {
    const sentence = `${url} hands out another trace than the one that its receipt commits to.`;
    throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { job } });
  }
  return trace;
}

async function opinionOf(
  response: Response,
  { channel, hold }: Awaited<ReturnType<typeof sendPaid>>["payment"],
  { fate, purse }: RecheckParameters,
): Promise<Verdict> {
  try {
    const header = response.headers.get(RECEIPT_HEADER);
    const text = await response.text();
    if (header !== null) {
      channel.ledger.settle(hold, decodeEnvelopeHeader(header).receipt, fate.now());
    }
    const value = text.length > MAX_OPINION_BYTES ? undefined : parseJson(text);
    return parseAs(secondOpinionSchema, value, "second opinion").verdict;
  } finally {
    channel.ledger.lose(hold, false, fate.now()); // of no effect once it is settled
    await purse.save(channel);
  }
}
