import { getAddress } from "viem";
import { signTypedData } from "viem/actions";
import { type JobSpec, jobId } from "../protocol/job.ts";
import { quoteTypedData } from "../protocol/quote.ts";
import { type SignedQuote, specToWire } from "../protocol/wire.ts";
import { chainIdOf, type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { chainCall, type ReadErrorType } from "./internal/transact.ts";

export interface SignQuoteParameters extends OnMarket {
  /** The job as it would be posted, with the provider and its price. */
  readonly spec: JobSpec;
  /** The quote is good before this. Unix seconds. */
  readonly validUntil: number;
}

/** What travels to the buyer, who brings it to `postAcceptedJob`. */
export type SignQuoteReturnType = SignedQuote;

export type SignQuoteErrorType = ReadErrorType;

/**
 * Promises to take a job on at its price. The signer is the provider or a valid operator key of it.
 *
 * @example
 * const quote = await operator.signQuote({ spec: { ...template, provider, price }, validUntil });
 */
export async function signQuote(
  client: WriteClient,
  { market, spec, validUntil }: SignQuoteParameters,
): Promise<SignQuoteReturnType> {
  const account = requireAccount(client);
  const chainId = await chainIdOf(client);
  const quote = { job: jobId({ chainId, market, spec }), validUntil };
  const typedData = quoteTypedData({ chainId, market, quote });
  const signature = await chainCall("signTypedData", () => signTypedData(client, { ...typedData, account }));
  return { spec: specToWire(spec), quote, signer: getAddress(account.address), signature };
}
