import { acceptJob } from "./actions/accept-job.ts";
import { approveToken } from "./actions/approve-token.ts";
import { cancelJob } from "./actions/cancel-job.ts";
import { collectFees } from "./actions/collect-fees.ts";
import { declineJob } from "./actions/decline-job.ts";
import { deposit } from "./actions/deposit.ts";
import { depositWithAuthorization } from "./actions/deposit-with-authorization.ts";
import { depositWithPermit } from "./actions/deposit-with-permit.ts";
import { expireJob } from "./actions/expire-job.ts";
import { fetchInput } from "./actions/fetch-input.ts";
import { fetchResults } from "./actions/fetch-results.ts";
import { fulfilOrder } from "./actions/fulfil-order.ts";
import { fundPool } from "./actions/fund-pool.ts";
import { getAccount } from "./actions/get-account.ts";
import { getJob } from "./actions/get-job.ts";
import { getJobHistory } from "./actions/get-job-history.ts";
import { getParameters } from "./actions/get-parameters.ts";
import { getProviderCard } from "./actions/get-provider-card.ts";
import type { ReadClient, WithHistory, WriteClient } from "./actions/internal/clients.ts";
import { listJobs } from "./actions/list-jobs.ts";
import { postAcceptedJob } from "./actions/post-accepted-job.ts";
import { postJob } from "./actions/post-job.ts";
import { postJobs } from "./actions/post-jobs.ts";
import { prepareJob } from "./actions/prepare-job.ts";
import { release } from "./actions/release.ts";
import { requestQuotes } from "./actions/request-quotes.ts";
import { requestRelease } from "./actions/request-release.ts";
import { requestUnstake } from "./actions/request-unstake.ts";
import { reserve } from "./actions/reserve.ts";
import { sendOrder } from "./actions/send-order.ts";
import { setOperator } from "./actions/set-operator.ts";
import { settleJob } from "./actions/settle-job.ts";
import { settleJobs } from "./actions/settle-jobs.ts";
import { signDepositAuthorization } from "./actions/sign-deposit-authorization.ts";
import { signOrder } from "./actions/sign-order.ts";
import { signQuote } from "./actions/sign-quote.ts";
import { stake } from "./actions/stake.ts";
import { submitResult } from "./actions/submit-result.ts";
import { updateProvider } from "./actions/update-provider.ts";
import { uploadInput } from "./actions/upload-input.ts";
import { waitForJob } from "./actions/wait-for-job.ts";
import { watchJobs } from "./actions/watch-jobs.ts";
import { withdraw } from "./actions/withdraw.ts";
import { withdrawStake } from "./actions/withdraw-stake.ts";
import { discoverProviders } from "./discovery.ts";

/** The market, and the block where its history begins: it spares long searches. */
export type DecoratorParameters = WithHistory;

/** Distributes over unions, which `Omit` alone would flatten. */
export type WithoutMarket<Parameters> = Parameters extends unknown
  ? Omit<Parameters, keyof WithHistory> & Partial<WithHistory>
  : never;

/** An action whose client and market are known. Where all its parameters may be left out, so may their object. */
export type Bound<Action> = Action extends (client: infer _, parameters: infer Parameters) => infer Result
  ? (...parameters: BoundParameters<WithoutMarket<Parameters>>) => Result
  : never;
export type BoundParameters<Parameters> = Record<never, never> extends Parameters ? [Parameters?] : [Parameters];

