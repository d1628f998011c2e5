import type { Address, Hex } from "viem";
import type { CaseEventName } from "../protocol/case-events.ts";
import type { JobStatus, Outcome, Verdict } from "../protocol/generated/enums.ts";
import type { JobEventName } from "../protocol/job-events.ts";

// What an index tells. Amounts are token units, times unix seconds, addresses have their checksum, hashes are lower-case.

/** The market as a whole. */
export interface IndexedMarket {
  readonly address: Address;
  /** The assurance pool. */
  readonly pool: bigint;
  /** Ever posted. */
  readonly jobs: number;
  /** Posted, and nobody accepted or ended them yet. */
  readonly openJobs: number;
  /** Sum of the prices of settled jobs. */
  readonly volume: bigint;
  readonly fees: bigint;
  /** Prices that went back to clients. */
  readonly refunded: bigint;
  /** What clients got beside, of the stakes of providers that failed them. */
  readonly penalties: bigint;
  /** What providers lost of stakes and bonds, penalties included. */
  readonly slashed: bigint;
  /** What of it went to nobody. */
  readonly burned: bigint;
  readonly providers: number;
  readonly seats: number;
  readonly cases: number;
  /** Cases that ended against the provider: by its result, or because it withheld it. */
  readonly convictions: number;
  /** Receipts of live calls that were brought to the court. */
  readonly receipts: number;
  /** When something last happened; 0 where nothing did. */
  readonly updatedAt: number;
}

/** What an account has in the market. Zeros for one nobody heard of. */
export interface IndexedAccount {
  readonly address: Address;
  /** Free to spend or withdraw. */
  readonly balance: bigint;
  readonly stake: bigint;
  /** Sum of the prices of jobs under way, and the weight of cases in tier two. */
  readonly exposure: bigint;
  /** Of its settled jobs, not moved to the pool yet. */
  readonly fees: bigint;
  /** Backs orders, `reserveLeaving` included. */
  readonly reserved: bigint;
  readonly reserveLeaving: bigint;
  readonly reserveReleasableAt: number;
  /** Stake that was asked back. */
  readonly unbonding: bigint;
  readonly withdrawableAt: number;
  /** The live bond, `bondLeaving` included. */
  readonly bond: bigint;
  readonly bondLeaving: bigint;
  readonly bondWithdrawableAt: number;
}

/** Who sells, or sold, and how that went. */
export interface IndexedProvider {
  readonly address: Address;
  readonly account: IndexedAccount;
  /** Where its card is; nothing where it never published one. */
  readonly uri: string | undefined;
  /** The key that published the card. */
  readonly operator: Address | undefined;
  readonly cardUpdatedAt: number | undefined;
  /** When it first staked, bonded, published a card or signed. */
  readonly since: number;
  /** Accepted. */
  readonly jobs: number;
  /** Paid, with random audits behind them. */
  readonly completed: number;
  /** Paid, without. */
  readonly unverified: number;
  readonly declined: number;
  readonly noShows: number;
  /** Jobs that the court took from it: a wrong result, or one that nobody could get. */
  readonly rejected: number;
  /** What settled jobs paid. */
  readonly earned: bigint;
  /** What it lost of stake and bond. */
  readonly slashed: bigint;
  /** What of it was bond. */
  readonly bondSlashed: bigint;
  readonly cases: number;
  readonly convictions: number;
  readonly receipts: number;
  /** Calls for which it signed two receipts. */
  readonly doubleReceipts: number;
}

/** A key that acts for an account. */
export interface IndexedOperatorKey {
  readonly provider: Address;
  readonly operator: Address;
  readonly validFrom: number;
  readonly validUntil: number;
}

/** A model of which a job, a panel or a verification told. */
export interface IndexedModel {
  readonly id: Hex;
  /** Whether its panel can judge. */
  readonly verified: boolean;
  readonly panelOpenedAt: number | undefined;
  /** On its panel now. */
  readonly seats: number;
  /** Ever posted. */
  readonly jobs: number;
  /** Sum of the prices of its settled jobs. */
  readonly volume: bigint;
}

/** A job as its events tell it. */
export interface IndexedJob {
  readonly id: Hex;
  readonly client: Address;
  /** Who accepted; before, whom the job names, if anyone. */
  readonly provider: Address | undefined;
  readonly model: Hex;
  readonly status: JobStatus;
  /** `None` until it is over. */
  readonly outcome: Outcome;
  readonly input: Hex;
  readonly items: number;
  readonly price: bigint;
  readonly acceptBy: number;
  readonly submitWithin: number;
  readonly challengeWindow: number;
  readonly flags: number;
  readonly salt: Hex;
  /** Where the input may be fetched; may be empty. */
  readonly uri: string;
  /** Whether a signed order brought it, paid from the client's reserve. */
  readonly isOrder: boolean;
  /** Whether random audits stand behind it; nothing before it is accepted. */
  readonly verified: boolean | undefined;
  readonly resultRoot: Hex | undefined;
  readonly submitBlock: bigint | undefined;
  readonly postedAt: number;
  readonly acceptedAt: number | undefined;
  readonly submittedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** To the provider. */
  readonly paid: bigint;
  readonly fee: bigint;
  /** To the client, of the price. */
  readonly refund: bigint;
  /** To the client, of the provider's stake. */
  readonly penalty: bigint;
}

