import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../lib/paths.ts";
import { BUYER, type LocalNetwork } from "./network.ts";
import { privateKeyOf } from "./node-files.ts";

/** Where a running network says what it is. */
export const NETWORK_FILE = path.join(ROOT, ".touchstone", "network.json");

/** What developers need to try the SDK against a running network. The keys are known to everyone. */
export function recordOf({ chain, deployment, providers, seats, buyer }: LocalNetwork) {
  return {
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    ...deployment,
    nodes: providers.map(({ name, url, provider }) => ({ name, url, provider })),
    seats: seats.map(({ seat, account }) => ({ seat, account })),
    accounts: { buyer: { address: buyer.account.address, privateKey: privateKeyOf(chain.account(BUYER)) } },
  };
}

/** Writes `.touchstone/network.json`. */
export function writeRecord(network: LocalNetwork): void {
  mkdirSync(path.dirname(NETWORK_FILE), { recursive: true });
  writeFileSync(NETWORK_FILE, `${JSON.stringify(recordOf(network), null, 2)}\n`);
}

/** Takes it away, so that nobody talks to a network that is gone. */
export function removeRecord(): void {
  rmSync(NETWORK_FILE, { force: true });
}
