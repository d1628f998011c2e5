import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** Whether this machine can hold a process to a core. */
export const CAN_PIN = canRun("taskset", "--version");

/** A process of the bench. */
export interface Child {
  readonly process: ChildProcess;
  /** Sends a message and waits for the next one that comes back. */
  ask(message: object): Promise<unknown>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) {
    child.kill("SIGKILL");
  }
});

/**
 * Starts a script of this folder.
 *
 * @param core The core to hold it to, where this machine can.
 */
export function startChild(script: string, { core, flags = [] }: { core?: number; flags?: readonly string[] } = {}) {
  const isPinned = core !== undefined && CAN_PIN;
  const [execPath, ...before] = isPinned ? ["taskset", "-c", String(core), process.execPath] : [process.execPath];
  const child = fork(path.join(import.meta.dirname, script), {
    execPath: execPath as string,
    execArgv: [...before, ...flags],
    serialization: "advanced",
  });
  running.add(child);
  const ended = once(child, "exit").then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const next = () =>
    Promise.race([
      once(child, "message").then(([message]) => message as unknown),
      ended.then((code) => Promise.reject(new Error(`${script} ended with code ${code}.`))),
    ]);
  return {
    process: child,
    first: next,
    ask: (message: object) => {
      const answer = next();
      child.send(message);
      return answer;
    },
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Holds a process that runs to a core, where this machine can. */
export function pin(process: { readonly pid?: number | undefined }, core: number): void {
  if (CAN_PIN) {
    execFileSync("taskset", ["-a", "-c", "-p", String(core), String(process.pid)], { stdio: "ignore" });
  }
}

function canRun(command: string, argument: string): boolean {
  try {
    execFileSync(command, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
