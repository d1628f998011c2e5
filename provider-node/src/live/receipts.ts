import {
  type FinishReason,
  type ItemOutput,
  type Receipt,
  type ReceiptEnvelope,
  receiptDigest,
  receiptJob,
  receiptTypedData,
  resultRoot,
} from "@touchstone/sdk/protocol";
import { type Address, type Hex, type LocalAccount, zeroHash } from "viem";
import type { CallRow } from "../store/calls.ts";

/** What receipts are signed with, and for whom. */
export interface ReceiptsOptions {
  readonly chainId: number;
  readonly market: Address;
  readonly provider: Address;
  /** The court's `receiptLifetime`, seconds. */
  readonly lifetime: number;
  /** The operator's key, or the provider's own. */
  readonly account: LocalAccount;
}

/** A receipt before its result root. */
export type Draft = Omit<Receipt, "provider" | "resultRoot">;

/** What was written for a call; nothing where it was cut short. */
export interface Written {
  readonly outputHash: Hex;
  readonly traceRoot: Hex;
}

/** Makes the receipts of one provider. */
export class Receipts {
  readonly #options: ReceiptsOptions;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  /** Who signs. */
  get operator(): Address {
    return this.#options.account.address;
  }

  /** Completes a receipt, and names the job that it stands for. */
  complete(draft: Draft, written: Written | undefined): { readonly receipt: Receipt; readonly job: Hex } {
    const { chainId, market, provider, lifetime } = this.#options;
    const blank = { ...draft, provider, resultRoot: zeroHash };
    const job = receiptJob({ chainId, market, receipt: blank, lifetime });
    const root = written === undefined ? zeroHash : resultRoot({ job, provider, items: [written] });
    return { receipt: { ...blank, resultRoot: root }, job };
  }

  /** Signs a receipt that was stored. The same receipt gives the same signature (RFC 6979). */
  sign(receipt: Receipt): Promise<Hex> {
    const { chainId, market, account } = this.#options;
    // The digest is had faster here than where any typed data may come; keys in a device want to see what they sign.
    return (
      account.sign?.({ hash: receiptDigest({ chainId, market, receipt }) }) ??
      account.signTypedData(receiptTypedData({ chainId, market, receipt }))
    );
  }
}

/** The envelope of a call that was charged. */
export function envelopeOf(row: CallRow, signature: Hex, output: ItemOutput | undefined): ReceiptEnvelope {
  const { receipt, operator, outputHash, traceRoot } = row;
  const finishReason: FinishReason | undefined = row.finishReason;
  const tokens = output !== undefined && "tokens" in output ? output.tokens : undefined;
  return {
    receipt,
    operator,
    signature,
    outputHash,
    traceRoot,
    ...(finishReason !== undefined && { finishReason }),
    ...(tokens !== undefined && { tokens }),
  };
}
