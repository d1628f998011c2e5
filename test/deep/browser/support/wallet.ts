import type { Page } from "playwright-core";
import { type Address, numberToHex } from "viem";

/** How a wallet behaves; may be changed while a page is open. */
export interface WalletMood {
  /** `refuse`: the person says no. `wait`: nobody answers. */
  answer: "sign" | "refuse" | "wait";
  /** The chain that it is on. */
  chainId: number;
  /** Whether the page may see the account. */
  isAllowed: boolean;
  /** Questions that it asked the person. */
  readonly asked: string[];
}

export interface WalletOptions {
  readonly address: Address;
  readonly rpcUrl: string;
  readonly mood: WalletMood;
}

/** What a wallet asks the person about. */
const ASKS = /^(eth_requestAccounts|eth_sendTransaction|eth_signTypedData_v4|personal_sign|wallet_sendCalls)$/;

/** A wallet whose keys the chain's server holds, announced in the page as wallets do (EIP-6963). */
export async function putWallet(page: Page, options: WalletOptions): Promise<void> {
  await page.exposeFunction("askTestWallet", (request: { method: string; params?: unknown[] }) =>
    answer(request, options).then(
      (result) => ({ result }),
      (error: { code?: number; message: string }) => ({
        error: { code: error.code ?? -32_603, message: error.message },
      }),
    ),
  );
  await page.addInitScript(announce);
}

/** Runs in the page. */
function announce(): void {
  type Answer = { result?: unknown; error?: { code: number; message: string } };
  const ask = (request: unknown) =>
    (window as unknown as { askTestWallet: (request: unknown) => Promise<Answer> }).askTestWallet(request);
  const provider = {
    request: async (request: unknown) => {
      const { result, error } = await ask(request);
      if (error !== undefined) {
        throw Object.assign(new Error(error.message), { code: error.code });
      }
      return result;
    },
    on: () => undefined,
    removeListener: () => undefined,
  };
  const info = {
    uuid: crypto.randomUUID(),
    name: "Test wallet",
    icon: "data:image/svg+xml,<svg/>",
    rdns: "test.wallet",
  };
  const detail = Object.freeze({ info, provider });
  const tell = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", tell);
  tell();
}

async function answer({ method, params = [] }: { method: string; params?: unknown[] }, options: WalletOptions) {
  const { address, rpcUrl, mood } = options;
  if (ASKS.test(method)) {
    mood.asked.push(method);
    await decide(mood);
  }
  switch (method) {
    case "eth_accounts":
      return mood.isAllowed ? [address] : [];
    case "eth_requestAccounts":
      mood.isAllowed = true;
      return [address];
    case "eth_chainId":
      return numberToHex(mood.chainId);
    case "wallet_switchEthereumChain":
      await decide(mood);
      mood.chainId = Number((params as { chainId: string }[])[0]?.chainId);
      return null;
    default:
      return method.startsWith("wallet_") ? refuse(4200, `no ${method} here`) : await forward(rpcUrl, method, params);
  }
}

async function decide({ answer: wanted }: WalletMood): Promise<void> {
  if (wanted === "refuse") {
    refuse(4001, "User rejected the request.");
  }
  if (wanted === "wait") {
    await new Promise(() => undefined);
  }
}

function refuse(code: number, message: string): never {
  throw Object.assign(new Error(message), { code });
}

async function forward(rpcUrl: string, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: { code: number; message: string } };
  return error === undefined ? result : refuse(error.code, error.message);
}
