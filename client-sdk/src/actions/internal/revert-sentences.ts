import type { ContractErrorArgs, ContractErrorName } from "viem";
import { enumName } from "../../protocol/enum-name.ts";
import type { batchSettlementAbi, courtAbi, marketAbi, testTokenAbi } from "../../protocol/generated/abi.ts";
import { CaseStatus, JobStatus, Outcome } from "../../protocol/generated/enums.ts";

type OurAbi = typeof marketAbi | typeof courtAbi | typeof testTokenAbi | typeof batchSettlementAbi;

type Sentences<Abi extends OurAbi> = {
  readonly [Name in ContractErrorName<Abi>]: ContractErrorArgs<Abi, Name> extends infer Args extends readonly unknown[]
    ? (...args: Args) => string
    : never;
};

const time = (seconds: bigint | number): string =>
  Number(seconds) < 8.64e12 ? new Date(Number(seconds) * 1000).toISOString() : `second ${seconds}`;

const NOT_OURS = "This is a fault of the contracts: please report it.";

/** What happened and how to mend it, for every custom error of the market. The compiler misses none. */
export const marketSentences: Sentences<typeof marketAbi> = {
  InvalidShortString: () => NOT_OURS,
  InvalidSignature: (signer) => `The signature is not ${signer}'s over this: check chain id, market and every field.`,
  JobDrawn: (id) => `The draw chose the job ${id} for an audit. Open its case with \`openDrawnCase\`.`,
  JobDrawPending: (id) => `The draw of job ${id} needs a later block: settle again in a few blocks.`,
  JobInvalidOutcome: (outcome) => `${enumName(Outcome, outcome)} is not the court's to give.`,
  JobInvalidSpec: (field) => `\`${field}\` of the job spec is out of bounds: compare it with \`getParameters\`.`,
  JobLengthMismatch: (specs, uris) => `${specs} specs need as many addresses of inputs, not ${uris}.`,
  JobNotClient: (client, caller) => `Only the client ${client} may do this, not ${caller}.`,
  JobProviderMismatch: (named, given) => `The job is for provider ${named}, not ${given}.`,
  JobTooEarly: (id, deadline) => `Too early for job ${id}: this opens at ${time(deadline)}.`,
  JobTooLate: (id, deadline) => `Too late for job ${id}: this had to be done before ${time(deadline)}.`,
  JobWrongFrozen: (id) => `The frozen values are not those of job ${id}: take them from \`getJob\`.`,
  JobWrongStatus: (id, status) => `Job ${id} is ${enumName(JobStatus, status)}, in which this cannot be done.`,
  JobZeroRoot: () => "A result root of zero is no result: give the Merkle root of the result leaves.",
  LedgerInsufficientBalance: (account, balance, needed) =>
    `${account} has ${balance} free and needs ${needed}: deposit ${needed - balance} more.`,
  LedgerInsufficientReserve: (account, reserved, needed) =>
    `${account} has ${reserved} in reserve and needs ${needed}: reserve ${needed - reserved} more.`,
  LedgerInvalidRecipient: (recipient) => `${recipient} cannot be credited or paid: name another account.`,
  LedgerNotReleasable: (account, leaving, releasableAt) =>
    leaving === 0n
      ? `Nothing of ${account}'s reserve was asked back: call \`requestRelease\` first.`
      : `${leaving} of ${account}'s reserve may be released from ${time(releasableAt)} on.`,
  LedgerTransferMismatch: (expected, received) =>
    `The token moved ${received} instead of ${expected}: tokens with a fee on transfer cannot be used.`,
  LedgerZeroAmount: () => "An amount of zero does nothing: give a positive one.",
  ParameterOutOfBounds: (name) => `The market cannot be deployed with this \`${name}\`.`,
  QuoteExpired: (validUntil) => `The quote was good before ${time(validUntil)}: ask for a new one.`,
  ReentrancyGuardReentrantCall: () => "The market was called from within itself: call it in a transaction of its own.",
  SafeCastOverflowedUintDowncast: (bits, value) => `${value} does not fit ${bits} bits: give a smaller amount.`,
  SafeERC20FailedOperation: (token) => `Token ${token} refused the transfer: check balance and allowance.`,
  StakingAwardsTooHigh: (awarded, slashed) => `Awards of ${awarded} are over half of the ${slashed} slashed.`,
  StakingBelowMinimum: (provider, stake, minStake) =>
    `${provider} has staked ${stake} of at least ${minStake}: stake ${minStake - stake} more.`,
  StakingExposureExceeded: (provider, exposure, cap) =>
    `Open jobs of ${provider} would reach ${exposure} of at most ${cap}: wait for settlements, or stake more.`,
  StakingInsufficientStake: (provider, available, requested) =>
    `${provider} may ask back ${available} now, not ${requested}: the rest answers for open jobs.`,
  StakingInvalidInterval: (validUntil, timestamp) =>
    `A new key's validity must end after ${time(timestamp)}, not at ${time(validUntil)}.`,
  StakingInvalidOperator: (operator) => `${operator} cannot be an operator key: use a key of its own.`,
  StakingNotCourt: (caller) => `Only the court may do this, not ${caller}.`,
  StakingNotOperator: (provider, caller) =>
    `${caller} is neither provider ${provider} nor a valid operator key of it: let the provider call \`setOperator\`.`,
  StakingNotWithdrawable: (provider, amount, withdrawableAt) =>
    amount === 0n
      ? `Nothing of ${provider}'s stake is unbonding: call \`requestUnstake\` first.`
      : `${amount} of ${provider}'s stake may be withdrawn from ${time(withdrawableAt)} on.`,
  StakingOperatorKeyEnded: (provider, operator, validUntil) =>
    `${operator} ended at ${time(validUntil)} as a key of ${provider} and cannot come back: use a fresh key.`,
  StakingZeroAmount: () => "An amount of zero does nothing: give a positive one.",
  StringTooLong: () => NOT_OURS,
};

