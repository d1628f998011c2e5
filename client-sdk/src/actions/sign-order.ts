import type { Hex } from "viem";
import { signTypedData } from "viem/actions";
import { type JobSpec, jobId, jobTypedData } from "../protocol/job.ts";
import { type SignedOrder, specToWire } from "../protocol/wire.ts";
import { chainIdOf, type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { chainCall, type ReadErrorType } from "./internal/transact.ts";

export interface SignOrderParameters extends OnMarket {
  /** As `prepareJob` makes it. It must name its provider; the order stands until `acceptBy`. */
  readonly spec: JobSpec;
}

/** A signed order and the job that it is for. */
export interface SignOrderReturnType {
  readonly job: Hex;
  /** What travels to the provider. */
  readonly order: SignedOrder;
}

export type SignOrderErrorType = ReadErrorType;

/**
 * Orders a job by signature, paid from the caller's reserve: no transaction, no gas.
 *
 * @example
 * const { order } = await buyer.signOrder({ spec });
 * await buyer.sendOrder({ url: node, order });
 */
export async function signOrder(
  client: WriteClient,
  { market, spec }: SignOrderParameters,
): Promise<SignOrderReturnType> {
  const account = requireAccount(client);
  const chainId = await chainIdOf(client);
  const typedData = jobTypedData({ chainId, market, spec });
  const signature = await chainCall("signTypedData", () => signTypedData(client, { ...typedData, account }));
  return { job: jobId({ chainId, market, spec }), order: { spec: specToWire(spec), signature } };
}
