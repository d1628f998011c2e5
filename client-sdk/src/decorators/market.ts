import { fetchEvidence } from "../actions/fetch-evidence.ts";
import { fetchInput } from "../actions/fetch-input.ts";
import { fetchResults } from "../actions/fetch-results.ts";
import { getAccount } from "../actions/get-account.ts";
import { getBond } from "../actions/get-bond.ts";
import { getCase } from "../actions/get-case.ts";
import { getCaseHistory } from "../actions/get-case-history.ts";
import { getChannel } from "../actions/get-channel.ts";
import { getCourtParameters } from "../actions/get-court-parameters.ts";
import { getDemand } from "../actions/get-demand.ts";
import { getDraw } from "../actions/get-draw.ts";
import { getJob } from "../actions/get-job.ts";
import { getJobHistory } from "../actions/get-job-history.ts";
import { getNodeTerms } from "../actions/get-node-terms.ts";
import { getPanel } from "../actions/get-panel.ts";
import { getParameters } from "../actions/get-parameters.ts";
import { getProviderCard } from "../actions/get-provider-card.ts";
import { getReceipt } from "../actions/get-receipt.ts";
import { getSeat } from "../actions/get-seat.ts";
import type { ReadClient } from "../actions/internal/clients.ts";
import { listCases } from "../actions/list-cases.ts";
import { listChannels } from "../actions/list-channels.ts";
import { listJobs } from "../actions/list-jobs.ts";
import { requestQuotes } from "../actions/request-quotes.ts";
import { sendOrder } from "../actions/send-order.ts";
import { uploadInput } from "../actions/upload-input.ts";
import { verifyInstruction } from "../actions/verify-instruction.ts";
import { verifyResult } from "../actions/verify-result.ts";
import { waitForCase } from "../actions/wait-for-case.ts";
import { waitForJob } from "../actions/wait-for-job.ts";
import { watchCases } from "../actions/watch-cases.ts";
import { watchDemands } from "../actions/watch-demands.ts";
import { watchJobs } from "../actions/watch-jobs.ts";
import { discoverProviders } from "../discovery.ts";
import { type Bound, bind, type DecoratorParameters } from "./bound.ts";

