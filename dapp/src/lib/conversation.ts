import { CALL_ID_HEADER, type EndedCall, PROVIDER_HEADER, TouchstoneError } from "@touchstone/sdk";
import type { Address, Hex } from "viem";
import { readAnswer } from "./live-answer.ts";

/** Where an answer stands. */
export type TurnState = "waiting" | "streaming" | "done" | "stopped" | "failed";

/** A message and its answer. Times in milliseconds, amounts in token units. */
export interface Turn {
  readonly id: string;
  readonly model: string;
  readonly prompt: string;
  readonly text: string;
  readonly state: TurnState;
  /** Why it failed. */
  readonly error?: unknown | undefined;
  readonly provider?: Address | undefined;
  /** Who sold answers when it was asked, by name. */
  readonly names: ReadonlyMap<Address, string>;
  /** Who began it and did not finish, the last one too where it failed; and the most that each may charge for it. */
  readonly unfinished: readonly { readonly provider: Address; readonly amount: bigint }[];
  /** From the press of the button to the first piece. */
  readonly firstTokenMs?: number | undefined;
  /** From the first piece to the last. */
  readonly streamMs?: number | undefined;
  /** What it cost: of an answer without a receipt the most that it can have cost. */
  readonly cost?: bigint | undefined;
  readonly completionTokens?: number | undefined;
  /** Which receipt is its. */
  readonly receipt?: { readonly channelId: Hex; readonly seq: bigint } | undefined;
  /** Whether the receipt passed every check. */
  readonly isSound?: boolean | undefined;
}

export interface Sending {
  readonly prompt: string;
  readonly model: string;
  /** Of providers, as far as they are known. */
  readonly names?: ReadonlyMap<Address, string>;
  /** Buys the call: a `TouchstoneFetch`, once there is one. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

const URL = "https://touchstone.invalid/v1/chat/completions";
const MAX_SEED = 2 ** 31;

/** A chat, outside of any page: it goes on while others are looked at. */
export class Conversation {
  #turns: readonly Turn[] = [];
  #abort: AbortController | undefined;
  readonly #listeners = new Set<() => void>();

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** Has a function called at each change; what it returns ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets all that was said. */
  clear(): void {
    this.stop();
    this.#put([]);
  }

  /** Ends the answer that is being written; what came of it stays. */
  stop(): void {
    this.#abort?.abort();
  }

  /** Asks, with all that was said before. Resolves when the answer has ended, however it did. */
  async send({ prompt, model, names = new Map(), fetch }: Sending): Promise<void> {
    const messages = [...this.#messages(prompt), { role: "user", content: prompt }];
    const id = crypto.randomUUID();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#put([...this.#turns, { id, model, prompt, names, text: "", state: "waiting", unfinished: [] }]);
    const startedAt = performance.now();
    try {
      // With a seed another provider of the model writes the same, and can go on where one breaks off.
      const seed = Math.floor(Math.random() * MAX_SEED);
      const response = await fetch(URL, {
        method: "POST",
        headers: { "content-type": "application/json", [CALL_ID_HEADER]: id },
        body: JSON.stringify({ model, messages, seed, stream: true }),
        signal,
      });
      const provider = (response.headers.get(PROVIDER_HEADER) ?? undefined) as Address | undefined;
      this.#change(id, () => ({ provider }));
      await this.#read(id, response, startedAt);
      this.#change(id, () => ({ state: "done" }));
    } catch (error) {
      this.#change(id, () => (signal.aborted ? { state: "stopped" } : { state: "failed", error }));
    }
  }

  /** Takes in what became of a call: its cost, and its receipt. */
  settle({ callId, provider, amount, completionTokens, envelope, faults, isCut }: EndedCall): void {
    this.#change(callId, ({ cost = 0n, unfinished }) => ({
      provider,
      cost: cost + amount,
      unfinished: isCut ? [...unfinished, { provider, amount }] : unfinished,
      ...(envelope !== undefined && {
        completionTokens,
        receipt: { channelId: envelope.receipt.channelId, seq: envelope.receipt.seq },
        isSound: faults.length === 0,
      }),
    }));
  }

  async #read(id: string, response: Response, startedAt: number): Promise<void> {
    let firstAt: number | undefined;
    for await (const piece of readAnswer(response)) {
      const now = performance.now();
      firstAt ??= now;
      const times = { firstTokenMs: firstAt - startedAt, streamMs: now - firstAt };
      this.#change(id, ({ text }) => ({ state: "streaming", text: text + piece, ...times }));
    }
  }

  /** What was said before; but not what broke off and is asked again. */
  #messages(asked: string): readonly { readonly role: string; readonly content: string }[] {
    return this.#turns
      .filter(({ text, state, prompt }) => text !== "" && !(state === "failed" && prompt === asked))
      .flatMap(({ prompt, text }) => [
        { role: "user", content: prompt },
        { role: "assistant", content: text },
      ]);
  }

  #change(id: string | undefined, change: (turn: Turn) => Partial<Turn>): void {
    this.#put(this.#turns.map((turn) => (turn.id === id ? { ...turn, ...change(turn) } : turn)));
  }

  #put(turns: readonly Turn[]): void {
    this.#turns = turns;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** Tokens a second of an answer that one provider wrote, once its receipt says how many there were. */
export function speedOf({ completionTokens = 0, streamMs = 0, unfinished }: Turn): number | undefined {
  return completionTokens > 1 && streamMs > 0 && unfinished.length === 0
    ? ((completionTokens - 1) * 1_000) / streamMs
    : undefined;
}

/** What all answers cost. Token units. */
export function costOf(turns: readonly Turn[]): bigint {
  return turns.reduce((sum, { cost = 0n }) => sum + cost, 0n);
}

/** Whether all costs are known: what came without a receipt may cost less than is said. */
export function isCostKnown(turns: readonly Turn[]): boolean {
  return turns.every(({ cost, receipt, unfinished }) => cost === undefined || (receipt && unfinished.length === 0));
}

/** Failures of providers, after which others may sell, or the same again. */
const DESERTED: readonly unknown[] = ["MODEL_NOT_OFFERED", "PROVIDERS_FAILED", "STREAM_BROKEN"];

/** Whether the last answer failed for want of a provider: who sells is then to be looked for anew. */
export function isDeserted(turns: readonly Turn[]): boolean {
  const { state, error } = turns.at(-1) ?? {};
  return state === "failed" && error instanceof TouchstoneError && DESERTED.includes(error.code);
}

/** Whether an answer is under way. */
export function isBusy(turns: readonly Turn[]): boolean {
  return turns.some(({ state }) => state === "waiting" || state === "streaming");
}
