import type { Token } from "node-llama-cpp";
import { NodeError } from "../errors.ts";
import type { StopRule } from "./stops.ts";

/** Tokens that are read again at most for the text of a new one, and those that stay when the others are let go. */
const WINDOW = 48;
const OVERLAP = 16;

/** Ends that later tokens may change: part of a character, and a space that some tokenizers take from before ".", "'s". */
const UNSURE = /\uFFFD+$| (?:'.{0,2})?$/su;

/**
 * The text of a generation as it comes: whole characters, nothing that a stop may cut off, and all of it together is
 * the text of the output.
 */
export class TextFlow {
  readonly #stops: StopRule;
  readonly #textOf: (tokens: readonly Token[]) => string;
  #shown = "";
  /** The first token of the window, and how much of the window's text was shown. */
  #start = 0;
  #seen = 0;

  /** @param textOf The text of some tokens. */
  constructor(stops: StopRule, textOf: (tokens: readonly Token[]) => string) {
    this.#stops = stops;
    this.#textOf = textOf;
  }

  /** What may be shown now that these tokens are written, beyond what was. */
  next(tokens: readonly Token[]): string {
    const written = this.#textOf(tokens.slice(this.#start));
    const fresh = this.#stops.hold(sure(written).slice(this.#seen));
    this.#shown += fresh;
    this.#seen += fresh.length;
    if (tokens.length - this.#start > WINDOW && this.#seen === written.length) {
      this.#start = tokens.length - OVERLAP;
      this.#seen = this.#textOf(tokens.slice(this.#start)).length;
    }
    return fresh;
  }

  /**
   * The rest, once the text of the output is known.
   *
   * @throws NodeError `ENGINE_FAILED` for a tokenizer that takes back what it said.
   */
  end(text: string): string {
    if (!text.startsWith(this.#shown)) {
      const sentence = "The tokenizer of this model changes text that it wrote before; sell it by jobs only.";
      throw new NodeError("ENGINE_FAILED", sentence);
    }
    const rest = text.slice(this.#shown.length);
    this.#shown = text;
    return rest;
  }
}

function sure(text: string): string {
  const shorter = text.replace(UNSURE, "");
  return shorter.length === text.length ? text : sure(shorter);
}
