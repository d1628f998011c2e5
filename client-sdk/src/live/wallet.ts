import { type Account, createClient, custom, type Hex, type LocalAccount } from "viem";
import { signTypedData } from "viem/actions";
import { type ReadClient, requireAccount, type WriteClient } from "../actions/internal/clients.ts";
import {
  type ChannelDeposit,
  depositAuthorizationTypedData,
  type TokenDomain,
  type Voucher,
  voucherDigest,
  voucherTypedData,
} from "../protocol/x402.ts";
import { LiveError } from "./live-error.ts";

/** Who pays: an account that signs here, or a client of a wallet that signs elsewhere. */
export type LiveWallet = LocalAccount | WriteClient;

/** What a wallet signs for live calls. */
export interface PaymentSigner {
  readonly account: Account;
  /** Throws a {@link LiveError} `WALLET_FAILED`, as the other does. */
  signVoucher(parameters: { readonly chainId: number; readonly voucher: Voucher }): Promise<Hex>;
  signDeposit(parameters: { readonly token: TokenDomain; readonly deposit: ChannelDeposit }): Promise<Hex>;
}

/** Whether a wallet is an account alone. */
function isAccount(wallet: LiveWallet): wallet is LocalAccount {
  return "address" in wallet;
}

/** The account of a wallet. Throws `ACCOUNT_MISSING` where it has none. */
export function accountOf(wallet: LiveWallet): Account {
  return isAccount(wallet) ? wallet : requireAccount(wallet);
}

/** A client that sends the wallet's transactions through `client`, or its own. */
export function writerOf(wallet: LiveWallet, client: ReadClient): WriteClient {
  if (!isAccount(wallet)) {
    return wallet;
  }
  const transport = custom({ request: client.request as (...args: never[]) => Promise<unknown> });
  return createClient({
    account: wallet,
    transport,
    pollingInterval: client.pollingInterval,
    ...(client.chain && { chain: client.chain }),
  });
}

/** Signs as the wallet does; an account that is here signs a voucher's digest without detours: one is due at every call. */
export function signerOf(wallet: LiveWallet): PaymentSigner {
  const account = accountOf(wallet);
  return {
    account,
    signVoucher: (parameters) =>
      signed(() => {
        if (account.type === "local" && account.sign !== undefined) {
          return account.sign({ hash: voucherDigest(parameters) });
        }
        const typedData = voucherTypedData(parameters);
        return isAccount(wallet) ? wallet.signTypedData(typedData) : signTypedData(wallet, { ...typedData, account });
      }),
    signDeposit: (parameters) => {
      const typedData = depositAuthorizationTypedData(parameters);
      return signed(() =>
        isAccount(wallet) ? wallet.signTypedData(typedData) : signTypedData(wallet, { ...typedData, account }),
      );
    },
  };
}

async function signed(sign: () => Promise<Hex>): Promise<Hex> {
  try {
    return await sign();
  } catch (cause) {
    const sentence = "The wallet did not sign the payment: unlock it, or let it sign typed data.";
    throw new LiveError("WALLET_FAILED", sentence, { cause });
  }
}
