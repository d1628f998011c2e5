import { bytesToString, type Hex } from "viem";
import { ContentError, type SealError } from "../errors.ts";
import { decodeUtf8 } from "../protocol/canonical.ts";
import { inputRoot } from "../protocol/leaf.ts";
import { type RequestInput, requestBytes, requestHash } from "../protocol/request.ts";
import { type SealBinding, sealRequest } from "../protocol/seal.ts";
import { inputReceiptSchema } from "../protocol/wire.ts";
import { type HttpErrorType, type HttpOptions, httpJson, routeUrl } from "./internal/http.ts";

export interface UploadInputParameters extends HttpOptions {
  /** Base of the server, such as a node's address. */
  readonly url: string;
  /** In order. Bytes travel as they are and must be UTF-8. */
  readonly requests: readonly RequestInput[];
  /**
   * Sends them so that only this provider can read them, `encryptionKey` of whose card is the key; post the job `sealed`
   * then. It shows input and results only with `inputReadToken`, until the job is in court.
   */
  readonly seal?: (SealBinding & { readonly publicKey: string }) | undefined;
}

/** What was stored. */
export interface UploadInputReturnType {
  /** `JobSpec.input`. */
  readonly root: Hex;
  /** The request hashes in order. */
  readonly requests: readonly Hex[];
}

export type UploadInputErrorType = HttpErrorType | ContentError | SealError;

/** Room for the answer's fixed part, and for each of its hashes. */
const ANSWER_BYTES = 4096;
const HASH_BYTES = 128;

/**
 * Stores the requests of a job on a server, so that a provider can fetch them.
 *
 * @example
 * const { root } = await uploadInput({ url: "http://127.0.0.1:8545", requests: ["Tell a story about a fox."] });
 */
export async function uploadInput({
  url: base,
  requests,
  seal,
  ...options
}: UploadInputParameters): Promise<UploadInputReturnType> {
  const bytes = requests.map(requestBytes);
  const hashes = bytes.map(requestHash);
  const root = inputRoot(hashes);
  const url = routeUrl(base, "inputs");
  const maxBytes = ANSWER_BYTES + HASH_BYTES * requests.length;
  const body = seal === undefined ? { requests: bytes.map(textOf) } : { sealed: await sealAll(bytes, seal) };
  const receipt = await httpJson(inputReceiptSchema, "input receipt", { ...options, url, body, maxBytes });
  if (receipt.root !== root) {
    const sentence = `${url} stored something else: its root is ${receipt.root}, not ${root}.`;
    throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { url, root, given: receipt.root } });
  }
  return { root, requests: hashes };
}

function sealAll(requests: readonly Uint8Array[], seal: NonNullable<UploadInputParameters["seal"]>): Promise<string[]> {
  return Promise.all(requests.map(async (bytes) => bytesToString(await sealRequest(bytes, seal.publicKey, seal))));
}

function textOf(bytes: Uint8Array, index: number): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const sentence = `Request ${index} is not UTF-8, which this route cannot carry: put it on a server yourself.`;
    throw new ContentError("CONTENT_NOT_TEXT", sentence, { details: { index } });
  }
  return text;
}
