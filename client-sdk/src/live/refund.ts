import { routeUrl } from "../actions/internal/http.ts";
import { caip2, X402_VERSION } from "../protocol/x402.ts";
import { encodePaymentHeader, PAYMENT_SIGNATURE_HEADER } from "../protocol/x402-wire.ts";
import type { Channel } from "./channel.ts";
import { takeCorrection } from "./correction.ts";
import type { PaidParameters } from "./paid-request.ts";
import type { PaymentSigner } from "./wallet.ts";

/** What refunds are asked with. */
export interface RefundParameters extends PaidParameters {
  readonly signer: PaymentSigner;
  /** Base of the provider's routes. */
  readonly endpoint: string;
}

const REFUND_TIMEOUT_MS = 60_000;
const ROUNDS = 2;

/**
 * Asks a provider for the unused rest of a channel: x402's cooperative refund. It claims what it was charged in the same
 * transaction.
 *
 * @returns Whether it gave the rest back. Where it does not, `withdraw` needs only the chain.
 */
export async function refundRest(channel: Channel, parameters: RefundParameters): Promise<boolean> {
  const { signer, chainId, endpoint, fetch, purse } = parameters;
  const { id, config, ledger } = channel;
  const url = routeUrl(endpoint, "v1/chat/completions");
  for (let round = 0; round < ROUNDS; round += 1) {
    const { charged } = ledger.record;
    const signature = await signer.signVoucher({ chainId, voucher: { channelId: id, maxClaimableAmount: charged } });
    const voucher = { channelId: id, maxClaimableAmount: charged.toString(), signature };
    const terms = { scheme: "batch-settlement", network: caip2(chainId), amount: "0", asset: config.token };
    const accepted = { ...terms, payTo: config.receiver, maxTimeoutSeconds: 300 };
    const payload = { type: "refund", channelConfig: config, voucher } as const;
    const header = encodePaymentHeader({ x402Version: X402_VERSION, resource: { url }, accepted, payload });
    const response = await fetch(url, {
      headers: { [PAYMENT_SIGNATURE_HEADER]: header },
      signal: AbortSignal.timeout(REFUND_TIMEOUT_MS),
      redirect: "error",
    });
    await response.arrayBuffer();
    if (response.status !== 402) {
      ledger.makeUnsure();
      await purse.save(channel);
      return response.ok;
    }
    const hold = { reserve: 0n, ceiling: charged };
    await takeCorrection(response, { channel, hold, header, isDeposit: false, arrived: () => undefined }, chainId);
  }
  return false;
}
