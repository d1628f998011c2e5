// Generated from the contracts by scripts/generate.ts (`npm run build`). Do not edit.

export const BURN_ACCOUNT = "0x000000000000000000000000000000000000dEaD";

/** Seats of tier one. They may only acquit, unanimously. */
export const FIRST_TIER_SEATS = 3;

/** Positions of both tiers. */
export const POSITIONS = 12;

/** Names of the values of `Outcome`. */
export const OUTCOME: string[] = ["None", "Completed", "Unverified", "Cancelled", "NotAccepted", "Declined", "NoShow", "Withheld", "Rejected", "Undecidable"];

/** Names of the values of `Verdict`. */
export const VERDICT: string[] = ["None", "Acquitted", "Convicted", "Withheld", "Undecidable", "NoQuorum", "Moot"];
