import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

/** A chain of Foundry's in a process of its own: it takes blocks back, loses transactions, moves its clock. */
export interface Anvil {
  readonly rpcUrl: string;
  stop(): Promise<void>;
}

const BIN = createRequire(import.meta.url).resolve("@foundry-rs/anvil/bin.mjs");

/** Starts anvil on a free port with a block for each transaction. */
export async function startAnvil(...options: readonly string[]): Promise<Anvil> {
  const child = spawn(process.execPath, [BIN, "--port", "0", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TARGET_TOOL: "anvil" },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /Listening on (\S+:\d+)/.exec(line);
    if (match !== null) {
      child.stdout.resume(); // or it would block on a full pipe
      return { rpcUrl: `http://${match[1]}`, stop };
    }
  }
  throw new Error("anvil ended before it listened.");
}