/** The same for the court behind a market. */
export const courtSentences: Sentences<typeof courtAbi> = {
  BondInsufficient: (provider, available, requested) =>
    `${provider} may ask back ${available} of its bond now, not ${requested}.`,
  BondNotWithdrawable: (provider, leaving, withdrawableAt, openCases) =>
    leaving === 0n
      ? `Nothing of ${provider}'s bond was asked back: call \`requestBondExit\` first.`
      : `${leaving} of ${provider}'s bond may be withdrawn from ${time(withdrawableAt)} on, with no case open: ${openCases} are.`,
  BondZeroAmount: () => "An amount of zero does nothing: give a positive one.",
  CaseAlreadyCommitted: (id, position) =>
    `Position ${position} of case ${id} has committed: keep its word and reveal it.`,
  CaseNoSuchItem: (job, item) => `Job ${job} has no item ${item}: items count from zero.`,
  CaseNotAcquitted: (id) =>
    `Tier one did not acquit in case ${id}: call \`closeCase\`, which goes to tier two by itself.`,
  CaseNotClient: (client, caller) => `Only the client ${client} may do this, not ${caller}.`,
  CaseNotDrawn: (job) => `The draw did not choose job ${job}, or not yet: ask \`getDraw\`.`,
  CaseNotSeat: (id, position, caller) =>
    `${caller} does not act for position ${position} of case ${id}: use the seat's account or an operator key of it.`,
  CaseNotVerified: (job) => `Job ${job} was accepted unverified: no panel stands behind it, so no case can judge it.`,
  CaseSeedPending: (id, anchor) => `The panel of case ${id} is drawn after block ${anchor}: try again in a few blocks.`,
  CaseTooEarly: (id, deadline) => `Too early for case ${id}: this opens at ${time(deadline)}.`,
  CaseTooLate: (id, deadline) => `Too late for case ${id}: this had to be done before ${time(deadline)}.`,
  CaseWrongJob: (job) => `Job ${job} has no result that this court holds: give its own spec and frozen values.`,
  CaseWrongReveal: (id, position) =>
    `This is not what position ${position} of case ${id} committed to, or it is revealed: check word and salt.`,
  CaseWrongStatus: (id, status) => `Case ${id} is ${enumName(CaseStatus, status)}, in which this cannot be done.`,
  CourtNotBindable: () => "Only the court's deployer binds it, once, to a market that names it.",
  CourtParameterOutOfBounds: (name) =>
    `The court cannot be deployed with this \`${name}\`, or does not fit the market.`,
  DemandExhausted: (id) => `All that case ${id} is about was demanded and answered: read the answers from the events.`,
  DemandNotOpen: (key) => `No demand ${key} is open: it was answered, or nobody demanded.`,
  DemandOpen: (key) => `A demand ${key} is open: wait for its answer.`,
  DemandTooEarly: (key, answerBy) => `The provider may still answer the demand ${key} until ${time(answerBy)}.`,
  DemandTooLate: (key, answerBy) => `The demand ${key} had to be answered before ${time(answerBy)}.`,
  DemandWrongAnswer: (job, part) => `The ${part} is not what job ${job} committed to: send its exact bytes and proof.`,
  ReceiptAlreadyBrought: (job) => `The receipt was brought before, as job ${job}: follow its case.`,
  ReceiptDoubleKnown: (provider, channelId, seq) =>
    `That ${provider} gave number ${seq} of channel ${channelId} twice was proven before.`,
  ReceiptInvalidSignature: (signer) =>
    `The signature is not ${signer}'s over this receipt: check chain id, market and every field.`,
  ReceiptNotOperator: (provider, signer, issuedAt) =>
    `${signer} was neither provider ${provider} nor an operator key of it at ${time(issuedAt)}.`,
  ReceiptNotPayer: (payer, caller) => `Only the payer ${payer} may bring its receipts, not ${caller}.`,
  ReceiptTooEarly: (issuedAt) => `The receipt is issued at ${time(issuedAt)}, which is yet to come: bring it then.`,
  ReceiptTooLate: (expiredAt) => `The receipt could be brought before ${time(expiredAt)}.`,
  ReceiptWithoutResult: () => "The call was cut short: its receipt commits to no answer that could be judged.",
  ReceiptsNotDouble: () =>
    "Give two different receipts of the same provider, payer, channel and number, one of them not expired.",
  SeatsAlreadyJoined: (model, seat) => `Seat ${seat} sits on the panel of model ${model} already.`,
  SeatsBelowStake: (stake, seatStake) =>
    `The seat would have ${stake} of at least ${seatStake}: stake ${seatStake - stake} more.`,
  SeatsFull: () => "The court has all the seats that it can number.",
  SeatsInvalidTolerances: () =>
    "Thresholds must lie above tolerances, and no court judges by zeros: calibrate the model.",
  SeatsNoPanel: (model) => `Model ${model} has no panel: call \`openPanel\` with its terms first.`,
  SeatsNotJoined: (model, seat) => `Seat ${seat} does not sit on the panel of model ${model}.`,
  SeatsNotOperator: (owner, caller) =>
    `${caller} is neither seat owner ${owner} nor an operator key of it: let the owner call \`setOperator\`.`,
  SeatsNotSeated: (owner) => `${owner} has no seat with the whole seat stake: call \`stakeSeat\`.`,
  SeatsNotWithdrawable: (owner, panels, withdrawableAt) =>
    panels > 0n
      ? `The seat of ${owner} sits on ${panels} panels: call \`leavePanel\` for each first.`
      : `The seat stake of ${owner}, if any is left, may be withdrawn from ${time(withdrawableAt)} on.`,
  SeatsNothingToClaim: (account, credit) =>
    credit === 0n
      ? `${account} has earned nothing that is not paid yet.`
      : `The pool is empty: ${account} keeps its credit of ${credit}. Claim later, or \`collectFees\` or \`fundPool\` first.`,
  SeatsTooSoon: (model, seat, joinableAt) =>
    `Seat ${seat} left the panel of model ${model} a short time ago: it may come back at ${time(joinableAt)}.`,
  SeatsPanelFull: (model) => `All slots of the panel of model ${model} are taken: try again when a seat has left.`,
  SeatsPanelOpen: (model) => `Model ${model} has a panel: join it.`,
};

