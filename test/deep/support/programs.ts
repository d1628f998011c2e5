import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A program of others that runs beside a test, with the end of what it said. */
export interface Program {
  /** Throws what it said, where it has ended. */
  requireRunning(): void;
  /** Ends it at once, and waits until it has. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whom it runs as, where not as who runs the test. */
  readonly uid?: number | undefined;
}

const MOST_SAID = 4_000;

/** Starts a program. */
export function startProgram(command: string, args: readonly string[], options: ProgramOptions): Program {
  const { cwd, env, uid } = options;
  const child: ChildProcess = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid !== undefined && { uid }),
  });
  const ended = once(child, "close");
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-MOST_SAID);
    });
  }
  return {
    requireRunning() {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`${path.basename(command)} ended with ${child.exitCode ?? child.signalCode}:\n${said}`);
      }
    },
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      await ended;
    },
  };
}

/** Runs a program to its end. */
export function runProgram(command: string, args: readonly string[], { cwd, uid }: ProgramOptions): void {
  execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], ...(uid !== undefined && { uid }) });
}

/** A folder of its own for a test; `remove` takes it away with all that is in it. */
export function newFolder(name: string): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), `touchstone-${name}-`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
