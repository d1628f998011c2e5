/** Ways of a provider to take the price and not do the work, and what each does. */
export const CHEATS = {
  model: "another model of the same size, under the name of the one that was ordered",
  quantised: "the ordered model cut down to 4 bits a weight (Q4_0)",
  seed: "a seed of its own choice, where the market sets one",
  prompt: 'a hidden instruction, "Be brief.", before the buyer\'s prompt',
  truncate: "an end after 48 tokens, called the model's own",
  withhold: "a result that nobody gets to see",
  prefill: "a 4-bit model that writes, and the real one to make the trace look right",
} as const;
export type Cheat = keyof typeof CHEATS;

/** Names of all cheats. */
export const CHEAT_NAMES = Object.keys(CHEATS) as readonly Cheat[];
