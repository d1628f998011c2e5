import { approveToken } from "../actions/approve-token.ts";
import { claimCredit } from "../actions/claim-credit.ts";
import { closeCase } from "../actions/close-case.ts";
import { collectFees } from "../actions/collect-fees.ts";
import { defaultDemand } from "../actions/default-demand.ts";
import { denounceSeat } from "../actions/denounce-seat.ts";
import { deposit } from "../actions/deposit.ts";
import { depositWithAuthorization } from "../actions/deposit-with-authorization.ts";
import { depositWithPermit } from "../actions/deposit-with-permit.ts";
import { expireJob } from "../actions/expire-job.ts";
import { fundAccount } from "../actions/fund-account.ts";
import { fundPool } from "../actions/fund-pool.ts";
import type { WriteClient } from "../actions/internal/clients.ts";
import { openChannel } from "../actions/open-channel.ts";
import { openDrawnCase } from "../actions/open-drawn-case.ts";
import { refreshPanel } from "../actions/refresh-panel.ts";
import { release } from "../actions/release.ts";
import { seatPanel } from "../actions/seat-panel.ts";
import { settleJob } from "../actions/settle-job.ts";
import { settleJobs } from "../actions/settle-jobs.ts";
import { signDepositAuthorization } from "../actions/sign-deposit-authorization.ts";
import { withdraw } from "../actions/withdraw.ts";
import { withdrawBond } from "../actions/withdraw-bond.ts";
import { type Bound, bind, type DecoratorParameters } from "./bound.ts";
import { type MarketActions, marketActions } from "./market.ts";

/** What anyone with an account can do. */
export type AccountActions = MarketActions & {
  /** Lets the market take tokens of the caller. */
  readonly approveToken: Bound<typeof approveToken>;
  /** Pays what an account earned as a seat or by opening cases, as far as the pool reaches. */
  readonly claimCredit: Bound<typeof claimCredit>;
  /** Ends a tier of a case: gives the verdict, or has tier two drawn. */
  readonly closeCase: Bound<typeof closeCase>;
  /** Moves the fees of these providers' settled jobs to the assurance pool. */
  readonly collectFees: Bound<typeof collectFees>;
  /** Ends a job whose provider did not answer a demand in time. */
  readonly defaultDemand: Bound<typeof defaultDemand>;
  /** Shows that a seat told its word before the reveals. */
  readonly denounceSeat: Bound<typeof denounceSeat>;
  /** Moves tokens of the caller, who approved them, into the market and credits the beneficiary's balance. */
  readonly deposit: Bound<typeof deposit>;
  /** Brings a deposit that its owner signed (ERC-3009). */
  readonly depositWithAuthorization: Bound<typeof depositWithAuthorization>;
  /** As `deposit`, with a signature (ERC-2612) instead of an approval. */
  readonly depositWithPermit: Bound<typeof depositWithPermit>;
  /** Ends a job whose accept or submit is overdue and repays the client. */
  readonly expireJob: Bound<typeof expireJob>;
  /** Deposits tokens of the caller by the way that asks the wallet's owner least: a batch, a permit, or an approval. */
  readonly fundAccount: Bound<typeof fundAccount>;
  /** Gives free balance of the caller to the assurance pool, for good. */
  readonly fundPool: Bound<typeof fundPool>;
  /** Puts money into a payment channel. */
  readonly openChannel: Bound<typeof openChannel>;
  /** Opens the case of a job that the draw chose. */
  readonly openDrawnCase: Bound<typeof openDrawnCase>;
  /** Says in the market whether a model is verified, for the accepts to come. */
  readonly refreshPanel: Bound<typeof refreshPanel>;
  /** Moves what was asked back of a reserve into the account's free balance, once the delay is over. */
  readonly release: Bound<typeof release>;
  /** Draws the panel of a case that waits for its block. */
  readonly seatPanel: Bound<typeof seatPanel>;
  /** Pays the provider after the challenge window, if the job is not drawn or its case is over. */
  readonly settleJob: Bound<typeof settleJob>;
  /** Settles several jobs in one transaction; those that cannot be settled now are passed over. */
  readonly settleJobs: Bound<typeof settleJobs>;
  /** Signs a deposit that somebody else may bring on chain, and pay the gas for. */
  readonly signDepositAuthorization: Bound<typeof signDepositAuthorization>;
  /** Sends free balance of the caller out as tokens, at once. */
  readonly withdraw: Bound<typeof withdraw>;
  /** Moves what was asked back of a live bond into the provider's free balance, once the delay is over. */
  readonly withdrawBond: Bound<typeof withdrawBond>;
};

/** Extends a viem client with an account by what buyers, providers and seats all do. */
export function accountActions(on: DecoratorParameters): (client: WriteClient) => AccountActions {
  return (client) => ({
    ...marketActions(on)(client),
    approveToken: bind(approveToken, client, on),
    claimCredit: bind(claimCredit, client, on),
    closeCase: bind(closeCase, client, on),
    collectFees: bind(collectFees, client, on),
    defaultDemand: bind(defaultDemand, client, on),
    denounceSeat: bind(denounceSeat, client, on),
    deposit: bind(deposit, client, on),
    depositWithAuthorization: bind(depositWithAuthorization, client, on),
    depositWithPermit: bind(depositWithPermit, client, on),
    expireJob: bind(expireJob, client, on),
    fundAccount: bind(fundAccount, client, on),
    fundPool: bind(fundPool, client, on),
    openChannel: bind(openChannel, client, on),
    openDrawnCase: bind(openDrawnCase, client, on),
    refreshPanel: bind(refreshPanel, client, on),
    release: bind(release, client, on),
    seatPanel: bind(seatPanel, client, on),
    settleJob: bind(settleJob, client, on),
    settleJobs: bind(settleJobs, client, on),
    signDepositAuthorization: bind(signDepositAuthorization, client, on),
    withdraw: bind(withdraw, client, on),
    withdrawBond: bind(withdrawBond, client, on),
  });
}