/** What anyone can do: read, watch, fetch, ask. */
export type MarketActions = {
  /** Finds who sells. */
  readonly discoverProviders: Bound<typeof discoverProviders>;
  /** Fetches the requests of a job; every byte is checked against the input root. */
  readonly fetchInput: typeof fetchInput;
  /** Fetches the results of a submitted job. */
  readonly fetchResults: Bound<typeof fetchResults>;
  /** Reads balance, reserve, stake, exposure and capacity of an account. */
  readonly getAccount: Bound<typeof getAccount>;
  /** Reads a job. */
  readonly getJob: Bound<typeof getJob>;
  /** Reads what happened to a job and when. */
  readonly getJobHistory: Bound<typeof getJobHistory>;
  /** Reads what was fixed when the market was deployed. */
  readonly getParameters: Bound<typeof getParameters>;
  /** Reads what a provider says of itself, from where it said last that its card is. */
  readonly getProviderCard: Bound<typeof getProviderCard>;
  /** Lists jobs with their status, rebuilt from events. */
  readonly listJobs: Bound<typeof listJobs>;
  /** Asks several nodes for an offer and checks each as the market will. */
  readonly requestQuotes: Bound<typeof requestQuotes>;
  /** Gives a signed order to a provider's node, which works and then brings it on chain. */
  readonly sendOrder: typeof sendOrder;
  /** Stores the requests of a job on a server, so that a provider can fetch them. */
  readonly uploadInput: typeof uploadInput;
  /** Waits until a job gets somewhere. */
  readonly waitForJob: Bound<typeof waitForJob>;
  /** Yields the events of jobs as they happen, in order, each once. */
  readonly watchJobs: Bound<typeof watchJobs>;
};

/** What anyone with an account can do. */
export type AccountActions = MarketActions & {
  /** Lets the market take tokens of the caller. */
  readonly approveToken: Bound<typeof approveToken>;
  /** Moves the fees of these providers' settled jobs to the assurance pool. */
  readonly collectFees: Bound<typeof collectFees>;
  /** Moves tokens of the caller, who approved them, into the market and credits the beneficiary's balance. */
  readonly deposit: Bound<typeof deposit>;
  /** Brings a deposit that its owner signed (ERC-3009). */
  readonly depositWithAuthorization: Bound<typeof depositWithAuthorization>;
  /** As `deposit`, with a signature (ERC-2612) instead of an approval. */
  readonly depositWithPermit: Bound<typeof depositWithPermit>;
  /** Ends a job whose accept or submit is overdue and repays the client. */
  readonly expireJob: Bound<typeof expireJob>;
  /** Gives free balance of the caller to the assurance pool, for good. */
  readonly fundPool: Bound<typeof fundPool>;
  /** Moves what was asked back of a reserve into the account's free balance, once the delay is over. */
  readonly release: Bound<typeof release>;
  /** Pays the provider after the challenge window, or opens a case if the job is drawn. */
  readonly settleJob: Bound<typeof settleJob>;
  /** Settles several jobs in one transaction; those that cannot be settled now are passed over. */
  readonly settleJobs: Bound<typeof settleJobs>;
  /** Signs a deposit that somebody else may bring on chain, and pay the gas for. */
  readonly signDepositAuthorization: Bound<typeof signDepositAuthorization>;
  /** Sends free balance of the caller out as tokens, at once. */
  readonly withdraw: Bound<typeof withdraw>;
};

/** What buyers can do. */
export type BuyerActions = AccountActions & {
  /** Takes back a job of the caller that nobody accepted. */
  readonly cancelJob: Bound<typeof cancelJob>;
  /** Posts a job of the caller already accepted, by a provider's quote. */
  readonly postAcceptedJob: Bound<typeof postAcceptedJob>;
  /** Escrows the price of a job from the caller's free balance and lists it. */
  readonly postJob: Bound<typeof postJob>;
  /** Posts several jobs of the caller in one transaction. */
  readonly postJobs: Bound<typeof postJobs>;
  /** Makes the spec of a job of the caller and its id. */
  readonly prepareJob: Bound<typeof prepareJob>;
  /** Asks part of the caller's reserve back; the delay of all that is leaving starts anew. */
  readonly requestRelease: Bound<typeof requestRelease>;
  /** Moves free balance of the caller into its reserve, which backs signed orders. */
  readonly reserve: Bound<typeof reserve>;
  /** Orders a job by signature, paid from the caller's reserve. */
  readonly signOrder: Bound<typeof signOrder>;
};

