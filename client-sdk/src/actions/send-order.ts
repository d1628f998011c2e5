import type { Hex } from "viem";
import type { ContentError } from "../errors.ts";
import type { RequestInput } from "../protocol/request.ts";
import { orderReceiptSchema, type SignedOrder } from "../protocol/wire.ts";
import { type HttpErrorType, type HttpOptions, httpJson, routeUrl } from "./internal/http.ts";
import { uploadInput } from "./upload-input.ts";

export interface SendOrderParameters extends HttpOptions {
  /** Base of the provider's node. */
  readonly url: string;
  readonly order: SignedOrder;
  /** Uploaded first, where given. */
  readonly requests?: readonly RequestInput[] | undefined;
}

/** The job that the node took into work. */
export interface SendOrderReturnType {
  readonly job: Hex;
}

export type SendOrderErrorType = HttpErrorType | ContentError;

const MAX_RECEIPT_BYTES = 4096;

/**
 * Gives a signed order to a provider's node, which works and then brings it on chain.
 *
 * It is sent once: if the answer is lost, ask with `waitForJob` whether the node has it before sending it again.
 *
 * @example
 * const { job } = await sendOrder({ url: node, order, requests });
 */
export async function sendOrder(parameters: SendOrderParameters): Promise<SendOrderReturnType> {
  const { url: base, order, requests, ...options } = parameters;
  if (requests !== undefined) {
    await uploadInput({ ...options, url: base, requests });
  }
  const url = routeUrl(base, "orders");
  const request = { ...options, url, body: order, retries: 0, maxBytes: MAX_RECEIPT_BYTES };
  return httpJson(orderReceiptSchema, "order receipt", request);
}
