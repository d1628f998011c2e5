import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../lib/paths.ts";
import type { LocalDapp } from "./dapp.ts";
import type { LocalGateway } from "./gateway.ts";
import { BUYER, type LocalNetwork } from "./network.ts";
import { privateKeyOf } from "./node-files.ts";

/** Where a running network says what it is. */
export const NETWORK_FILE = path.join(ROOT, ".touchstone", "network.json");

/** The same for the clients of OpenAI, in the variables that they read: for a shell. */
export const ENVIRONMENT_FILE = path.join(ROOT, ".touchstone", "openai.env");

/** What developers need to try the SDK against a running network. The keys are known to everyone. */
export function recordOf(network: LocalNetwork, gateway: LocalGateway, dapp: LocalDapp) {
  const { chain, deployment, providers, seats, buyer } = network;
  return {
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    ...deployment,
    nodes: providers.map(({ name, url, provider }) => ({ name, url, provider })),
    seats: seats.map(({ seat, account }) => ({ seat, account })),
    gateway: { baseUrl: gateway.baseUrl, apiKey: gateway.apiKey },
    dapp: dapp.url,
    accounts: { buyer: { address: buyer.account.address, privateKey: privateKeyOf(chain.account(BUYER)) } },
  };
}

/** Writes `.touchstone/network.json` and `.touchstone/openai.env`. */
export function writeRecord(network: LocalNetwork, gateway: LocalGateway, dapp: LocalDapp): void {
  mkdirSync(path.dirname(NETWORK_FILE), { recursive: true });
  writeFileSync(NETWORK_FILE, `${JSON.stringify(recordOf(network, gateway, dapp), null, 2)}\n`);
  const { baseUrl, apiKey } = gateway;
  writeFileSync(ENVIRONMENT_FILE, `export OPENAI_BASE_URL=${baseUrl}\nexport OPENAI_API_KEY=${apiKey}\n`);
}

/** Takes them away, so that nobody talks to a network that is gone. */
export function removeRecord(): void {
  rmSync(NETWORK_FILE, { force: true });
  rmSync(ENVIRONMENT_FILE, { force: true });
}
