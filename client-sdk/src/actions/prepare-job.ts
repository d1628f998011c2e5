import { type Address, type Hex, zeroAddress } from "viem";
import { getBlock } from "viem/actions";
import { SEALED } from "../protocol/generated/constants.ts";
import { type JobSpec, jobId } from "../protocol/job.ts";
import { inputRoot } from "../protocol/leaf.ts";
import { type RequestInput, requestBytes, requestHash } from "../protocol/request.ts";
import { getParameters } from "./get-parameters.ts";
import { chainIdOf, type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { randomSalt } from "./internal/random-salt.ts";
import { chainCall, type ReadErrorType } from "./internal/transact.ts";

/** The items of a job: the requests themselves, or the root of an input that is stored somewhere already. */
export type JobInput =
  | { readonly requests: readonly RequestInput[]; readonly input?: undefined; readonly items?: undefined }
  | { readonly input: Hex; readonly items: number; readonly requests?: undefined };

/** A job as buyers think of it. */
export type JobDraft = JobInput & {
  /** `modelId`, as a provider's card lists it. */
  readonly model: Hex;
  /** For the whole job, token units. Zero only to ask for quotes. */
  readonly price: bigint;
  /** Who may accept. Default: anyone. */
  readonly provider?: Address | undefined;
  /** An accept is in time before this. Default: in ten minutes. Unix seconds. */
  readonly acceptBy?: number | undefined;
  /** Seconds from accept to submit. Default: an hour. */
  readonly submitWithin?: number | undefined;
  /** Seconds from submit to settlement. Default: an hour, or the nearest that the market allows. */
  readonly challengeWindow?: number | undefined;
  /** Inputs are for the provider alone, no random audit. Default: no. */
  readonly sealed?: boolean | undefined;
  /** Makes jobs that are equal otherwise distinct. Default: random. */
  readonly salt?: Hex | undefined;
};

export type PrepareJobParameters = OnMarket & JobDraft;

/** A job that is ready to be posted, quoted or ordered. */
export interface PrepareJobReturnType {
  readonly job: Hex;
  readonly spec: JobSpec;
  /** The exact bytes of the requests, where they were given. */
  readonly requests: readonly Uint8Array[] | undefined;
}

export type PrepareJobErrorType = ReadErrorType;

const ACCEPT_WITHIN = 600;
const HOUR = 3600;

/**
 * Makes the spec of a job of the caller and its id. Sends nothing.
 *
 * @example
 * const { job, spec } = await buyer.prepareJob({ model, requests: ["Tell a story about a fox."], price: 10_000n });
 */
export async function prepareJob(client: WriteClient, parameters: PrepareJobParameters): Promise<PrepareJobReturnType> {
  const client_ = requireAccount(client).address;
  const { market, model, price, provider = zeroAddress, salt = randomSalt(), sealed = false } = parameters;
  const requests = parameters.requests?.map(requestBytes);
  const [bounds, chainId, now] = await Promise.all([
    getParameters(client, { market }),
    chainIdOf(client),
    parameters.acceptBy === undefined ? nowOf(client) : 0,
  ]);
  const { minChallengeWindow, maxChallengeWindow, maxAcceptDelay, maxSubmitWithin } = bounds;
  const spec: JobSpec = {
    client: client_,
    provider,
    model,
    input: parameters.input ?? inputRoot((requests ?? []).map(requestHash)),
    items: parameters.items ?? requests?.length ?? 0,
    price,
    acceptBy: parameters.acceptBy ?? now + Math.min(ACCEPT_WITHIN, maxAcceptDelay),
    submitWithin: parameters.submitWithin ?? Math.min(HOUR, maxSubmitWithin),
    challengeWindow: parameters.challengeWindow ?? Math.max(minChallengeWindow, Math.min(HOUR, maxChallengeWindow)),
    flags: sealed ? SEALED : 0,
    callback: zeroAddress,
    callbackGas: 0,
    salt,
  };
  return { job: jobId({ chainId, market, spec }), spec, requests };
}

/** Seconds. The latest block of an idle chain may be old, and the clock here may be slow: the later of both. */
async function nowOf(client: WriteClient): Promise<number> {
  const { timestamp } = await chainCall("eth_getBlockByNumber", () => getBlock(client));
  return Math.max(Number(timestamp), Math.floor(Date.now() / 1000));
}