/** What anyone can do: read, watch, fetch, ask. */
export type MarketActions = {
  /** Finds who sells. */
  readonly discoverProviders: Bound<typeof discoverProviders>;
  /** Fetches all that it takes to judge a submitted result. */
  readonly fetchEvidence: Bound<typeof fetchEvidence>;
  /** Fetches the requests of a job; every byte is checked against the input root. */
  readonly fetchInput: typeof fetchInput;
  /** Fetches the results of a submitted job. */
  readonly fetchResults: Bound<typeof fetchResults>;
  /** Reads balance, reserve, stake, exposure and capacity of an account. */
  readonly getAccount: Bound<typeof getAccount>;
  /** Reads the live bond of a provider. */
  readonly getBond: Bound<typeof getBond>;
  /** Reads a case: seeds, seats, words, verdict. */
  readonly getCase: Bound<typeof getCase>;
  /** Reads all that happened in a case and when. */
  readonly getCaseHistory: Bound<typeof getCaseHistory>;
  /** Reads a payment channel. */
  readonly getChannel: Bound<typeof getChannel>;
  /** Reads what was fixed when the market's court was deployed. */
  readonly getCourtParameters: Bound<typeof getCourtParameters>;
  /** Reads an open demand. */
  readonly getDemand: Bound<typeof getDemand>;
  /** Reads what the random draw says of a submitted job. */
  readonly getDraw: Bound<typeof getDraw>;
  /** Reads a job. */
  readonly getJob: Bound<typeof getJob>;
  /** Reads what happened to a job and when. */
  readonly getJobHistory: Bound<typeof getJobHistory>;
  /** Asks a node for its prices, and whether it takes new work. */
  readonly getNodeTerms: typeof getNodeTerms;
  /** Reads who judges a model, and by which tolerances. */
  readonly getPanel: Bound<typeof getPanel>;
  /** Reads what was fixed when the market was deployed. */
  readonly getParameters: Bound<typeof getParameters>;
  /** Reads what a provider says of itself, from where it said last that its card is. */
  readonly getProviderCard: Bound<typeof getProviderCard>;
  /** Reads a receipt that was brought to the court. */
  readonly getReceipt: Bound<typeof getReceipt>;
  /** Reads the seat of an account, and its credit. */
  readonly getSeat: Bound<typeof getSeat>;
  /** Lists cases, rebuilt from events. */
  readonly listCases: Bound<typeof listCases>;
  /** Lists the payment channels that an account filled. */
  readonly listChannels: Bound<typeof listChannels>;
  /** Lists jobs with their status, rebuilt from events. */
  readonly listJobs: Bound<typeof listJobs>;
  /** Asks several nodes for an offer and checks each as the market will. */
  readonly requestQuotes: Bound<typeof requestQuotes>;
  /** Gives a signed order to a provider's node, which works and then brings it on chain. */
  readonly sendOrder: typeof sendOrder;
  /** Stores the requests of a job on a server, so that a provider can fetch them. */
  readonly uploadInput: typeof uploadInput;
  /** Checks who signed an instruction to a provider's node. */
  readonly verifyInstruction: Bound<typeof verifyInstruction>;
  /** Verifies a submitted result, by hashes alone or with a model of one's own. */
  readonly verifyResult: Bound<typeof verifyResult>;
  /** Waits until a case gets somewhere. */
  readonly waitForCase: Bound<typeof waitForCase>;
  /** Waits until a job gets somewhere. */
  readonly waitForJob: Bound<typeof waitForJob>;
  /** Yields the events of cases as they happen, in order, each once. */
  readonly watchCases: Bound<typeof watchCases>;
  /** Yields demands for data and their answers as they happen, in order, each once. */
  readonly watchDemands: Bound<typeof watchDemands>;
  /** Yields the events of jobs as they happen, in order, each once. */
  readonly watchJobs: Bound<typeof watchJobs>;
};

/**
 * Extends any viem client by what needs no account.
 *
 * @example
 * const reader = createPublicClient({ chain, transport: http() }).extend(marketActions({ market }));
 * const { status } = await reader.getJob({ job });
 */
export function marketActions(on: DecoratorParameters): (client: ReadClient) => MarketActions {
  return (client) => ({
    discoverProviders: bind(discoverProviders, client, on),
    fetchEvidence: bind(fetchEvidence, client, on),
    fetchInput,
    fetchResults: bind(fetchResults, client, on),
    getAccount: bind(getAccount, client, on),
    getBond: bind(getBond, client, on),
    getCase: bind(getCase, client, on),
    getCaseHistory: bind(getCaseHistory, client, on),
    getChannel: bind(getChannel, client, on),
    getCourtParameters: bind(getCourtParameters, client, on),
    getDemand: bind(getDemand, client, on),
    getDraw: bind(getDraw, client, on),
    getJob: bind(getJob, client, on),
    getJobHistory: bind(getJobHistory, client, on),
    getNodeTerms,
    getPanel: bind(getPanel, client, on),
    getParameters: bind(getParameters, client, on),
    getProviderCard: bind(getProviderCard, client, on),
    getReceipt: bind(getReceipt, client, on),
    getSeat: bind(getSeat, client, on),
    listCases: bind(listCases, client, on),
    listChannels: bind(listChannels, client, on),
    listJobs: bind(listJobs, client, on),
    requestQuotes: bind(requestQuotes, client, on),
    sendOrder,
    uploadInput,
    verifyInstruction: bind(verifyInstruction, client, on),
    verifyResult: bind(verifyResult, client, on),
    waitForCase: bind(waitForCase, client, on),
    waitForJob: bind(waitForJob, client, on),
    watchCases: bind(watchCases, client, on),
    watchDemands: bind(watchDemands, client, on),
    watchJobs: bind(watchJobs, client, on),
  });
}
