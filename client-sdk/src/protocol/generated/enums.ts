// Generated from the contracts by scripts/generate.ts (`npm run build`). Do not edit.

export const CaseStatus = {
  None: 0,
  /** Waits for the block whose hash draws the panel. */
  Pinned: 1,
  /** Seats check, and commit to their words. */
  Commit: 2,
  /** A seat demanded data; the clock of the commits stands still. */
  Waiting: 3,
  /** All seats have committed, and reveal. */
  Reveal: 4,
  /** All seats have revealed. */
  Revealed: 5,
  Closed: 6,
} as const;
export type CaseStatus = (typeof CaseStatus)[keyof typeof CaseStatus];

/** What the draw says of a submitted job. */
export const Draw = {
  /** The block that decides is not there yet. */
  Pending: 0,
  NotDrawn: 1,
  /** A case has to judge it before it can be settled. */
  Drawn: 2,
} as const;
export type Draw = (typeof Draw)[keyof typeof Draw];

export const JobStatus = {
  None: 0,
  Open: 1,
  Accepted: 2,
  Submitted: 3,
  InCase: 4,
  Settled: 5,
  Refunded: 6,
  Rejected: 7,
} as const;
export type JobStatus = (typeof JobStatus)[keyof typeof JobStatus];

/** Why an entry of a batch was passed over. */
export const Obstacle = {
  None: 0,
  WrongStatus: 1,
  WrongFrozen: 2,
  TooEarly: 3,
  TooLate: 4,
  DrawPending: 5,
  Drawn: 6,
} as const;
export type Obstacle = (typeof Obstacle)[keyof typeof Obstacle];

/** How a job ended, so that a record can tell idle from faulty. */
export const Outcome = {
  None: 0,
  /** Paid; random audits stood behind it. */
  Completed: 1,
  /** Paid; the model was not verified, or the job was sealed. */
  Unverified: 2,
  /** Taken back by the client before anyone accepted. */
  Cancelled: 3,
  /** Nobody accepted in time. */
  NotAccepted: 4,
  /** The provider accepted and gave it back. */
  Declined: 5,
  /** The provider accepted and did not submit in time. */
  NoShow: 6,
  /** By the court: a result that nobody could get. */
  Withheld: 7,
  /** By the court: a result that did not come from the model. */
  Rejected: 8,
  /** By the court: no panel could judge. */
  Undecidable: 9,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** How a case ended. */
export const Verdict = {
  /** Not over; or of a case that was opened for an old job, which the draw then did not choose. */
  None: 0,
  /** The result stands. */
  Acquitted: 1,
  /** The result did not come from the model: the client is repaid, the provider slashed. */
  Convicted: 2,
  /** The provider did not answer a demand: the client is repaid, the provider slashed. */
  Withheld: 3,
  /** The words lie too far apart: nobody is slashed, the result stands. */
  Undecidable: 4,
  /** Too few seats revealed: the client is repaid, the provider is paid from the penalties of the absent. */
  NoQuorum: 5,
  /** Another case had ended the job before. */
  Moot: 6,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];
