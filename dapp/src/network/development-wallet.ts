import { type Address, type EIP1193RequestFn, numberToHex } from "viem";
import { storage } from "../lib/storage.ts";
import type { NetworkConfig } from "./network-config.ts";

type Request = { readonly method: string; readonly params?: unknown };
type Listener = (...args: unknown[]) => void;

/** What wallets answer for a method that they do not have, and for a chain that they do not know (EIP-1193, EIP-3326). */
const UNSUPPORTED = 4200;
const UNKNOWN_CHAIN = 4902;

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#475569"/><path d="M7 21C13 20 19 16 25 10" fill="none" stroke="#e2b04a" stroke-width="3" stroke-linecap="round"/></svg>',
)}`;

/**
 * Announces each development account as a wallet of its own (EIP-6963). It asks nobody: the chain's server holds the keys,
 * which everyone knows, and signs whatever it is given.
 */
export function announceDevelopmentWallets({ rpcUrl, chainId, development }: NetworkConfig): void {
  for (const { name, address } of development?.accounts ?? []) {
    const info = {
      uuid: crypto.randomUUID(),
      name: `${name} (development)`,
      icon: ICON,
      rdns: `development.${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`,
    };
    const detail = Object.freeze({ info, provider: walletOf(address, chainId, rpcUrl) });
    const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
    window.addEventListener("eip6963:requestProvider", announce);
    announce();
  }
}

/** An EIP-1193 provider of one unlocked account. As with every wallet, pages see the account once they have asked for it. */
function walletOf(address: Address, chainId: number, rpcUrl: string) {
  const permission = `touchstone.development.${address}`;
  const request = async ({ method, params = [] }: Request): Promise<unknown> => {
    switch (method) {
      case "eth_accounts":
        return storage.getItem(permission) === null ? [] : [address];
      case "eth_requestAccounts":
        storage.setItem(permission, "granted");
        return [address];
      case "wallet_revokePermissions":
        storage.removeItem(permission);
        return null;
      case "eth_chainId":
        return numberToHex(chainId);
      case "wallet_switchEthereumChain": {
        const [wanted] = params as readonly { readonly chainId: string }[];
        if (Number(wanted?.chainId) === chainId) {
          return null;
        }
        throw rpcError(UNKNOWN_CHAIN, "A development wallet knows its own chain only.");
      }
      default:
        if (method.startsWith("wallet_")) {
          throw rpcError(UNSUPPORTED, `A development wallet has no ${method}.`);
        }
        return await forward(rpcUrl, { method, params });
    }
  };
  // One account on one chain, for ever: there is nothing to tell.
  const on = (_event: string, _listener: Listener) => undefined;
  return { request: request as EIP1193RequestFn, on, removeListener: on };
}

async function forward(rpcUrl: string, request: Request): Promise<unknown> {
  const response = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...request }),
  });
  const { result, error } = (await response.json()) as {
    readonly result?: unknown;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  };
  if (error !== undefined) {
    throw rpcError(error.code, error.message, error.data);
  }
  return result;
}

function rpcError(code: number, message: string, data?: unknown): Error {
  return Object.assign(new Error(message), { code, data });
}
