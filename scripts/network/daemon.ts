import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../lib/paths.ts";

/** The command line of the provider node, as built. */
export const TOUCHSTONE = path.join(ROOT, "provider-node", "dist", "main.js");

const STOP_MS = 10_000;

/** A provider node in a process of its own. */
export interface Daemon {
  readonly process: ChildProcess;
  readonly logFile: string;
  /** Asks it to drain and waits; ends it by force after ten seconds. */
  stop(): Promise<void>;
}

/** Starts a node; what it says goes to a log file. */
export function startDaemon(args: readonly string[], logFile: string): Daemon {
  const child = spawn(process.execPath, [TOUCHSTONE, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(logFile, { flags: "a" });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    process: child,
    logFile,
    async stop() {
      child.kill("SIGTERM");
      await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
      child.kill("SIGKILL");
      await ended;
      log.end();
    },
  };
}

/**
 * Waits until a node answers `GET /readyz` with 200.
 *
 * @throws Error that names the log, where the process ends first or the time is over.
 */
export async function untilReady(daemon: Daemon, url: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (daemon.process.exitCode !== null) {
      throw new Error(`A provider node ended with code ${daemon.process.exitCode}: see ${daemon.logFile}.`);
    }
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await sleep(100);
  }
  throw new Error(`A provider node was not ready within ${timeoutMs / 1_000} s: see ${daemon.logFile}.`);
}
