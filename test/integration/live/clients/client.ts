/** Where a client buys, and with what: all that a user of it would set. */
export interface Door {
  readonly name: "x402's own fetch, at a node" | "createTouchstoneFetch" | "the gateway";
  /** With its version. */
  readonly baseURL: string;
  readonly apiKey: string;
  /** Left out: the platform's own. */
  readonly fetch?: typeof globalThis.fetch;
  /** What was paid through it so far, token units. */
  paid(): Promise<bigint>;
}

/** What a test asks of a client. */
export interface Wish {
  readonly prompt: string;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** With one, every provider of a model writes the same. `/v1/responses` has none. */
  readonly seed?: number;
}

/** What came back. */
export interface Answer {
  readonly text: string;
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
}

/** A client of OpenAI's API that nobody here wrote, as it comes from its registry. */
export interface Client {
  readonly name: string;
  /** Whether it calls `/v1/responses`, not `/v1/chat/completions`. */
  readonly isResponses?: boolean;
  whole(door: Door, wish: Wish): Promise<Answer>;
  /** @param onText Told of each piece as it comes. */
  stream(door: Door, wish: Wish, onText?: (text: string) => void): Promise<Answer>;
  embed?(door: Door, model: string, texts: string[]): Promise<number[][]>;
}

/** The HTTP status that a client's error tells of, however it has wrapped it. */
export function statusOf(error: unknown): number | undefined {
  const { status, statusCode, lastError, cause } = (error ?? {}) as Record<string, unknown>;
  const own = status ?? statusCode;
  if (typeof own === "number") {
    return own;
  }
  const inner = lastError ?? cause;
  return inner === undefined ? undefined : statusOf(inner);
}

/** Fields without those that nobody set. */
export function given<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
