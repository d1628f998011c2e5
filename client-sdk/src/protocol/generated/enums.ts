// Generated from the contracts by scripts/generate.ts (`npm run build`). Do not edit.

/** What the draw says of a submitted job. */
export const Draw = {
  /** The block that decides is not there yet. */
  Pending: 0,
  NotDrawn: 1,
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
