import { type Address, isAddressEqual, zeroAddress } from "viem";
import { QuoteError } from "../../errors.ts";
import { isAhead } from "../../protocol/deadline.ts";
import { type JobSpec, jobId } from "../../protocol/job.ts";
import { quoteDigest } from "../../protocol/quote.ts";
import { type SignedQuote, specFromWire } from "../../protocol/wire.ts";
import { chainIdOf, type ReadClient } from "./clients.ts";
import { readMarket } from "./transact.ts";
import { isValidSignature } from "./verify-signature.ts";

/** The fields that an offer fills in. */
const OFFERED: readonly (keyof JobSpec)[] = ["provider", "price"];

/**
 * Checks a quote as the market will, and that it offers what was asked for.
 *
 * @param now Unix seconds.
 * @returns The spec to post.
 */
export async function verifyQuote(
  client: ReadClient,
  market: Address,
  template: JobSpec,
  signed: SignedQuote,
  now: number,
): Promise<JobSpec> {
  const spec = specFromWire(signed.spec);
  const { quote, signer, signature } = signed;
  requireOffer(template, spec);
  const chainId = await chainIdOf(client);
  const job = jobId({ chainId, market, spec });
  if (quote.job !== job) {
    throw new QuoteError("QUOTE_JOB_MISMATCH", "The quote is for another job than its spec: do not trust this node.", {
      details: { job, quoted: quote.job },
    });
  }
  if (!isAhead(quote.validUntil, now)) {
    throw new QuoteError("QUOTE_EXPIRED", "The quote is too old already: is the node's clock right?", {
      details: { validUntil: quote.validUntil, now },
    });
  }
  const digest = quoteDigest({ chainId, market, quote });
  const [isSigned, isOperator, capacity] = await Promise.all([
    isValidSignature(client, { signer, digest, signature }),
    readMarket(client, { market, functionName: "isOperator", args: [spec.provider, signer] }),
    readMarket(client, { market, functionName: "capacityOf", args: [spec.provider] }),
  ]);
  if (!isSigned) {
    throw new QuoteError("QUOTE_SIGNATURE_INVALID", `The quote is not signed by ${signer}.`, { details: { signer } });
  }
  if (!isOperator) {
    const sentence = `${signer} is neither provider ${spec.provider} nor a valid operator key of it.`;
    throw new QuoteError("QUOTE_NOT_OPERATOR", sentence, { details: { signer, provider: spec.provider } });
  }
  if (capacity < spec.price) {
    const sentence = `The stake of ${spec.provider} answers for ${capacity} more at most: the market would refuse the job.`;
    throw new QuoteError("QUOTE_OVER_CAPACITY", sentence, { details: { capacity, price: spec.price } });
  }
  return spec;
}

/** An offer fills in provider and price, where they were left open, and changes nothing else. */
function requireOffer(template: JobSpec, spec: JobSpec): void {
  const same = (field: keyof JobSpec) => String(template[field]).toLowerCase() === String(spec[field]).toLowerCase();
  const changed = (Object.keys(template) as (keyof JobSpec)[]).find(
    (field) => !OFFERED.includes(field) && !same(field),
  );
  const otherProvider = template.provider !== zeroAddress && !same("provider");
  if (changed !== undefined || otherProvider || isAddressEqual(spec.provider, zeroAddress)) {
    const field = changed ?? "provider";
    throw new QuoteError("QUOTE_SPEC_CHANGED", `The quote changed \`${field}\` of what was asked for.`, {
      details: { field, asked: template[field], offered: spec[field] },
    });
  }
  const isTooHigh = template.price !== 0n && spec.price > template.price;
  if (isTooHigh || spec.price === 0n) {
    const sentence = `The quote asks ${spec.price} where ${template.price} was offered.`;
    throw new QuoteError("QUOTE_PRICE_TOO_HIGH", sentence, { details: { asked: template.price, price: spec.price } });
  }
}