/** What providers and their operators can do. */
export type ProviderActions = AccountActions & {
  /** Takes a job on. */
  readonly acceptJob: Bound<typeof acceptJob>;
  /** Gives an accepted job back for good. */
  readonly declineJob: Bound<typeof declineJob>;
  /** Posts, accepts and submits a job that its client ordered by signature, paid from the client's reserve. */
  readonly fulfilOrder: Bound<typeof fulfilOrder>;
  /** Asks stake of the caller back; it stays slashable until the unbonding period is over, which starts anew for all of it. */
  readonly requestUnstake: Bound<typeof requestUnstake>;
  /** Lets a key accept, submit and sign for the calling provider; it can never withdraw or unstake. */
  readonly setOperator: Bound<typeof setOperator>;
  /** Promises to take a job on at its price. */
  readonly signQuote: Bound<typeof signQuote>;
  /** Moves free balance of the caller into its stake, which answers for its jobs. */
  readonly stake: Bound<typeof stake>;
  /** Posts the Merkle root over the results of an accepted job. */
  readonly submitResult: Bound<typeof submitResult>;
  /** Publishes where a provider's card is, so that buyers find it. */
  readonly updateProvider: Bound<typeof updateProvider>;
  /** Moves unbonded stake into the provider's free balance, once the period is over. */
  readonly withdrawStake: Bound<typeof withdrawStake>;
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
    fetchInput,
    fetchResults: bind(fetchResults, client, on),
    getAccount: bind(getAccount, client, on),
    getJob: bind(getJob, client, on),
    getJobHistory: bind(getJobHistory, client, on),
    getParameters: bind(getParameters, client, on),
    getProviderCard: bind(getProviderCard, client, on),
    listJobs: bind(listJobs, client, on),
    requestQuotes: bind(requestQuotes, client, on),
    sendOrder,
    uploadInput,
    waitForJob: bind(waitForJob, client, on),
    watchJobs: bind(watchJobs, client, on),
  });
}

/**
 * Extends a viem client with an account by what buyers do.
 *
 * @example
 * const buyer = createWalletClient({ account, chain, transport: http() }).extend(buyerActions({ market }));
 * await buyer.depositWithPermit({ amount: 5_000_000n });
 */
export function buyerActions(on: DecoratorParameters): (client: WriteClient) => BuyerActions {
  return (client) => ({
    ...accountActions(on)(client),
    cancelJob: bind(cancelJob, client, on),
    postAcceptedJob: bind(postAcceptedJob, client, on),
    postJob: bind(postJob, client, on),
    postJobs: bind(postJobs, client, on),
    prepareJob: bind(prepareJob, client, on),
    requestRelease: bind(requestRelease, client, on),
    reserve: bind(reserve, client, on),
    signOrder: bind(signOrder, client, on),
  });
}

/**
 * Extends a viem client with an account by what providers and their operators do.
 *
 * @example
 * const provider = createWalletClient({ account, chain, transport: http() }).extend(providerActions({ market }));
 * await provider.stake({ amount: 25_000_000n });
 */
export function providerActions(on: DecoratorParameters): (client: WriteClient) => ProviderActions {
  return (client) => ({
    ...accountActions(on)(client),
    acceptJob: bind(acceptJob, client, on),
    declineJob: bind(declineJob, client, on),
    fulfilOrder: bind(fulfilOrder, client, on),
    requestUnstake: bind(requestUnstake, client, on),
    setOperator: bind(setOperator, client, on),
    signQuote: bind(signQuote, client, on),
    stake: bind(stake, client, on),
    submitResult: bind(submitResult, client, on),
    updateProvider: bind(updateProvider, client, on),
    withdrawStake: bind(withdrawStake, client, on),
  });
}

/**
 * What both buyers and providers do.
 */
function accountActions(on: DecoratorParameters): (client: WriteClient) => AccountActions {
  return (client) => ({
    ...marketActions(on)(client),
    approveToken: bind(approveToken, client, on),
    collectFees: bind(collectFees, client, on),
    deposit: bind(deposit, client, on),
    depositWithAuthorization: bind(depositWithAuthorization, client, on),
    depositWithPermit: bind(depositWithPermit, client, on),
    expireJob: bind(expireJob, client, on),
    fundPool: bind(fundPool, client, on),
    release: bind(release, client, on),
    settleJob: bind(settleJob, client, on),
    settleJobs: bind(settleJobs, client, on),
    signDepositAuthorization: bind(signDepositAuthorization, client, on),
    withdraw: bind(withdraw, client, on),
  });
}

function bind<Client, Parameters, Result>(
  action: (client: Client, parameters: Parameters) => Result,
  client: Client,
  on: DecoratorParameters,
): (...parameters: BoundParameters<WithoutMarket<Parameters>>) => Result {
  return (...[parameters]) => action(client, { ...on, ...parameters } as Parameters);
}
