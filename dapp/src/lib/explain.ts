import { TouchstoneError } from "@touchstone/sdk";

/** A failure in words for people. */
export interface Explanation {
  /** A few words, without a full stop. */
  readonly title: string;
  /** What happened, and what to do about it. */
  readonly sentence: string;
  /** Whether trying again as it is may help. */
  readonly isRetryable: boolean;
}

const TITLES: Readonly<Record<string, string>> = {
  WALLET_REFUSED: "You declined it in the wallet",
  CONTRACT_REVERT: "The market does not allow it",
  RPC_FAILED: "The chain did not answer",
  RECEIPT_TIMEOUT: "The transaction is not mined yet",
  TRANSACTION_REVERTED: "The transaction failed",
  GAS_MONEY_MISSING: "The wallet has too little to pay for gas",
  HTTP_UNREACHABLE: "A server could not be reached",
  HTTP_TIMEOUT: "A server took too long",
  HTTP_STATUS: "A server refused",
  WALLET_FAILED: "The wallet did not sign",
  CHAIN_MISMATCH: "The wallet is on another chain",
  TOKEN_BALANCE_LOW: "The wallet has too few tokens",
  STORE_BUSY: "Another tab is buying",
  STORE_FAILED: "The browser keeps no more data",
};

/** EIP-1193 and JSON-RPC codes that wallets answer with. */
const WALLET_CODES: Readonly<Record<number, Explanation>> = {
  4001: {
    title: "You declined it in the wallet",
    sentence: "Nothing was sent. Press the button again when you want it.",
    isRetryable: true,
  },
  4100: { title: "The wallet has not allowed this page", sentence: "Connect the wallet again.", isRetryable: true },
  4200: { title: "The wallet cannot do this", sentence: "Use another wallet, or another way.", isRetryable: false },
  4902: {
    title: "The wallet does not know this chain",
    sentence: "Add the chain to the wallet, then try again.",
    isRetryable: true,
  },
  [-32002]: {
    title: "The wallet is waiting for you",
    sentence: "Open the wallet: a question is open there already.",
    isRetryable: true,
  },
};

/** Turns whatever was thrown into words. What nobody foresaw gets its own message, never a stack trace. */
export function explain(error: unknown): Explanation {
  const wallet = walletExplanation(error);
  if (wallet !== undefined) {
    return wallet;
  }
  if (error instanceof TouchstoneError) {
    return { title: TITLES[error.code] ?? "It did not work", sentence: error.message, isRetryable: error.retryable };
  }
  if (error instanceof Error) {
    const { shortMessage } = error as { readonly shortMessage?: string };
    return { title: "It did not work", sentence: firstLine(shortMessage ?? error.message), isRetryable: true };
  }
  return { title: "It did not work", sentence: "Nobody knows why. Try again.", isRetryable: true };
}

/** What the wallet said, wherever in the chain of causes. */
function walletExplanation(error: unknown): Explanation | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { readonly code?: unknown };
    const known = code === "WALLET_REFUSED" ? WALLET_CODES[4001] : WALLET_CODES[Number(code)];
    if (known !== undefined) {
      return known;
    }
  }
  return undefined;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