/** The same for the token behind a market: ERC-20 (the names of ERC-6093), ERC-2612 and the test token's ERC-3009. */
export const tokenSentences: Sentences<typeof testTokenAbi> = {
  AuthorizationInvalidSignature: (authorizer) => `The authorization is not signed by ${authorizer}.`,
  AuthorizationNotInTime: (validAfter, validBefore) =>
    `The authorization is good after ${time(validAfter)} and before ${time(validBefore)} only: sign a new one.`,
  AuthorizationNotPayee: (to, caller) => `The authorization pays ${to}, so ${caller} cannot present it.`,
  AuthorizationUsedAlready: (authorizer, nonce) =>
    `Authorization ${nonce} of ${authorizer} was used before: sign a new one with another salt.`,
  ECDSAInvalidSignature: () => "The signature has no signer: sign again.",
  ECDSAInvalidSignatureLength: (length) => `A signature has 65 bytes, not ${length}.`,
  ECDSAInvalidSignatureS: () => "The signature is malleable (high s): sign again.",
  ERC20InsufficientAllowance: (spender, allowance, needed) =>
    `${spender} may spend ${allowance} tokens and needs ${needed}: call \`approveToken\` or \`depositWithPermit\`.`,
  ERC20InsufficientBalance: (sender, balance, needed) => `${sender} has ${balance} tokens and needs ${needed}.`,
  ERC20InvalidApprover: (approver) => `${approver} cannot approve.`,
  ERC20InvalidReceiver: (receiver) => `${receiver} cannot receive tokens.`,
  ERC20InvalidSender: (sender) => `${sender} cannot send tokens.`,
  ERC20InvalidSpender: (spender) => `${spender} cannot be approved.`,
  ERC2612ExpiredSignature: (deadline) => `The permit was good until ${time(deadline)}: sign a new one.`,
  ERC2612InvalidSigner: (signer, owner) => `The permit is signed by ${signer}, not by ${owner}.`,
  InvalidAccountNonce: (account, nonce) => `The permit must use nonce ${nonce} of ${account}: sign a new one.`,
  InvalidShortString: () => NOT_OURS,
  StringTooLong: () => NOT_OURS,
};

