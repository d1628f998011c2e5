import { SEALED_MEDIA_TYPE, sealRequest } from "../protocol/seal.ts";
import { reserveOf } from "./call-size.ts";
import type { LiveCall } from "./live-call.ts";
import type { Offer } from "./offer.ts";
import { type PaidParameters, type PaidResponse, sendPaid } from "./paid-request.ts";
import type { FullPolicy } from "./policy.ts";
import type { Payment } from "./purse.ts";

/** A call that one provider has taken on. */
export interface Sale extends Omit<PaidResponse, "response"> {
  readonly call: LiveCall;
  readonly offer: Offer;
}

/** What it takes to try offers. */
export interface TryParameters extends PaidParameters {
  readonly policy: FullPolicy;
  /** Told of payments that left and whose end is unknown. */
  readonly onLost: (lost: Pick<Sale, "call" | "offer" | "payment">) => void;
}

/** Buys a call of one provider. Throws as `sendPaid` does. */
export async function tryOffer(
  offer: Offer,
  call: LiveCall,
  parameters: TryParameters,
): Promise<{ readonly sale: Sale; readonly response: Response }> {
  const { policy } = parameters;
  const { path, isStream, signal, size } = call;
  const reserve = reserveOf(offer.model, size);
  const patienceMs = isStream ? policy.firstTokenTimeoutMs : policy.answerTimeoutMs;
  const sealed = await bodyFor(offer, call, policy);
  const onLost = (payment: Payment) => parameters.onLost({ call, offer, payment });
  const request = { path, ...sealed, isStream, reserve, patienceMs, signal, onLost };
  const { response, ...paid } = await sendPaid(offer, request, parameters);
  return { sale: { ...paid, call, offer }, response };
}

async function bodyFor({ model, live, provider }: Offer, { bytes }: LiveCall, { sealed }: FullPolicy) {
  if (!sealed || live.encryptionKey === undefined) {
    return { body: bytes, type: "application/json" };
  }
  const closed = await sealRequest(bytes, live.encryptionKey, { model: model.id, provider });
  return { body: new Uint8Array(closed), type: SEALED_MEDIA_TYPE };
}
