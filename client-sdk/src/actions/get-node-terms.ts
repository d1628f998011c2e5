import { type NodeTerms, nodeTermsSchema } from "../protocol/instruction.ts";
import { type HttpErrorType, type HttpOptions, httpJson, routeUrl } from "./internal/http.ts";

export interface GetNodeTermsParameters extends HttpOptions {
  /** Base of the provider's node: the `endpoint` of its card. */
  readonly url: string;
}

/** On which terms the node works. */
export type GetNodeTermsReturnType = NodeTerms;

export type GetNodeTermsErrorType = HttpErrorType;

const MAX_TERMS_BYTES = 4096;

/**
 * Asks a node for its prices, those of its settings beside, and whether its owner had it take no new work.
 *
 * @example
 * const { prices, drained } = await getNodeTerms({ url: endpoint });
 */
export function getNodeTerms(parameters: GetNodeTermsParameters): Promise<GetNodeTermsReturnType> {
  const { url: base, ...options } = parameters;
  const request = { ...options, url: routeUrl(base, "owner"), maxBytes: MAX_TERMS_BYTES };
  return httpJson(nodeTermsSchema, "node's terms", request);
}