/** One event in the life of a job or a case. */
export interface IndexedStep<Kind extends string = JobEventName | CaseEventName> {
  readonly kind: Kind;
  readonly block: bigint;
  readonly timestamp: number;
  readonly transaction: Hex;
  /** Position in the block. */
  readonly logIndex: number;
}

/** A job with what happened to it, oldest first. */
export interface IndexedJobHistory extends IndexedJob {
  readonly steps: readonly IndexedStep<JobEventName>[];
}

/** A case as its events tell it. */
export interface IndexedCase {
  readonly id: Hex;
  /** Of the job, or of the receipt that stands for one. */
  readonly job: Hex;
  readonly opener: Address;
  /** `DRAW_KEY` for the draw's case, the start item for a client's. */
  readonly key: bigint;
  readonly isReceipt: boolean;
  /** 1 or 2. */
  readonly tier: number;
  /** `None` until it is over. */
  readonly verdict: Verdict;
  readonly isOpen: boolean;
  /** What the provider lost by it. */
  readonly slashed: bigint;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  readonly provider: Address;
  readonly model: Hex;
  readonly client: Address;
}

/** Who sits at a position of a case, and what it said. */
export interface IndexedCaseSeat {
  readonly case: Hex;
  /** Its number. */
  readonly seat: number;
  /** 0 to 2 in tier one, 3 to 11 in tier two. */
  readonly position: number;
  readonly commitment: Hex | undefined;
  /** `decodeWord` reads it. */
  readonly word: Hex | undefined;
  readonly committedAt: number | undefined;
  readonly revealedAt: number | undefined;
  /** What the seat lost by this case. */
  readonly penalty: bigint;
  /** Whether it told its word too early, and lost its place. */
  readonly denounced: boolean;
}

/** A case with its seats by position and what happened in it, oldest first. */
export interface IndexedCaseHistory extends IndexedCase {
  readonly seats: readonly IndexedCaseSeat[];
  readonly steps: readonly IndexedStep<CaseEventName>[];
}

/** A demand for data. */
export interface IndexedDemand {
  readonly job: Hex;
  /** The case for which a seat demands, or the job whose client does. */
  readonly key: Hex;
  readonly demander: Address;
  readonly item: number;
  readonly chunk: number;
  readonly answerBy: number;
  readonly demandedAt: number;
  readonly answeredAt: number | undefined;
  /** When it ended without an answer. */
  readonly endedAt: number | undefined;
  /** Whether the provider was slashed for that; else its job had ended before. */
  readonly defaulted: boolean;
}

/** A place on a panel. */
export interface IndexedPanelSeat {
  readonly model: Hex;
  readonly seat: number;
  readonly slot: number;
  readonly joinedAt: number;
  /** Nothing while the seat serves. */
  readonly leftAt: number | undefined;
}

/** A validator. */
export interface IndexedSeat {
  readonly number: number;
  readonly owner: Address;
  readonly stake: bigint;
  /** What it lost, in all. */
  readonly penalised: bigint;
  /** Places it was drawn to. */
  readonly cases: number;
  readonly reveals: number;
  readonly since: number;
  /** By model. */
  readonly panels: readonly IndexedPanelSeat[];
}

/** A receipt of a live call that its payer brought to the court. */
export interface IndexedReceipt {
  /** The job that it stands for. */
  readonly job: Hex;
  readonly provider: Address;
  readonly payer: Address;
  readonly channelId: Hex;
  readonly seq: bigint;
  readonly model: Hex;
  readonly amount: bigint;
  readonly cumulative: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly issuedAt: number;
  /** Who signed it. */
  readonly operator: Address;
  readonly broughtAt: number;
  readonly case: Hex;
}

/** Sums over jobs in an hour or a day. A job counts where it was posted, and again where it ended. */
export interface MarketStats {
  /** The start of the hour or day (UTC). */
  readonly timestamp: number;
  readonly posted: number;
  readonly settled: number;
  readonly refunded: number;
  /** Prices of settled jobs: `paid + fees`. */
  readonly volume: bigint;
  readonly paid: bigint;
  readonly fees: bigint;
  /** To clients, of the stakes of providers that failed them. */
  readonly penalties: bigint;
}

export interface ModelStats extends MarketStats {
  readonly model: Hex;
}

/** A job that nobody accepted counts for whom it names, and for the zero address where it names nobody. */
export interface ProviderStats extends MarketStats {
  readonly provider: Address;
}

/** What providers lost in an hour or a day, of stakes and bonds. */
export interface SlashStats {
  readonly timestamp: number;
  readonly amount: bigint;
  readonly burned: bigint;
}

/** Cases in an hour or a day. */
export interface CaseStats {
  readonly timestamp: number;
  readonly opened: number;
  readonly closed: number;
  readonly convictions: number;
}
