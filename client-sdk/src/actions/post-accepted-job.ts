import type { Hex } from "viem";
import type { InvalidDataError } from "../errors.ts";
import { type Frozen, freeze } from "../protocol/frozen.ts";
import type { JobSpec } from "../protocol/job.ts";
import { type SignedQuote, specFromWire } from "../protocol/wire.ts";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface PostAcceptedJobParameters extends OnMarket {
  /** As a provider signed it: of an offer of `requestQuotes`. */
  readonly quote: SignedQuote;
}

export interface PostAcceptedJobReturnType extends Transacted {
  readonly job: Hex;
  readonly spec: JobSpec;
  readonly frozen: Frozen;
}

export type PostAcceptedJobErrorType = TransactErrorType | InvalidDataError;

/**
 * Posts a job of the caller already accepted, by a provider's quote.
 *
 * @example
 * const { job } = await buyer.postAcceptedJob({ quote: offers[0].quote });
 */
export async function postAcceptedJob(
  client: WriteClient,
  { market, quote: { spec: wire, quote, signer, signature } }: PostAcceptedJobParameters,
): Promise<PostAcceptedJobReturnType> {
  const spec = specFromWire(wire);
  const args = [spec, quote.validUntil, signer, signature] as const;
  const done = await transact(client, { market, functionName: "postAccepted", args });
  const { id, provider, verified } = eventIn(done.receipt, market, "JobAccepted");
  return { ...done, job: id, spec, frozen: freeze(spec, provider, verified) };
}
