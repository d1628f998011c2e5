import { type NodeTerms, nodeTermsSchema, type SignedInstruction } from "../protocol/instruction.ts";
import { type HttpErrorType, type HttpOptions, httpJson, routeUrl } from "./internal/http.ts";

export interface SendInstructionParameters extends HttpOptions {
  /** Base of the provider's node: the `endpoint` of its card. */
  readonly url: string;
  readonly instruction: SignedInstruction;
}

/** On which terms the node works from now on. */
export type SendInstructionReturnType = NodeTerms;

export type SendInstructionErrorType = HttpErrorType;

const MAX_TERMS_BYTES = 4096;

/**
 * Gives a signed instruction to a provider's node, which follows it at once and after every restart. Sending the same one
 * again does no harm.
 *
 * @example
 * const { prices } = await sendInstruction({ url: endpoint, instruction });
 */
export function sendInstruction(parameters: SendInstructionParameters): Promise<SendInstructionReturnType> {
  const { url: base, instruction: body, ...options } = parameters;
  const request = { ...options, url: routeUrl(base, "owner"), body, maxBytes: MAX_TERMS_BYTES };
  return httpJson(nodeTermsSchema, "node's terms", request);
}
