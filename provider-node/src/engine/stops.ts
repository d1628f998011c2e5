import type { Token } from "node-llama-cpp";

/** Texts that end an output. */
export interface StopRule {
  /** Whether the tokens written so far hold a stop; cheap enough to ask after every token. */
  isReached(tokens: readonly Token[]): boolean;
  /** After how many tokens `isReached` says so first; nothing if it never does. */
  reachedAfter(tokens: readonly Token[]): number | undefined;
  /** The text before the first stop. */
  cut(text: string): string;
  /** The text before the first stop, and before what may yet become one. */
  hold(text: string): string;
}

/** Characters of several tokens that the window below may cut at its start. */
const MARGIN = 8;

/**
 * Stops by text. Every token of text is at least a byte long, so the last tokens, as many as the longest stop has
 * bytes, hold a stop that was just written.
 *
 * @param textOf The text of some tokens.
 */
export function createStopRule(stops: readonly string[], textOf: (tokens: readonly Token[]) => string): StopRule {
  const longest = Math.max(0, ...stops.map((stop) => Buffer.byteLength(stop)));
  const isIn = (text: string) => stops.some((stop) => text.includes(stop));
  const isReachedAt = (tokens: readonly Token[], end: number) =>
    isIn(textOf(tokens.slice(Math.max(0, end - longest - MARGIN), end))) && isIn(textOf(tokens.slice(0, end)));
  const cut = (text: string) => {
    const starts = stops.map((stop) => text.indexOf(stop)).filter((start) => start >= 0);
    return text.slice(0, Math.min(text.length, ...starts));
  };
  return {
    isReached: (tokens) => stops.length > 0 && isReachedAt(tokens, tokens.length),
    reachedAfter: (tokens) => {
      const index = stops.length === 0 ? -1 : tokens.findIndex((_, last) => isReachedAt(tokens, last + 1));
      return index === -1 ? undefined : index + 1;
    },
    cut,
    hold: (text) => {
      const before = cut(text);
      const held = before.length < text.length ? 0 : Math.max(0, ...stops.map((stop) => begun(stop, text)));
      return before.slice(0, before.length - held);
    },
  };
}

/** How much of a stop, less than all of it, the end of a text has. */
function begun(stop: string, text: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) {
      return length;
    }
  }
  return 0;
}
