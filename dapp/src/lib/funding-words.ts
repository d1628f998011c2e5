import type { FundingStep } from "@touchstone/sdk";

const ASKED: Readonly<Record<Exclude<FundingStep["action"], "wait">, string>> = {
  batch: "Confirm in your wallet: approval and deposit together",
  approve: "Confirm in your wallet: the market may take this amount",
  permit: "Sign in your wallet: the market may take this amount (costs no gas)",
  deposit: "Confirm in your wallet: the deposit",
};

/** What a deposit waits for now, in words. */
export function stepWords(step: FundingStep | undefined): string {
  if (step === undefined) {
    return "Asking the wallet how it deposits.";
  }
  const { action, confirmation, confirmations } = step;
  if (action === "wait") {
    return "Confirmed. Waiting for the block.";
  }
  const count = confirmations === 1 ? "the only confirmation" : `confirmation ${confirmation} of ${confirmations}`;
  return `${ASKED[action]} (${count}).`;
}
