import { type Account, type Address, createClient, custom, type Hex, type LocalAccount } from "viem";
import { signTypedData } from "viem/actions";
import { isWalletRefusal } from "../actions/internal/chain-errors.ts";
import { type ReadClient, requireAccount, requireChain, type WriteClient } from "../actions/internal/clients.ts";
import { TouchstoneError } from "../errors.ts";
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

/** Who signs for live calls. */
export interface PaymentSigner {
  /** Whose money it is. */
  readonly account: Account;
  /** Whose signature vouchers have. */
  readonly authorizer: Address;
  /** Throws a {@link LiveError} `WALLET_FAILED`, `WALLET_REFUSED` or `CHAIN_MISMATCH`, as the other does. */
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

/**
 * Signs as the wallet does; an account that is here signs a voucher's digest without detours: one is due at every call.
 *
 * @param session Signs the vouchers in the wallet's place.
 */
export function signerOf(wallet: LiveWallet, session?: LocalAccount): PaymentSigner {
  const account = accountOf(wallet);
  const payer = isAccount(wallet) ? signerHere(wallet) : signerThere(wallet, account);
  const { signVoucher } = session === undefined ? payer : signerHere(session);
  const { signDeposit } = payer;
  return {
    account,
    authorizer: (session ?? account).address,
    signVoucher: (parameters) => signed(() => signVoucher(parameters)),
    signDeposit: (parameters) => signed(() => signDeposit(parameters)),
  };
}

type Signing = Pick<PaymentSigner, "signVoucher" | "signDeposit">;

function signerHere(account: LocalAccount): Signing {
  return {
    signVoucher: (parameters) =>
      account.sign?.({ hash: voucherDigest(parameters) }) ?? account.signTypedData(voucherTypedData(parameters)),
    signDeposit: (parameters) => account.signTypedData(depositAuthorizationTypedData(parameters)),
  };
}

function signerThere(wallet: WriteClient, account: Account): Signing {
  if (account.type === "local") {
    return signerHere(account);
  }
  return {
    async signVoucher(parameters) {
      await requireChain(wallet, parameters.chainId);
      return await signTypedData(wallet, { ...voucherTypedData(parameters), account });
    },
    async signDeposit(parameters) {
      await requireChain(wallet, parameters.token.chainId);
      return await signTypedData(wallet, { ...depositAuthorizationTypedData(parameters), account });
    },
  };
}

async function signed(sign: () => Promise<Hex>): Promise<Hex> {
  try {
    return await sign();
  } catch (cause) {
    if (isWalletRefusal(cause)) {
      throw new LiveError("WALLET_REFUSED", "The wallet's owner refused to sign: nothing was spent.", { cause });
    }
    if (cause instanceof TouchstoneError && cause.code === "CHAIN_MISMATCH") {
      throw new LiveError("CHAIN_MISMATCH", cause.message, { cause, details: cause.details });
    }
    const sentence = "The wallet did not sign the payment: unlock it, or let it sign typed data.";
    throw new LiveError("WALLET_FAILED", sentence, { cause });
  }
}
