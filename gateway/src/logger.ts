/** Facts beside a message. Never keys, prompts or outputs. */
export type LogData = Readonly<Record<string, unknown>>;

/** Where the gateway says what it does: a message that never varies, and an object. */
export interface Logger {
  /** What only who looks for a fault wants to know. */
  debug(message: string, data?: LogData): void;
  /** What its owner may want to know. */
  info(message: string, data?: LogData): void;
  /** What went wrong and mends itself. */
  warn(message: string, data?: LogData): void;
  /** What somebody must look at. */
  error(message: string, data?: LogData): void;
}

/** Says nothing. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
