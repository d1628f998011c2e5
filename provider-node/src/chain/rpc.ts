import { batchSettlementAbi, courtAbi, marketAbi } from "@touchstone/sdk/protocol";
import { BaseError, createPublicClient, decodeErrorResult, fallback, type Hex, http, type PublicClient } from "viem";
import { getNodeError } from "viem/utils";

/** The court passes on what the market says against it. Of an error that two have, the first counts. */
const CONTRACT_ERRORS = [...marketAbi, ...courtAbi, ...batchSettlementAbi].filter(({ type }) => type === "error");

/** How the chain is reached. */
export interface RpcOptions {
  /** JSON-RPC endpoints, best first; later ones step in when earlier ones fail. At least one. */
  readonly rpcUrls: readonly string[];
  /** After so many milliseconds without an answer a call has failed. */
  readonly timeoutMs: number;
}

/** A client over several endpoints. It gives up on a call after one more try; who calls knows how long to go on. */
export function connect({ rpcUrls, timeoutMs }: RpcOptions): PublicClient {
  const transports = rpcUrls.map((url) => http(url, { timeout: timeoutMs, retryCount: 1, retryDelay: 100 }));
  return createPublicClient({ transport: fallback(transports, { retryCount: 0 }), cacheTime: 0 });
}

/** Why the market or its court refused a call: the name of its error and its arguments, or nothing for any other failure. */
export function revertOf(error: unknown): { readonly name: string; readonly args: readonly unknown[] } | undefined {
  if (!(error instanceof BaseError)) {
    return undefined;
  }
  const data = revertDataOf(error);
  if (data !== undefined) {
    try {
      const { errorName, args = [] } = decodeErrorResult({ abi: CONTRACT_ERRORS, data });
      return { name: errorName, args };
    } catch {
      return { name: data.slice(0, 10), args: [] };
    }
  }
  return nodeErrorName(error) === "ExecutionRevertedError" ? { name: "unknown", args: [] } : undefined;
}

/** Endpoints differ in where they put the data of a revert. */
function revertDataOf(error: BaseError): Hex | undefined {
  let found: Hex | undefined;
  error.walk((cause) => {
    const { data } = cause as { readonly data?: unknown };
    const inner = typeof data === "object" && data !== null && "data" in data ? data.data : data;
    found = typeof inner === "string" && /^0x[0-9a-f]{8}/i.test(inner) ? (inner as Hex) : undefined;
    return found !== undefined;
  });
  return found;
}

/** What a chain node says against a transaction, such as `NonceTooLowError`. */
export function nodeErrorName(error: unknown): string {
  const cause =
    error instanceof BaseError ? error.walk((inner) => inner instanceof BaseError && inner.details !== "") : null;
  return cause instanceof BaseError ? getNodeError(cause, {}).name : "UnknownNodeError";
}
