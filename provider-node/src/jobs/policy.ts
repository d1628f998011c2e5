import { type JobSpec, SEALED } from "@touchstone/sdk/protocol";
import { type Address, isAddressEqual, zeroAddress } from "viem";
import { NodeError, type NodeErrorCode } from "../errors.ts";
import type { Measure } from "../store/jobs.ts";
import type { Prices } from "../terms.ts";

/** What the operator takes, and for how much. Amounts in token units. */
export interface PolicySettings extends Prices {
  readonly provider: Address;
  readonly maxItems: number;
  /** Accounts whose jobs are taken; empty: everybody's. */
  readonly buyers: readonly Address[];
  /** Longest window after which the node is paid, seconds. */
  readonly maxChallengeWindow: number;
  /** Jobs that the node owes at once. */
  readonly maxEngaged: number;
  /** Seconds that a transaction may take. */
  readonly landingSeconds: number;
}

/** Where the node stands when it is asked. */
export interface Situation {
  /** Chain time, unix seconds. */
  readonly now: number;
  /** Whether the node runs the job's model. */
  readonly isModelServed: boolean;
  /** What the job's input asks for; nothing before it is here. */
  readonly measure?: Measure | undefined;
  /** Tokens that the model writes in a second. */
  readonly tokensPerSecond: number;
  /** Seconds of work that the node owes already. */
  readonly queueSeconds: number;
  /** Jobs that the node owes already. */
  readonly engaged: number;
  /** Prices that the stake can still answer for, less what the node has promised off chain. */
  readonly capacity: bigint;
  /** Whether it takes no new work: it is stopping, or its owner said so. */
  readonly isDraining: boolean;
}

/** How a job is to come about: a posted one is accepted now, an order is done before it comes on chain. */
export type JobKind = "posted" | "order";

const MILLION = 1_000_000n;
/** A model reads a prompt so many times faster than it writes. */
const READING_SPEED = 8;
/** Of the time a job leaves, the part that the node dares to plan with. */
const USABLE_SHARE = 0.8;

/** The lowest price of a job, token units, rounded up: items, prompt tokens, and output to its maximum. */
export function floorPrice(settings: PolicySettings, items: number, measure?: Measure): bigint {
  const { pricePerItem, pricePerMillionInputTokens, pricePerMillionOutputTokens } = settings;
  const tokens =
    BigInt(measure?.promptTokens ?? 0) * pricePerMillionInputTokens +
    BigInt(measure?.maxOutputTokens ?? 0) * pricePerMillionOutputTokens;
  const price = BigInt(items) * pricePerItem + (tokens + MILLION - 1n) / MILLION;
  return price > 0n ? price : 1n; // a job of no price cannot be posted
}

/** Seconds that the model needs at most. */
export function secondsOf({ promptTokens, maxOutputTokens }: Measure, tokensPerSecond: number): number {
  return (maxOutputTokens + promptTokens / READING_SPEED) / tokensPerSecond;
}

/**
 * Why the node does not take a job on, or nothing if it does. Pure.
 *
 * Retryable refusals pass with time: the node is busy, or its stake is.
 */
export function refusalOf(
  spec: JobSpec,
  kind: JobKind,
  settings: PolicySettings,
  situation: Situation,
): NodeError | undefined {
  return (
    mismatchOf(spec, settings, situation) ??
    sizeRefusal(situation) ??
    priceRefusal(spec, settings, situation) ??
    timeRefusal(spec, kind, settings, situation) ??
    loadRefusal(spec, settings, situation)
  );
}

