import { appealCase } from "../actions/appeal-case.ts";
import { bringReceipt } from "../actions/bring-receipt.ts";
import { cancelJob } from "../actions/cancel-job.ts";
import { challengeResult } from "../actions/challenge-result.ts";
import { demandItem } from "../actions/demand-item.ts";
import { finalizeChannelWithdraw } from "../actions/finalize-channel-withdraw.ts";
import type { WriteClient } from "../actions/internal/clients.ts";
import { postAcceptedJob } from "../actions/post-accepted-job.ts";
import { postJob } from "../actions/post-job.ts";
import { postJobs } from "../actions/post-jobs.ts";
import { prepareJob } from "../actions/prepare-job.ts";
import { proveDoubleReceipt } from "../actions/prove-double-receipt.ts";
import { requestChannelWithdraw } from "../actions/request-channel-withdraw.ts";
import { requestRelease } from "../actions/request-release.ts";
import { reserve } from "../actions/reserve.ts";
import { signChannelDeposit } from "../actions/sign-channel-deposit.ts";
import { signOrder } from "../actions/sign-order.ts";
import { type AccountActions, accountActions } from "./account.ts";
import { type Bound, bind, type DecoratorParameters } from "./bound.ts";

/** What buyers can do. */
export type BuyerActions = AccountActions & {
  /** Takes an acquittal of tier one to tier two. */
  readonly appealCase: Bound<typeof appealCase>;
  /** Opens the case about a live call of the caller. */
  readonly bringReceipt: Bound<typeof bringReceipt>;
  /** Takes back a job of the caller that nobody accepted. */
  readonly cancelJob: Bound<typeof cancelJob>;
  /** Opens a case on items of a job of the caller. */
  readonly challengeResult: Bound<typeof challengeResult>;
  /** Demands an item of a job of the caller on chain. */
  readonly demandItem: Bound<typeof demandItem>;
  /** Takes back what was asked of a payment channel, once its delay is over. */
  readonly finalizeChannelWithdraw: Bound<typeof finalizeChannelWithdraw>;
  /** Posts a job of the caller already accepted, by a provider's quote. */
  readonly postAcceptedJob: Bound<typeof postAcceptedJob>;
  /** Escrows the price of a job from the caller's free balance and lists it. */
  readonly postJob: Bound<typeof postJob>;
  /** Posts several jobs of the caller in one transaction. */
  readonly postJobs: Bound<typeof postJobs>;
  /** Makes the spec of a job of the caller and its id. */
  readonly prepareJob: Bound<typeof prepareJob>;
  /** Shows that a provider signed two receipts for one call of the caller. */
  readonly proveDoubleReceipt: Bound<typeof proveDoubleReceipt>;
  /** Asks money of a payment channel back without the receiver. */
  readonly requestChannelWithdraw: Bound<typeof requestChannelWithdraw>;
  /** Asks part of the caller's reserve back; the delay of all that is leaving starts anew. */
  readonly requestRelease: Bound<typeof requestRelease>;
  /** Moves free balance of the caller into its reserve, which backs signed orders. */
  readonly reserve: Bound<typeof reserve>;
  /** Signs a deposit into a payment channel of the caller, which somebody else brings on chain. */
  readonly signChannelDeposit: Bound<typeof signChannelDeposit>;
  /** Orders a job by signature, paid from the caller's reserve. */
  readonly signOrder: Bound<typeof signOrder>;
};

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
    appealCase: bind(appealCase, client, on),
    bringReceipt: bind(bringReceipt, client, on),
    cancelJob: bind(cancelJob, client, on),
    challengeResult: bind(challengeResult, client, on),
    demandItem: bind(demandItem, client, on),
    finalizeChannelWithdraw: bind(finalizeChannelWithdraw, client, on),
    postAcceptedJob: bind(postAcceptedJob, client, on),
    postJob: bind(postJob, client, on),
    postJobs: bind(postJobs, client, on),
    prepareJob: bind(prepareJob, client, on),
    proveDoubleReceipt: bind(proveDoubleReceipt, client, on),
    requestChannelWithdraw: bind(requestChannelWithdraw, client, on),
    requestRelease: bind(requestRelease, client, on),
    reserve: bind(reserve, client, on),
    signChannelDeposit: bind(signChannelDeposit, client, on),
    signOrder: bind(signOrder, client, on),
  });
}
