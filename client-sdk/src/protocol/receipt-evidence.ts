import type { ResultEvidence } from "./evidence.ts";
import { type ReceiptReference, receiptJob, receiptSpec } from "./receipt.ts";
import { traceRoot } from "./trace.ts";

/** A call's receipt and all bytes behind it. */
export type ReceiptExhibits = ReceiptReference & {
  /** Whether the court could judge the model, so that its terms ask for traces. */
  readonly verified: boolean;
  /** The exact bytes, as the receipt's hashes are over them. */
  readonly request: Uint8Array;
  readonly output: Uint8Array;
  /** The whole trace; empty where there is none. */
  readonly trace: Uint8Array;
};

/** The evidence of a call, as that of the job that its receipt stands for: what checks jobs checks it, too. */
export function receiptEvidence(exhibits: ReceiptExhibits): ResultEvidence {
  const { chainId, market, receipt, lifetime, verified, request, output, trace } = exhibits;
  return {
    chainId,
    market,
    job: receiptJob({ chainId, market, receipt, lifetime }),
    spec: receiptSpec(receipt, lifetime),
    provider: receipt.provider,
    root: receipt.resultRoot,
    verified,
    items: [{ request, output, trace, traceRoot: traceRoot(trace) }],
  };
}
