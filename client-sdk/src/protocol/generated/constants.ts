// Generated from the contracts by scripts/generate.ts (`npm run build`). Do not edit.

export const BASIS_POINTS = 10_000n;

export const BURN_ACCOUNT = "0x000000000000000000000000000000000000dEaD";

/** Key of the case that the draw opens. */
export const DRAW_KEY = 115_792_089_237_316_195_423_570_985_008_687_907_853_269_984_665_640_564_039_457_584_007_913_129_639_935n;

export const FIRST_PROBE_LANE = 4n;

/** Seats of tier one. They may only acquit, unanimously. */
export const FIRST_TIER_SEATS = 3;

export const LANES = 16n;

export const MARGIN_LANE = 2n;

/** Most items, and most chunks of their traces, that one case covers: all can be demanded. */
export const MAX_CASE_ITEMS = 12;

/** A case covers items until so many tokens are covered. */
export const MAX_CASE_TOKENS = 512;

/** Most demands for data in one case. */
export const MAX_DEMANDS = 12;

/** Largest number of a seat: twelve of them fit one storage slot. */
export const MAX_SEATS = 2_097_151;

/** Positions of both tiers. */
export const POSITIONS = 12;

/** Words of tier two that convict, and least number of them that decides anything. */
export const QUORUM = 6;

/** Not a job but the receipt of a live call (see ReceiptLib), which the court judges as one. */
export const RECEIPT = 2;

/** What the payer of a false receipt has at most, in amounts of the call, beside its share as challenger. */
export const RECEIPT_COMPENSATION_FACTOR = 10n;

/** What a false receipt costs its provider, in amounts of the call: caught once in 714 calls (0.2 % are checked, 0.7 of the cheats among them convicted), it has gained less. Never under `minBond`. */
export const RECEIPT_PENALTY_FACTOR = 1_000n;

/** The client's inputs are for the provider alone; no random audit. */
export const SEALED = 1;

/** Seats of tier two. */
export const SECOND_TIER_SEATS = 9;

/** Bytes of a whole chunk of a trace: 1,024 tokens. */
export const TRACE_CHUNK_BYTES = 53_248n;

/** Bytes of a trace for each token. */
export const TRACE_ENTRY_BYTES = 52;

export const TRACE_LANE = 3n;
