import type { Hex } from "viem";
import type { ContentError } from "../errors.ts";
import { type JobSpec, jobId } from "../protocol/job.ts";
import { chainIdOf, type OnMarket, type WriteClient } from "./internal/clients.ts";
import type { HttpErrorType, HttpOptions } from "./internal/http.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";
import { type JobDraft, prepareJob } from "./prepare-job.ts";
import { uploadInput } from "./upload-input.ts";

export type PostJobParameters = OnMarket &
  HttpOptions & {
    /**
     * Base of the server from which providers fetch the input. Requests given here are uploaded to it first. Without it,
     * providers must have the input already.
     */
    readonly uri?: string | undefined;
  } & (JobDraft | { readonly spec: JobSpec });

export interface PostJobReturnType extends Transacted {
  readonly job: Hex;
  readonly spec: JobSpec;
}

export type PostJobErrorType = TransactErrorType | HttpErrorType | ContentError;

/**
 * Escrows the price of a job from the caller's free balance and lists it.
 *
 * @example
 * const { job } = await buyer.postJob({ model, requests: ["Tell a story about a fox."], price: 10_000n, uri: node });
 */
export async function postJob(client: WriteClient, parameters: PostJobParameters): Promise<PostJobReturnType> {
  const { market, uri = "", fetch, signal, timeoutMs, retries } = parameters;
  const { job, spec, requests } =
    "spec" in parameters ? await specified(client, market, parameters.spec) : await prepareJob(client, parameters);
  if (requests !== undefined && uri !== "") {
    await uploadInput({ url: uri, requests, fetch, signal, timeoutMs, retries });
  }
  const done = await transact(client, { market, functionName: "post", args: [spec, uri] });
  eventIn(done.receipt, market, "JobPosted");
  return { ...done, job, spec };
}

async function specified(client: WriteClient, market: Hex, spec: JobSpec) {
  return { job: jobId({ chainId: await chainIdOf(client), market, spec }), spec, requests: undefined };
}
