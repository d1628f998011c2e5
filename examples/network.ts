import { readFileSync } from "node:fs";
import { buyerActions, providerActions } from "@touchstone/sdk";
import { createWalletClient, type Hex, http, publicActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";

/** The network that `npm start` runs, as it wrote it down. */
export const network = JSON.parse(readFileSync(new URL("../.touchstone/network.json", import.meta.url), "utf8"));

/** A viem client that can do all that buyers and providers do, in the name of a key. */
export function connect(privateKey: Hex) {
  const { market, rpcUrl } = network;
  return createWalletClient({ account: privateKeyToAccount(privateKey), chain: hardhat, transport: http(rpcUrl) })
    .extend(publicActions)
    .extend(buyerActions({ market }))
    .extend(providerActions({ market }));
}
