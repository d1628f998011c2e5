#!/usr/bin/env node
import type { Host } from "./cli/host.ts";

const STOP_SIGNALS = ["SIGTERM", "SIGINT"] as const;

const host: Host = {
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  pid: process.pid,
  stdout: process.stdout,
  stderr: process.stderr,
  isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  isTerminal: process.stderr.isTTY === true,
  onStopRequest: (listener) => {
    for (const signal of STOP_SIGNALS) {
      process.on(signal, listener);
    }
    return () => {
      for (const signal of STOP_SIGNALS) {
        process.off(signal, listener);
      }
    };
  },
  exit: (code) => process.exit(code),
  signal: (pid, signal) => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  },
};

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`touchstone needs Node 22.13 or newer; this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  const { run } = await import("./cli/run.ts"); // After the check: an older Node cannot even load the rest.
  process.exitCode = await run(host);
}
