import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../lib/paths.ts";

/** The command line of the provider node, as built. */
const TOUCHSTONE = path.join(ROOT, "provider-node", "dist", "main.js");

/** What runs the node that ships, before `--config`. */
export const START: readonly string[] = [TOUCHSTONE, "start"];

const STOP_MS = 10_000;

/** A provider node in a process of its own. */
export interface Daemon {
  readonly process: ChildProcess;
  readonly logFile: string;
  /** Asks it to drain and waits; ends it by force after ten seconds. */
  stop(): Promise<void>;
}

/** Nodes must not outlive this process, however it ends. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) {
    child.kill("SIGKILL");
  }
});

/** Starts a node: a script of Node's and its arguments. What it says goes to a log file. */
export function startDaemon(program: readonly string[], logFile: string): Daemon {
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(logFile, { flags: "a" });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  running.add(child);
  const ended = once(child, "exit").then(() => running.delete(child));
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
 * @throws Error with what it said last, where the process ends first or the time is over.
 */
export async function untilReady(daemon: Daemon, url: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (daemon.process.exitCode !== null) {
      throw new Error(`A node ended with code ${daemon.process.exitCode}. It said last:\n${lastLines(daemon)}`);
    }
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await sleep(100);
  }
  throw new Error(`A node was not ready within ${timeoutMs / 1_000} s. It said last:\n${lastLines(daemon)}`);
}

/** What a node said last: its log goes away with the network. */
export function lastLines({ logFile }: Daemon, count = 5): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}
