import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface UpdateProviderParameters extends OnMarket {
  /** Where the card is: `https:`, `http:` or `data:application/json,...`. */
  readonly uri: string;
  /** Whose card. Default: the caller's; an operator names its provider. */
  readonly provider?: Address | undefined;
}

export type UpdateProviderReturnType = Transacted;
export type UpdateProviderErrorType = TransactErrorType;

/**
 * Publishes where a provider's card is, so that buyers find it.
 *
 * @example
 * await provider.updateProvider({ uri: "https://node.example/card" });
 */
export async function updateProvider(
  client: WriteClient,
  { market, uri, provider = requireAccount(client).address }: UpdateProviderParameters,
): Promise<UpdateProviderReturnType> {
  const done = await transact(client, { market, functionName: "updateProvider", args: [provider, uri] });
  eventIn(done.receipt, market, "ProviderUpdated");
  return done;
}
