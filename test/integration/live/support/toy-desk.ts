import {
  encodeOutput,
  encodePaymentHeader,
  type ItemOutput,
  outputHash,
  type PaymentRequired,
  type Receipt,
  requestHash,
} from "@touchstone/sdk/protocol";
import { type Hex, keccak256, numberToHex, stringToHex, zeroAddress, zeroHash } from "viem";
import type {
  Admission,
  Ask,
  LiveCall,
  LiveDesk,
  LiveTerms,
  Refund,
  Refusal,
  Settled,
} from "../../../../provider-node/src/live/desk.ts";

/** What became of one call. */
export interface Ending {
  readonly payment: string;
  readonly end: "finished" | "cut" | "failed";
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly isJudged: boolean;
}

const RESERVED = { network: "eip155:1", asset: zeroAddress, payTo: zeroAddress, maxTimeoutSeconds: 60 } as const;
const PROVIDER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/**
 * A desk that takes any text for a payment, and keeps account. What the ledger decides is tested with the ledger; this one is
 * for what happens before and after.
 */
export class ToyDesk implements LiveDesk {
  readonly endings: Ending[] = [];
  /** What was asked, in order. */
  readonly asks: Ask[] = [];
  readonly #done = new Map<string, { readonly settled: Settled; readonly output: Uint8Array }>();
  readonly #endWaiters = new Set<() => void>();
  #seq = 0n;
  /** Called before an answer is given; a test may hold it back. */
  delay: (() => Promise<void>) | undefined;

  async admit(ask: Ask): Promise<Admission> {
    this.asks.push(ask);
    await this.delay?.();
    if (ask.payment === undefined) {
      return required(ask);
    }
    const known = this.#done.get(ask.payment + requestHash(ask.bytes));
    return known === undefined
      ? { kind: "admitted", call: this.#call(ask, ask.payment) }
      : { kind: "replay", ...known };
  }

  refund({ payment }: { readonly payment: string | undefined; readonly resource: string }): Promise<Refund> {
    const refunded = { kind: "refunded", paymentResponse: "refunded" } as const;
    return Promise.resolve(
      payment === undefined ? required({ promptTokens: 0, maxTokens: 0, resource: "" }) : refunded,
    );
  }

  terms(): LiveTerms {
    throw new Error("terms are not needed here");
  }

  /** Waits until so many calls have come to an end. */
  async ended(count: number): Promise<readonly Ending[]> {
    while (this.endings.length < count) {
      await new Promise<void>((resolve) => this.#endWaiters.add(resolve));
    }
    return this.endings;
  }

  #call(ask: Ask, payment: string): LiveCall {
    this.#seq += 1n;
    const seq = this.#seq;
    const end = (ending: Omit<Ending, "payment">) => {
      this.endings.push({ payment, ...ending });
      for (const resolve of this.#endWaiters) {
        resolve();
      }
      this.#endWaiters.clear();
    };
    return {
      id: `0x${seq}`,
      channelId: zeroHash,
      seq,
      seed: keccak256(numberToHex(seq)),
      reserve: BigInt(ask.promptTokens + ask.maxTokens),
      finish: ({ output, isJudged = true, trace: _, ...used }) => {
        end({ end: "finished", ...used, isJudged });
        const settled = settledOf(ask, seq, used, isJudged ? output : undefined);
        this.#done.set(payment + requestHash(ask.bytes), { settled, output: encodeOutput(output) });
        return Promise.resolve(settled);
      },
      cut: (used) => {
        end({ end: "cut", ...used, isJudged: false });
        return Promise.resolve(settledOf(ask, seq, used));
      },
      fail: () => {
        end({ end: "failed", promptTokens: 0, completionTokens: 0, isJudged: false });
        return Promise.resolve();
      },
    };
  }
}

function required({
  promptTokens,
  maxTokens,
  resource,
}: Pick<Ask, "promptTokens" | "maxTokens" | "resource">): Refusal {
  const offer = { ...RESERVED, scheme: "batch-settlement", amount: String(promptTokens + maxTokens) };
  const message: PaymentRequired = { x402Version: 2, resource: { url: resource || "http://x" }, accepts: [offer] };
  const headers = { "PAYMENT-REQUIRED": encodePaymentHeader(message) };
  return { kind: "refused", status: 402, code: "PAYMENT_REQUIRED", message: "Pay first.", headers };
}

function settledOf(
  { model, bytes }: Ask,
  seq: bigint,
  used: { readonly promptTokens: number; readonly completionTokens: number },
  output?: ItemOutput,
): Settled {
  const amount = BigInt(used.promptTokens + used.completionTokens);
  const hash: Hex = output === undefined ? zeroHash : outputHash(encodeOutput(output));
  const receipt: Receipt = {
    ...{ provider: PROVIDER, payer: PROVIDER, model, channelId: zeroHash, seq, cumulative: amount, ...used, amount },
    ...{ requestHash: requestHash(bytes), resultRoot: hash, issuedAt: 1 },
  };
  const envelope = {
    receipt,
    operator: PROVIDER,
    signature: stringToHex("toy"),
    outputHash: hash,
    traceRoot: zeroHash,
  } as const;
  return { charged: amount, envelope, paymentResponse: `paid ${amount}` };
}
