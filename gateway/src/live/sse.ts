/** Splits a stream of server-sent events into its events, each with the blank line that ends it. */
export class EventSplitter {
  #rest = "";
  readonly #decoder = new TextDecoder();

  /** The events that a chunk completes. */
  take(chunk: Uint8Array): string[] {
    this.#rest += this.#decoder.decode(chunk, { stream: true });
    const parts = this.#rest.split(/(?<=\r?\n\r?\n)/);
    this.#rest = /\n\r?\n$/.test(parts.at(-1) ?? "") ? "" : (parts.pop() ?? "");
    return parts;
  }

  /** What came after the last whole event. */
  end(): string {
    return this.#rest + this.#decoder.decode();
  }
}

/** The JSON in the data of an event; nothing where it has none. */
export function eventData(event: string): unknown {
  const data = event
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice("data:".length).trimStart())
    .join("\n");
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
