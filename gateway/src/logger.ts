/** Facts beside a message. Never keys, prompts or outputs. */
export type LogData = Readonly<Record<string, unknown>>;

/** Where the gateway says what it does: a message that never varies, and an object. */
export interface Logger {
  debug(message: string, data?: LogData): void;
  info(message: string, data?: LogData): void;
  warn(message: string, data?: LogData): void;
  error(message: string, data?: LogData): void;
}

/** Says nothing. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
