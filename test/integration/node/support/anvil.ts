import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import path from "node:path";
import { createTestClient, http, publicActions, walletActions } from "viem";
import { foundry } from "viem/chains";
import { ROOT } from "../../../../scripts/lib/paths.ts";

/** An anvil chain in a process of its own, with the means to make it misbehave. */
export interface Anvil {
  readonly rpcUrl: string;
  readonly client: ReturnType<typeof anvilClient>;
  close(): Promise<void>;
}

/** Seconds between blocks, or none: then a block for each transaction. Chain time runs at one second a block at least. */
export interface AnvilOptions {
  readonly blockTime?: number;
}

export async function startAnvil({ blockTime }: AnvilOptions = {}): Promise<Anvil> {
  const port = await freePort();
  const args = [
    "--port",
    String(port),
    "--silent",
    ...(blockTime === undefined ? [] : ["--block-time", `${blockTime}`]),
  ];
  const child = spawn(path.join(ROOT, "node_modules", ".bin", "anvil"), args, { stdio: "ignore" });
  const rpcUrl = `http://127.0.0.1:${port}`;
  const client = anvilClient(rpcUrl);
  await untilUp(client, child);
  return {
    rpcUrl,
    client,
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    },
  };
}

function anvilClient(rpcUrl: string) {
  return createTestClient({ chain: foundry, mode: "anvil", transport: http(rpcUrl), pollingInterval: 50, cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions);
}

async function untilUp(client: ReturnType<typeof anvilClient>, child: ChildProcess): Promise<void> {
  for (;;) {
    try {
      await client.getChainId();
      return;
    } catch (error) {
      if (child.exitCode !== null) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("No port was taken");
  }
  return address.port;
}
