import { Writable } from "node:stream";
import type { Host } from "../../../provider-node/src/cli/host.ts";
import { run } from "../../../provider-node/src/cli/run.ts";
import type { Ended } from "./touchstone.ts";

/** Runs a command of `touchstone` in this process, which is faster where many are run; none that runs until it is stopped. */
export async function ownCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const [stdout, stderr] = [new Said(), new Said()];
  const host: Host = {
    args,
    env,
    cwd: import.meta.dirname,
    pid: process.pid,
    stdout,
    stderr,
    isInteractive: false,
    isTerminal: false,
    onStopRequest: () => () => {},
    exit: (code) => {
      throw new Error(`A command of this process asked to end it with ${code}.`);
    },
    signal: (pid, signal) => {
      try {
        return process.kill(pid, signal);
      } catch {
        return false;
      }
    },
  };
  const code = await run(host);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Said extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
