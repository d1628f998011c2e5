import type { Response } from "express";

/** What an {@link EventStream} does with a reader that takes nothing. */
export interface StreamOptions {
  /** How long what was written may wait for the reader. */
  readonly stallMs: number;
  /** Called once, when it has waited too long; the connection is cut after. */
  readonly onStall: () => void;
}

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no", // nginx would hold the text back
};

/** Server-sent events to one reader, with an account of what has left this machine. */
export class EventStream {
  readonly #response: Response;
  readonly #options: StreamOptions;
  readonly #idle = new Set<(isWhole: boolean) => void>();
  #pending = 0;
  #delivered = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(response: Response, options: StreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#isClosed = response.closed;
    response.once("close", () => {
      this.#isClosed = true;
      this.#settle();
    });
  }

  /** Tokens whose text was handed to the connection and taken by it. */
  get delivered(): number {
    return this.#delivered;
  }

  get isOpen(): boolean {
    return this.#response.headersSent;
  }

  /** Writes text of events, with the number of tokens that the reader has seen when it has this. */
  send(text: string, tokens = 0): void {
    if (this.#isClosed || text === "") {
      return;
    }
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, HEADERS);
    }
    this.#pending += 1;
    this.#watch();
    this.#response.write(text, (error) => {
      this.#pending -= 1;
      if (!error) {
        this.#delivered = Math.max(this.#delivered, tokens);
      }
      this.#settle();
    });
  }

  /** Resolves when all that was sent has left: true; or when the reader is gone: false. */
  flushed(): Promise<boolean> {
    if (this.#isClosed || this.#pending === 0) {
      return Promise.resolve(!this.#isClosed);
    }
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#response.end();
  }

  /** The reader took something, or is gone. */
  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isClosed || this.#pending === 0) {
      for (const resolve of this.#idle) {
        resolve(!this.#isClosed);
      }
      this.#idle.clear();
    } else {
      this.#watch();
    }
  }

  #watch(): void {
    this.#timer ??= setTimeout(() => {
      this.#options.onStall();
      this.#response.destroy();
    }, this.#options.stallMs);
  }
}
