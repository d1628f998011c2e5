import { randomInt } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { bytesToHex, type HDAccount, type Hex } from "viem";
import type { Settings } from "../../provider-node/src/config.ts";
import { writeKeystore } from "../../provider-node/src/keystore.ts";
import type { LocalChain } from "./chain.ts";
import type { Deployment } from "./deploy.ts";
import { MODEL } from "./model.ts";

/** What sets one node of a local network apart from the others. */
export interface NodePlan {
  /** Where all that is its own lies. */
  readonly folder: string;
  /** Development account that the node signs with. */
  readonly operator: HDAccount;
  /** `http://host:port`. */
  readonly url: string;
  readonly settings: Partial<{ [Name in keyof Settings]: unknown }>;
}

const PASSWORD = "development";
/** Everyone knows the keys of development accounts: a guess of the password may be cheap. */
const CHEAP_SCRYPT = 2 ** 10;

/** Writes a node's key and settings; gives the file of the latter. */
export async function writeNodeFiles(chain: LocalChain, deployment: Deployment, plan: NodePlan): Promise<string> {
  const { folder, operator, url } = plan;
  mkdirSync(folder, { recursive: true });
  const passwordFile = path.join(folder, "password");
  const keystore = path.join(folder, "operator.json");
  writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  await writeKeystore(keystore, privateKeyOf(operator), PASSWORD, CHEAP_SCRYPT);
  const settings = {
    rpcUrls: [chain.rpcUrl],
    market: deployment.market,
    dataDir: path.join(folder, "data"),
    keystore,
    passwordFile,
    models: [MODEL],
    port: Number(new URL(url).port),
    publicUrl: url,
    confirmations: 1,
    pollIntervalMs: 200,
    allowPrivateNetworks: true,
    logFormat: "json",
    ...plan.settings,
  };
  const config = path.join(folder, "config.json");
  writeFileSync(config, `${JSON.stringify(settings, null, 2)}\n`);
  return config;
}

/** The key of a development account. */
export function privateKeyOf(account: HDAccount): Hex {
  const { privateKey } = account.getHdKey();
  if (privateKey === null) {
    throw new Error("A development account has no private key.");
  }
  return bytesToHex(privateKey);
}

/** Below what systems give to those that ask for any port (from 32,768 on Linux, 49,152 elsewhere). */
const PORTS = { least: 10_000, most: 32_000 };
const MOST_TRIES = 100;

/**
 * `http://127.0.0.1` with a port that was free a moment ago. Any port that the system gives may be given to somebody else's
 * connection before the node listens; one of these is not.
 */
export async function freeUrl(): Promise<string> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = randomInt(PORTS.least, PORTS.most);
    if (await isFree(port)) {
      return `http://127.0.0.1:${port}`;
    }
  }
  throw new Error("No port is free.");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
