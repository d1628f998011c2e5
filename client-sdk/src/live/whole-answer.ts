import { parseJson } from "../protocol/canonical.ts";
import { decodeEnvelopeHeader, RECEIPT_HEADER } from "../protocol/receipt-envelope.ts";
import { type AnswerReader, answerReader } from "./answer-reader.ts";
import type { Auditor } from "./auditor.ts";
import { abortAfter, TryError } from "./paid-request.ts";
import type { FullPolicy } from "./policy.ts";
import type { Fate } from "./routing.ts";
import type { Sale } from "./try-offer.ts";

/** What whole answers are read with. */
export interface WholeParameters {
  readonly auditor: Auditor;
  readonly policy: FullPolicy;
  readonly fate: Fate;
}

/**
 * Reads an answer that comes in one piece, and ends its call.
 *
 * @returns The body for the client, without what is ours.
 * @throws TryError if the answer does not come, or is none.
 */
export async function readWhole(sale: Sale, response: Response, parameters: WholeParameters): Promise<string> {
  const { auditor, policy, fate } = parameters;
  const { call, controller, startedAt } = sale;
  const stop = abortAfter(controller, policy.answerTimeoutMs, call.signal);
  const reader = answerReader(call.route);
  try {
    const body = parseJson(await response.text());
    reader.takeBody(body);
    takeReceipt(reader, response);
    const { touchstone: _, ...rest } = body as Readonly<Record<string, unknown>>;
    auditor.answered(sale, reader.received(), { firstTokenMs: undefined, streamMs: fate.now() - startedAt });
    return JSON.stringify(rest);
  } catch (cause) {
    controller.abort();
    throw new TryError("broken", "The provider's answer did not come, or is none.", { cause });
  } finally {
    stop();
  }
}

/** A receipt that cannot be read is none: the auditor draws its conclusions. */
function takeReceipt(reader: AnswerReader, { headers }: Response): void {
  const header = headers.get(RECEIPT_HEADER);
  try {
    if (header !== null) {
      reader.takeReceipt(decodeEnvelopeHeader(header));
    }
  } catch {
    // as above
  }
}
