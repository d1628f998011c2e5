import { acceptJob } from "../actions/accept-job.ts";
import { answerDemand } from "../actions/answer-demand.ts";
import { declineJob } from "../actions/decline-job.ts";
import { fulfilOrder } from "../actions/fulfil-order.ts";
import type { WriteClient } from "../actions/internal/clients.ts";
import { postBond } from "../actions/post-bond.ts";
import { requestBondExit } from "../actions/request-bond-exit.ts";
import { requestUnstake } from "../actions/request-unstake.ts";
import { sendInstruction } from "../actions/send-instruction.ts";
import { setOperator } from "../actions/set-operator.ts";
import { signInstruction } from "../actions/sign-instruction.ts";
import { signQuote } from "../actions/sign-quote.ts";
import { stake } from "../actions/stake.ts";
import { submitResult } from "../actions/submit-result.ts";
import { updateProvider } from "../actions/update-provider.ts";
import { withdrawStake } from "../actions/withdraw-stake.ts";
import { type AccountActions, accountActions } from "./account.ts";
import { type Bound, bind, type DecoratorParameters } from "./bound.ts";

/** What providers and their operators can do. */
export type ProviderActions = AccountActions & {
  /** Takes a job on. */
  readonly acceptJob: Bound<typeof acceptJob>;
  /** Answers an open demand with the bytes and their proofs. */
  readonly answerDemand: Bound<typeof answerDemand>;
  /** Gives an accepted job back for good. */
  readonly declineJob: Bound<typeof declineJob>;
  /** Posts, accepts and submits a job that its client ordered by signature, paid from the client's reserve. */
  readonly fulfilOrder: Bound<typeof fulfilOrder>;
  /** Moves free balance of the caller into its live bond, which answers for its receipts. */
  readonly postBond: Bound<typeof postBond>;
  /** Asks part of the caller's live bond back; the delay of all that is leaving starts anew. */
  readonly requestBondExit: Bound<typeof requestBondExit>;
  /** Asks stake of the caller back; it stays slashable until the unbonding period is over, which starts anew for all of it. */
  readonly requestUnstake: Bound<typeof requestUnstake>;
  /** Gives a signed instruction to the provider's node. */
  readonly sendInstruction: typeof sendInstruction;
  /** Lets a key accept, submit and sign for the calling provider; it can never withdraw or unstake. */
  readonly setOperator: Bound<typeof setOperator>;
  /** Tells the provider's node to change its prices, to take no new work, or to take work again. */
  readonly signInstruction: Bound<typeof signInstruction>;
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
    answerDemand: bind(answerDemand, client, on),
    declineJob: bind(declineJob, client, on),
    fulfilOrder: bind(fulfilOrder, client, on),
    postBond: bind(postBond, client, on),
    requestBondExit: bind(requestBondExit, client, on),
    requestUnstake: bind(requestUnstake, client, on),
    sendInstruction,
    setOperator: bind(setOperator, client, on),
    signInstruction: bind(signInstruction, client, on),
    signQuote: bind(signQuote, client, on),
    stake: bind(stake, client, on),
    submitResult: bind(submitResult, client, on),
    updateProvider: bind(updateProvider, client, on),
    withdrawStake: bind(withdrawStake, client, on),
  });
}