/** The same for x402's payment channels, as their stand-ins on development chains name errors. */
export const channelSentences: Sentences<typeof batchSettlementAbi> = {
  AddressEmptyCode: (target) => `${target} is no contract: check the channel's token.`,
  ClaimExceedsBalance: () => "The claim is for more than the channel holds.",
  ClaimExceedsCeiling: () => "The claim is for more than its voucher allows.",
  DepositCollectionFailed: () => "The collector brought another amount: tokens with a fee on transfer cannot be used.",
  DepositOverflow: () => "The channel would hold more than 128 bits can say: deposit less.",
  ECDSAInvalidSignature: () => "The signature has no signer: sign again.",
  ECDSAInvalidSignatureLength: (length) => `A signature has 65 bytes, not ${length}.`,
  ECDSAInvalidSignatureS: () => "The signature is malleable (high s): sign again.",
  EmptyBatch: () => "Give at least one voucher.",
  FailedCall: () => NOT_OURS,
  InvalidChannel: () => "The channel's config is not valid, or only its payer's side may do this: check every field.",
  InvalidCollector: () => "No collector has the zero address: take the ERC-3009 collector.",
  InvalidRefundNonce: () => "The refund was signed for another nonce: read the channel again.",
  InvalidSignature: () => "The signature is not the authorizer's over this: check chain, channel and amount.",
  NotAuthorizedToClaim: () => "Only the receiver or its authorizer claims.",
  NotAuthorizedToFinalizeWithdraw: () => "Only the payer's side ends a withdrawal.",
  NotAuthorizedToRefund: () => "Only the receiver or its authorizer refunds.",
  NotReceiverAuthorizer: () => "All vouchers of one batch must have the same receiver authorizer.",
  NothingToWithdraw: () => "An amount of zero does nothing: give a positive one.",
  ReentrancyGuardReentrantCall: () =>
    "The contract was called from within itself: call it in a transaction of its own.",
  SafeERC20FailedOperation: (token) => `Token ${token} refused the transfer: check balance and authorization.`,
  WithdrawAmountExceedsAvailable: () => "There is not so much in the channel that nobody claimed: ask for less.",
  WithdrawDelayNotElapsed: () => "The withdrawal's delay is not over: `getChannel` says when it is.",
  WithdrawDelayOutOfRange: () => "A channel's withdrawal takes from 900 to 2592000 seconds: choose another delay.",
  WithdrawalAlreadyPending: () => "A withdrawal of this channel is pending: finish it first.",
  WithdrawalNotPending: () => "No withdrawal of this channel is pending: call `requestChannelWithdraw` first.",
  ZeroDeposit: () => "An amount of zero does nothing: give a positive one.",
  ZeroRefund: () => "There is nothing to give back.",
};

/** Errors that pass by themselves: the same call may succeed later. */
export const RETRYABLE_REVERTS: readonly string[] = [
  "JobDrawPending",
  "JobTooEarly",
  "LedgerNotReleasable",
  "StakingExposureExceeded",
  "StakingNotWithdrawable",
  "BondNotWithdrawable",
  "CaseNotDrawn",
  "CaseSeedPending",
  "CaseTooEarly",
  "DemandOpen",
  "DemandTooEarly",
  "ReceiptTooEarly",
  "SeatsNotWithdrawable",
  "SeatsNothingToClaim",
  "SeatsPanelFull",
  "SeatsTooSoon",
  "WithdrawDelayNotElapsed",
] satisfies readonly ContractErrorName<OurAbi>[];
