import { type LiveCheckName, TouchstoneError } from "@touchstone/sdk";
import { type Explanation, explain } from "./explain.ts";

type Words = Pick<Explanation, "title" | "sentence">;

/** What pages say in place of the SDK's own sentences, whose amounts are token units. */
const WORDS: Readonly<Record<string, Words>> = {
  BUDGET_TOTAL: {
    title: "The spending limit is reached",
    sentence: "Raise the limit in the settings, or take back what lies in channels. Nothing was spent on this message.",
  },
  BUDGET_CALL: {
    title: "The message costs more than the limit allows",
    sentence: "Raise the limit in the settings, or write a shorter message. Nothing was spent on it.",
  },
  BUDGET_PROVIDER: {
    title: "The spending limit is reached",
    sentence: "Raise the limit in the settings. Nothing was spent on this message.",
  },
  TOKEN_BALANCE_LOW: {
    title: "The wallet has too few tokens for the deposit",
    sentence:
      "Messages are paid from tokens in the wallet itself. Get some, or withdraw some from the market, then retry.",
  },
  WALLET_REFUSED: {
    title: "You declined the deposit in the wallet",
    sentence: "Nothing was spent. Send the message again when you want it.",
  },
  MODEL_NOT_OFFERED: {
    title: "Nobody sells this model now",
    sentence: "Choose another model, or try again in a minute.",
  },
  PROVIDERS_FAILED: {
    title: "No provider answered",
    sentence: "All that fit were tried, and none gave an answer. Try again in a moment, or let any provider answer.",
  },
  STREAM_BROKEN: {
    title: "The provider stopped in the middle",
    sentence: "What arrived is kept above. Ask again, or say something else: another provider may answer.",
  },
  STORE_BUSY: {
    title: "Another tab is buying with this account",
    sentence: "Two tabs must not pay from one channel. Close the other one, or buy here.",
  },
};

const OBSTACLES: Readonly<Record<string, string>> = {
  BOND_TOO_SMALL: "its bond is too small for such a call",
  DROPPED: "it was left for a receipt that did not hold",
  EXCLUDED: "it is not the one that you chose",
  PRICE_TOO_HIGH: "it asks more than your highest price",
  RESTING: "it failed a moment ago and is left alone for a while",
  SEAL_MISSING: "it takes no sealed prompts",
  UNVERIFIED: "its model is not verified",
  WITHDRAW_DELAY_TOO_LONG: "it keeps channels closed for too long",
  CONTEXT_TOO_SHORT: "its model reads too little text",
};

/** What failed while answers were bought, in words for people. */
export function explainLive(error: unknown): Explanation {
  if (!(error instanceof TouchstoneError)) {
    return explain(error);
  }
  if (error.code === "NO_OFFER_FITS") {
    return { title: "No provider fits your settings", sentence: obstaclesIn(error.message), isRetryable: true };
  }
  const words = WORDS[error.code];
  return words === undefined ? explain(error) : { ...words, isRetryable: true };
}

/** The obstacles that the SDK names in its sentence, each in words. */
function obstaclesIn(sentence: string): string {
  const named = Object.entries(OBSTACLES).filter(([name]) => sentence.includes(name));
  const told = named.map(([, words]) => words).join("; or ");
  return told === "" ? sentence : `Of each provider: ${told}. Loosen the settings, or try again in a minute.`;
}

/** What each check of a receipt is called. */
export const CHECK_NAMES: Readonly<Record<LiveCheckName, string>> = {
  signature: "Signature",
  parties: "Parties",
  request: "Your message",
  output: "The answer",
  amount: "Price",
  seq: "Number",
  cumulative: "Running total",
  time: "Time",
  complete: "Complete",
  recheck: "Second opinion",
};
