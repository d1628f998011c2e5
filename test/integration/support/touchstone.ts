import { type ChildProcess, execFile, spawn } from "node:child_process";
import path from "node:path";

const MAIN = path.join(import.meta.dirname, "../../../provider-node/src/main.ts");

/** How a command of `touchstone` ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Only what a command needs of this environment: settings of whoever runs the tests must not reach it. */
function environment(own: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...own };
}

/** Runs a command of `touchstone` in a process of its own. */
export function touchstone(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env: environment(env) }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Starts a command of `touchstone` that runs until it is stopped. */
export function startTouchstone(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { env: environment(env), stdio: ["ignore", "ignore", "pipe"] });
}
