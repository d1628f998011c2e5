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

interface Piece {
  readonly text: string;
  readonly tokens: number;
}

/**
 * Server-sent events to one reader, with an account of what has left this machine. The connection gets one piece at a time,
 * so that the account is right to a piece, however the reader ends.
 */
export class EventStream {
  readonly #response: Response;
  readonly #options: StreamOptions;
  readonly #waiting: Piece[] = [];
  readonly #idle = new Set<(isWhole: boolean) => void>();
  #isWriting = false;
  #delivered = 0;
  #isClosed: boolean;

  constructor(response: Response, options: StreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#isClosed = response.closed;
    response.once("close", () => this.#close());
  }

  /** Tokens whose text the connection has taken. */
  get delivered(): number {
    return this.#delivered;
  }

  get isOpen(): boolean {
    return this.#response.headersSent;
  }

  /** Writes text of events, with the number of tokens that the reader has seen when it has this. */
  send(text: string, tokens = this.#delivered): void {
    if (this.#isClosed || text === "") {
      return;
    }
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, HEADERS);
    }
    this.#waiting.push({ text, tokens });
    this.#pump();
  }

  /** Resolves when all that was sent has left: true; or when the reader is gone: false. */
  flushed(): Promise<boolean> {
    if (this.#isClosed || !this.#isWriting) {
      return Promise.resolve(!this.#isClosed);
    }
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  /** Ends the stream behind all that was sent: with the last piece, if that is on its way, so that readers need not wait. */
  async end(): Promise<void> {
    const isLast = this.#waiting.length === 0 && !this.#isClosed;
    if (isLast || (await this.flushed())) {
      this.#response.end();
    }
  }

  #pump(): void {
    if (this.#isWriting || this.#isClosed) {
      return;
    }
    const piece = this.#waiting.shift();
    if (piece === undefined) {
      this.#settle();
      return;
    }
    this.#isWriting = true;
    const { socket } = this.#response;
    const timer = setTimeout(() => this.#stall(), this.#options.stallMs);
    this.#response.write(piece.text, (error) => {
      clearTimeout(timer);
      this.#isWriting = false;
      if (error || socket?.destroyed) {
        this.#close(); // A connection that is gone reports what it never sent without an error, too.
        return;
      }
      this.#delivered = Math.max(this.#delivered, piece.tokens);
      this.#pump();
    });
  }

  #stall(): void {
    this.#options.onStall();
    this.#close();
    this.#response.destroy();
  }

  #close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#settle();
  }

  #settle(): void {
    for (const resolve of this.#idle) {
      resolve(!this.#isClosed);
    }
    this.#idle.clear();
  }
}
