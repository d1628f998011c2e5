import { TouchstoneError } from "@touchstone/sdk/protocol";
import { type DestinationStream, pino } from "pino";
import pretty from "pino-pretty";
import { BaseError } from "viem";
import type { Settings } from "./config.ts";
import type { Logger } from "./logger.ts";

export interface LogOptions extends Pick<Settings, "logLevel" | "logFormat"> {
  /** Where lines go. */
  readonly destination: NodeJS.WritableStream;
  /** Whether people read along. */
  readonly isTerminal: boolean;
}

/** Never in a log, wherever it may stand in the data. What people wrote and what models wrote is nobody's business. */
const SECRETS = [
  "password",
  "privateKey",
  "authorization",
  "prompt",
  "messages",
  "content",
  "text",
  "output",
  "tokens",
];

const MAX_CAUSES = 5;

/** A logger that writes JSON lines, or for people. */
export function createLogger({ logLevel, logFormat, destination, isTerminal }: LogOptions): Logger {
  const isPretty = logFormat === "pretty" || (logFormat === "auto" && isTerminal);
  const stream: DestinationStream = isPretty
    ? pretty({ destination, sync: true, colorize: isTerminal, ignore: "pid,hostname", translateTime: "SYS:HH:MM:ss.l" })
    : destination;
  const log = pino(
    {
      level: logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "(hidden)" },
      serializers: { error: describeError, cause: describeError },
    },
    stream,
  );
  return {
    debug: (message, data) => log.debug(data ?? {}, message),
    info: (message, data) => log.info(data ?? {}, message),
    warn: (message, data) => log.warn(data ?? {}, message),
    error: (message, data) => log.error(data ?? {}, message),
  };
}

/**
 * An error as it is logged. Of the sentences only the first line: libraries add requests and addresses with access keys
 * behind it.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const { name, message, cause } = error;
  const known = error instanceof TouchstoneError ? { code: error.code, details: error.details } : traceOf(error, depth);
  const from = cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describeError(cause, depth + 1) };
  return { name, message: firstLine(message), ...known, ...from };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** Where an unforeseen error came from; what viem or the network say of themselves needs no such trace. */
function traceOf(error: Error, depth: number): { readonly stack?: readonly string[] } {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return depth > 0 || error instanceof BaseError ? {} : { stack: frames.map((line) => line.trim()) };
}