function mismatchOf(spec: JobSpec, settings: PolicySettings, { isModelServed }: Situation): NodeError | undefined {
  const { client, provider, items, flags, challengeWindow } = spec;
  if (!isModelServed) {
    return refuse("MODEL_NOT_SERVED", "This node does not run the job's model.", { model: spec.model });
  }
  if (!isAddressEqual(provider, zeroAddress) && !isAddressEqual(provider, settings.provider)) {
    return refuse("WRONG_PROVIDER", "The job names another provider.", { provider });
  }
  if (settings.buyers.length > 0 && !settings.buyers.some((buyer) => isAddressEqual(buyer, client))) {
    return refuse("BUYER_NOT_SERVED", "This node serves only the buyers that its operator named.", { client });
  }
  if (items < 1 || items > settings.maxItems) {
    const sentence = `This node takes 1 to ${settings.maxItems} items a job. Split the job.`;
    return refuse("TOO_MANY_ITEMS", sentence, { items, maxItems: settings.maxItems });
  }
  if ((flags !== 0 && flags !== SEALED) || !isAddressEqual(spec.callback, zeroAddress) || spec.callbackGas !== 0) {
    return refuse("SPEC_NOT_LISTABLE", "Callback and callbackGas must be zero, and flags nothing but `sealed`.", {
      flags,
    });
  }
  if (challengeWindow > settings.maxChallengeWindow) {
    const sentence = `This node waits at most ${settings.maxChallengeWindow} seconds for its pay. Shorten the window.`;
    return refuse("CHALLENGE_WINDOW_TOO_LONG", sentence, { challengeWindow, most: settings.maxChallengeWindow });
  }
  return undefined;
}

/** Nodes of the chain take no bigger transactions. */
const MAX_ANSWER_BYTES = 120_000;

/** Who cannot answer a demand on chain loses its stake: such an item must not be accepted. */
function sizeRefusal({ measure }: Situation): NodeError | undefined {
  const { answerBytes = 0 } = measure ?? {};
  const sentence = `An item may come to ${answerBytes} bytes with its trace: too many to show on chain. Shorten the request, or set \`max_tokens\`.`;
  return answerBytes > MAX_ANSWER_BYTES ? refuse("ITEM_TOO_LARGE", sentence, { most: MAX_ANSWER_BYTES }) : undefined;
}

function priceRefusal(spec: JobSpec, settings: PolicySettings, { measure }: Situation): NodeError | undefined {
  const floor = floorPrice(settings, spec.items, measure);
  const sentence = `This node asks at least ${floor} token units for the job. Raise its price.`;
  return spec.price < floor ? refuse("PRICE_TOO_LOW", sentence, { price: spec.price, floor }) : undefined;
}

function timeRefusal(
  spec: JobSpec,
  kind: JobKind,
  { landingSeconds }: PolicySettings,
  { now, measure, tokensPerSecond, queueSeconds }: Situation,
): NodeError | undefined {
  if (now + landingSeconds >= spec.acceptBy) {
    return refuse("TOO_LATE", "`acceptBy` is over or too near. Set it later.", { acceptBy: spec.acceptBy, now });
  }
  if (measure === undefined) {
    return undefined;
  }
  const left = (kind === "order" ? spec.acceptBy - now : spec.submitWithin) - landingSeconds;
  const needed = Math.ceil(queueSeconds + secondsOf(measure, tokensPerSecond));
  const name = kind === "order" ? "acceptBy" : "submitWithin";
  const sentence = `This node may need ${needed} seconds and would have ${Math.max(0, left)}. Set \`${name}\` later.`;
  return needed > left * USABLE_SHARE ? refuse("NOT_IN_TIME", sentence, { needed, left }) : undefined;
}

function loadRefusal(spec: JobSpec, settings: PolicySettings, situation: Situation): NodeError | undefined {
  const { engaged, capacity, isDraining } = situation;
  if (isDraining) {
    return refuse("DRAINING", "This node takes no new work now. Ask another, or ask again later.");
  }
  if (engaged >= settings.maxEngaged) {
    const sentence = "This node is as busy as it wants to be. Ask another, or ask again later.";
    return refuse("AT_CAPACITY", sentence, { engaged, most: settings.maxEngaged });
  }
  if (spec.price > capacity) {
    const sentence = "This provider's stake does not carry so high a price now. Ask again later, or split the job.";
    return refuse("EXPOSURE_EXCEEDED", sentence, { price: spec.price, capacity });
  }
  return undefined;
}

function refuse(code: NodeErrorCode, sentence: string, details: Readonly<Record<string, unknown>> = {}): NodeError {
  return new NodeError(code, sentence, { details });
}
