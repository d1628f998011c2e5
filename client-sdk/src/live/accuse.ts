import { bringReceipt } from "../actions/bring-receipt.ts";
import type { OnMarket, WriteClient } from "../actions/internal/clients.ts";
import { proveDoubleReceipt } from "../actions/prove-double-receipt.ts";
import type { KeptReceipt } from "./receipt-store.ts";

/**
 * Brings a provider before the court: by two receipts for one call, which prove a fraud at once, or by one whose answer did
 * not come from the model, for a bond. Throws what the actions throw.
 */
export async function accuse(
  client: WriteClient,
  { market }: OnMarket,
  { envelope }: KeptReceipt,
  other: KeptReceipt | undefined,
): Promise<void> {
  await (other === undefined
    ? bringReceipt(client, { market, envelope })
    : proveDoubleReceipt(client, { market, envelopes: [envelope, other.envelope] }));
}
