/** Ways of a provider to take the price and not do the work, and what its buyers get by each. */
export const CHEATS = {
  model: "what another model of the same size writes, under the name of the one that was ordered",
  quantised: "what the ordered model writes when it is cut down to 4 bits a weight (Q4_0)",
  seed: "what the model writes by a seed of the provider's choice",
  prompt: 'what the model writes after a hidden instruction, "Be brief."',
  truncate: "the first 48 tokens, as if the model had ended there",
  withhold: "nothing but a hash",
  prefill: "what a 4-bit model writes, with a trace that the real one makes of it",
} as const;
export type Cheat = keyof typeof CHEATS;

/** Names of all cheats. */
export const CHEAT_NAMES = Object.keys(CHEATS) as readonly Cheat[];
