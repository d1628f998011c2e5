import type { Page } from "playwright-core";
import { refuse, type TestWallet } from "../../../integration/support/wallet.ts";

/** How a wallet behaves towards a page; may be changed while the page is open. */
export interface WalletMood {
  /** `refuse`: the person says no. `wait`: nobody answers. */
  answer: "sign" | "refuse" | "wait";
  /** Whether the page may see the account. */
  isAllowed: boolean;
}

interface Request {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** Of the methods with this name in front, those that the wallet has. */
const WALLET_METHODS = ["wallet_getCapabilities", "wallet_sendCalls", "wallet_getCallsStatus"];
const UNSUPPORTED = 4200;

/** Announces a wallet in the page as wallets do (EIP-6963). */
export async function putWallet(page: Page, wallet: TestWallet, mood: WalletMood): Promise<void> {
  wallet.habits.answer = (method) => (wallet.confirms(method) ? decide(mood) : undefined);
  await page.exposeFunction("askTestWallet", (request: Request) =>
    answer(request, wallet, mood).then(
      (result) => ({ result }),
      ({ code = -32_603, message }: { code?: number; message: string }) => ({ error: { code, message } }),
    ),
  );
  await page.addInitScript(announce);
}

/** What a wallet settles with the page itself; the rest is the wallet's. */
async function answer(request: Request, wallet: TestWallet, mood: WalletMood): Promise<unknown> {
  const { method, params = [] } = request;
  switch (method) {
    case "eth_accounts":
      return mood.isAllowed ? [wallet.address] : [];
    case "eth_requestAccounts":
      await decide(mood);
      mood.isAllowed = true;
      return [wallet.address];
    case "wallet_switchEthereumChain":
      await decide(mood);
      wallet.habits.chainId = Number((params as readonly { chainId: string }[])[0]?.chainId);
      return null;
    default:
      if (method.startsWith("wallet_") && !WALLET_METHODS.includes(method)) {
        throw Object.assign(new Error(`no ${method} here`), { code: UNSUPPORTED });
      }
      return await wallet.request({ method, params });
  }
}

async function decide({ answer: wanted }: WalletMood): Promise<void> {
  if (wanted === "refuse") {
    refuse();
  }
  if (wanted === "wait") {
    await new Promise(() => undefined);
  }
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
