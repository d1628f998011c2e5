// Generated from the contracts by scripts/generate.ts (`npm run build`). Do not edit.

export const BASIS_POINTS = 10_000n;

/** The client's inputs are for the provider alone; no random audit. */
export const SEALED = 1;
