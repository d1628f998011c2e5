import { judgeEvidence, type KeptReceipt } from "@touchstone/sdk";
import { receiptEvidence } from "@touchstone/sdk/protocol";
import { zeroHash } from "viem";
import type { Settings } from "../config.ts";
import { NodeError } from "../errors.ts";
import type { Host } from "./host.ts";
import { fetchKeptTrace } from "./kept-trace.ts";
import { type MarketToken, marketClient, readToken, showAmount } from "./market.ts";
import { sayJson, sayTable } from "./output.ts";
import type { JudgeOf } from "./own-models.ts";
import { bindReceipt, faultsOf, type ReceiptFaultFound, type ReceiptPlace } from "./receipt-facts.ts";

/** What a check says of a receipt, and of the answer that it is of. */
export interface CheckedReceipt {
  readonly kept: KeptReceipt;
  /** As of a result; `unjudged` says nothing about the provider. */
  readonly verdict: "confirmed" | "plausible" | "refuted" | "unjudged";
  /** What speaks against the provider whoever looks at it. */
  readonly faults: readonly ReceiptFaultFound[];
  /** Why it could not be judged. */
  readonly reason?: { readonly code: string | undefined; readonly message: string };
}

/** Receipts that were checked, and the token that they are in. */
export interface CheckedReceipts {
  readonly token: MarketToken;
  readonly isFull: boolean;
  readonly checked: readonly CheckedReceipt[];
}

/**
 * Checks receipts that a buyer kept: that the provider signed them and they are of the bytes kept beside them, that numbers
 * and sums of a channel do not contradict each other, and, given models, that the answer is the model's.
 *
 * @throws NodeError `CONFIG_MISSING` without a market: a receipt does not name the one that it holds on.
 */
export async function checkReceipts(
  settings: Settings,
  receipts: readonly KeptReceipt[],
  judgeOf?: JudgeOf,
): Promise<CheckedReceipts> {
  const { market } = settings;
  if (market === undefined) {
    const sentence = "The settings name no market, and a receipt holds on one only: give --market.";
    throw new NodeError("CONFIG_MISSING", sentence, { details: { missing: "market" } });
  }
  const client = marketClient({ ...settings, market });
  const token = await readToken(client, market);
  const [chainId, { receiptLifetime: lifetime }] = await Promise.all([
    client.getChainId(),
    client.getCourtParameters(),
  ]);
  const place = { client, chainId, market, lifetime };
  const bound = await Promise.all(receipts.map((kept) => bind(kept, place)));
  // Only what providers signed is held against them: anybody can write a receipt into a file.
  const signed = bound.flatMap(({ kept, reason }) => (reason === undefined ? [kept] : []));
  const checked: CheckedReceipt[] = [];
  for (const one of bound) {
    checked.push(one.reason === undefined ? await check(one.kept, { place, settings, signed, judgeOf }) : one);
  }
  return { token, isFull: judgeOf !== undefined, checked };
}

async function bind(kept: KeptReceipt, place: ReceiptPlace): Promise<CheckedReceipt> {
  try {
    await bindReceipt(kept, place);
    return { kept, verdict: "plausible", faults: [] };
  } catch (error) {
    return unjudged(kept, error);
  }
}

/** Whatever hinders a check says nothing about the provider. */
function unjudged(kept: KeptReceipt, error: unknown): CheckedReceipt {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  return { kept, verdict: "unjudged", faults: [], reason: { code, message } };
}

interface Means {
  readonly place: ReceiptPlace;
  readonly settings: Settings;
  /** Receipts that were signed. */
  readonly signed: readonly KeptReceipt[];
  readonly judgeOf: JudgeOf | undefined;
}

async function check(kept: KeptReceipt, means: Means): Promise<CheckedReceipt> {
  try {
    const faults = await faultsOf(kept, means.signed);
    return faults.length > 0 ? { kept, verdict: "refuted", faults } : { kept, ...(await judge(kept, means)) };
  } catch (error) {
    return unjudged(kept, error);
  }
}

async function judge(
  kept: KeptReceipt,
  { place: { client: _, ...place }, settings, judgeOf }: Means,
): Promise<Pick<CheckedReceipt, "verdict" | "faults">> {
  const { envelope, request, output } = kept;
  const { receipt } = envelope;
  if (judgeOf === undefined || output === undefined || receipt.resultRoot === zeroHash) {
    return { verdict: "plausible", faults: [] }; // Of a call that was cut short a receipt accounts only.
  }
  const trace = await fetchKeptTrace(kept, settings);
  const evidence = receiptEvidence({ ...place, receipt, verified: true, request, output, trace });
  return await judgeEvidence(evidence, await judgeOf(evidence));
}

/** Tells what became of receipts; gives the verdict over all. */
export function tellReceipts(
  host: Host,
  { token, isFull, checked }: CheckedReceipts,
  options: Readonly<Record<string, unknown>>,
): CheckedReceipt["verdict"] {
  const worst = (["refuted", "unjudged", "plausible"] as const).find((one) => checked.some((c) => c.verdict === one));
  const verdict = worst ?? "confirmed";
  if (options.json) {
    sayJson(host, { level: isFull ? "full" : "light", verdict, receipts: checked.map(toldOf) });
    return verdict;
  }
  for (const one of checked) {
    sayTable(host, rowsOf(one, token));
  }
  return verdict;
}

function toldOf({ kept, ...rest }: CheckedReceipt) {
  const { digest, job, envelope, faults: noted } = kept;
  const { verdict, faults, reason } = rest;
  return { digest, job, ...envelope.receipt, verdict, faults, noted, ...(reason && { reason }) };
}

const VERDICTS: Readonly<Record<CheckedReceipt["verdict"], string>> = {
  confirmed: "confirmed: signed, in order, and the model agrees",
  plausible: "plausible: signed and in order; the model was not asked (--full), or the call was cut short",
  refuted: "refuted: it speaks against the provider",
  unjudged: "not judged: that says nothing about the provider",
};

function rowsOf({ kept, verdict, faults, reason }: CheckedReceipt, token: MarketToken): string[][] {
  const { digest, envelope, faults: noted } = kept;
  const { provider, channelId, seq, amount, cumulative, promptTokens, completionTokens } = envelope.receipt;
  return [
    ["receipt", digest],
    ["provider", provider],
    ["call", `${seq} of channel ${channelId}`],
    ["tokens", `${promptTokens} in, ${completionTokens} out`],
    ["charged", `${showAmount(amount, token)}, ${showAmount(cumulative, token)} in all`],
    ["verdict", VERDICTS[verdict]],
    ...faults.map(({ code, message }) => ["", `${message} (${code})`]),
    ...(reason === undefined ? [] : [["", `${reason.message}${reason.code === undefined ? "" : ` (${reason.code})`}`]]),
    ...noted.map(({ code, message }) => ["noted when it came", `${message} (${code})`]),
  ];
}
