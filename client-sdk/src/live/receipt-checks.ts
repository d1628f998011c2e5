import { type ReceiptCheck, type ReceiptCheckName, receiptChecks } from "../protocol/receipt-check.ts";
import type { KeptReceipt } from "./receipt-store.ts";

/** What a live client looks at, beside the receipt itself. */
export type LiveCheckName = ReceiptCheckName | "complete" | "recheck";

/** A fault that is told of the channel is one of what it was charged. */
const OVERCHARGED = { code: "OVERCHARGED", as: "RECEIPT_CUMULATIVE" } as const;

/**
 * What was checked of a receipt when it came, line by line, for people to see: the checks of `checkReceipt`, whether the answer
 * came to its end (`complete`), and what another provider found of it (`recheck`). Left out is what was not looked at: `output` of
 * answers that no court judges, `recheck` where nobody was asked.
 */
export function keptReceiptChecks({ faults, output, recheck }: KeptReceipt): readonly ReceiptCheck<LiveCheckName>[] {
  const known = faults.map((fault) => (fault.code === OVERCHARGED.code ? { ...fault, code: OVERCHARGED.as } : fault));
  const isLooked = ({ check, isPassed }: ReceiptCheck) => check !== "output" || !isPassed || output !== undefined;
  const cut = faults.find(({ code }) => code === "ANSWER_CUT");
  const refuted = faults.find(({ code }) => code === "RECHECK_REFUTED");
  const complete = { check: "complete", isPassed: cut === undefined } as const;
  const rechecked = { check: "recheck", isPassed: recheck === "confirmed" } as const;
  return [
    ...receiptChecks(known).filter(isLooked),
    { ...complete, sentence: cut?.message ?? "The answer came to its end." },
    ...(recheck === undefined
      ? []
      : [{ ...rechecked, sentence: refuted?.message ?? "Another provider's model agrees with the answer." }]),
  ];
}
