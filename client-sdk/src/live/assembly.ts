import { type Address, createClient, http, type LocalAccount } from "viem";
import { getCourtParameters } from "../actions/get-court-parameters.ts";
import { chainIdOf, type ReadClient } from "../actions/internal/clients.ts";
import { readMarket } from "../actions/internal/transact.ts";
import { ChainError } from "../errors.ts";
import { accuse } from "./accuse.ts";
import { Auditor, type EndedCall } from "./auditor.ts";
import { type ChannelStore, memoryChannelStore } from "./channel-record.ts";
import { Directory } from "./directory.ts";
import { OperatorKeys } from "./operator-keys.ts";
import type { PaidParameters } from "./paid-request.ts";
import { type Budget, type FullPolicy, fullPolicy, type LivePolicy } from "./policy.ts";
import { Purse } from "./purse.ts";
import { memoryReceiptStore, type ReceiptStore } from "./receipt-store.ts";
import { recheckElsewhere } from "./recheck.ts";
import { Reputation } from "./reputation.ts";
import type { Fate } from "./routing.ts";
import { Shop } from "./shop.ts";
import { type LiveWallet, type PaymentSigner, signerOf, writerOf } from "./wallet.ts";

/** What {@link createTouchstoneFetch} is made of. */
export interface TouchstoneFetchParameters {
  /** Who pays: a viem account, or a client with one. */
  readonly wallet: LiveWallet;
  /**
   * A session key: signs the voucher of each call, so that the wallet signs deposits alone. It is the `payerAuthorizer` of the
   * channels, which differ from those of another key. Default: the wallet signs.
   */
  readonly voucherSigner?: LocalAccount | undefined;
  /** Reads the chain. Default: the wallet, if it is a client; else one for `rpcUrl`. */
  readonly client?: ReadClient | undefined;
  readonly rpcUrl?: string | undefined;
  /** The `Market` contract. */
  readonly market: Address;
  /** The block of the deployment: no event is older. Default 0, which some RPC servers find too far. */
  readonly fromBlock?: bigint | undefined;
  /** The most that may be spent. */
  readonly budget: Budget;
  /** Which offers are bought, and how. */
  readonly policy?: LivePolicy | undefined;
  /** Where channels are kept. Default: in memory, which is for trying out. */
  readonly channels?: ChannelStore | undefined;
  /** Where receipts are kept. Default: in memory. */
  readonly receipts?: ReceiptStore | undefined;
  /** A name for the channels of this store. Programs that share a wallet and no store need one each. Default `default`. */
  readonly name?: string | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Told of each call that a provider was paid or signed for, once it has ended and its receipt is checked. */
  readonly onCall?: ((call: EndedCall) => void) | undefined;
  /** Told of what fails aside: cards that cannot be read, providers that do not answer, a store that does not write. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Time and chance, for tests. */
  readonly fate?: Fate | undefined;
}

/** All parts of a live client, put together. */
export interface LiveParts {
  readonly policy: FullPolicy;
  readonly fate: Fate;
  readonly directory: Directory;
  readonly reputation: Reputation;
  readonly signer: PaymentSigner;
  readonly purse: Purse;
  readonly auditor: Auditor;
  readonly shop: Shop;
  readonly receipts: ReceiptStore;
  readonly paid: PaidParameters;
}

const FATE: Fate = { now: Date.now, random: Math.random };

/** The client that reads the chain. Throws `CALL_INVALID` where none was given. */
export function readerOf({ client, wallet, rpcUrl }: TouchstoneFetchParameters): ReadClient {
  if (client !== undefined) {
    return client;
  }
  if (rpcUrl !== undefined) {
    return createClient({ transport: http(rpcUrl) });
  }
  if (!("address" in wallet)) {
    return wallet;
  }
  const sentence = "An account alone cannot read the chain: give `rpcUrl`, or a `client`.";
  throw new ChainError("CALL_INVALID", sentence);
}

/** Reads what a live client must know of chain and market, and puts its parts together. Throws ChainError. */
export async function assemble(parameters: TouchstoneFetchParameters): Promise<LiveParts> {
  const { market, wallet, budget, fate = FATE, name = "default", voucherSigner } = parameters;
  const { channels = memoryChannelStore(), receipts = memoryReceiptStore() } = parameters;
  const fetch = parameters.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const client = readerOf(parameters);
  const policy = fullPolicy(parameters.policy);
  const onError = (error: unknown) => {
    parameters.onError?.(error);
    return undefined;
  };
  const signer = signerOf(wallet, voucherSigner);
  const [chainId, asset, court] = await Promise.all([
    chainIdOf(client),
    readMarket(client, { market, functionName: "token", args: [] }),
    getCourtParameters(client, { market }),
  ]);
  const lifetime = Number(court.receiptLifetime);
  const reference = { chainId, market, lifetime };
  const { refreshMs, deposit, depositMultiple } = policy;
  const { fromBlock = 0n } = parameters;
  const directory = new Directory({ client, market, fromBlock, chainId, asset, fetch, refreshMs, fate, onError });
  const reputation = new Reputation(fate.now);
  const paying = { signer, client, chainId, fate };
  const purse = new Purse({ ...paying, budget, deposit, depositMultiple, name, store: channels });
  await purse.load();
  for (const { ledger } of purse.channels) {
    const { provider, dropped } = ledger.record;
    dropped !== undefined && reputation.drop(provider, dropped);
  }
  const paid = { purse, chainId, fetch, fate };
  const auditor = new Auditor({
    ...reference,
    payer: signer.account.address,
    ...{ purse, reputation, receipts, fate, onError },
    keys: new OperatorKeys({ client, market, now: fate.now }),
    // A second opinion would show the prompt to another provider.
    recheckShare: policy.sealed ? 0 : policy.recheckShare,
    recheck: (kept) => recheckElsewhere(kept, { ...paid, ...reference, directory, reputation, policy }),
    accuse: async (kept, other) => {
      if (policy.challenge) {
        await accuse(writerOf(wallet, client), { market }, kept, other);
      }
    },
    onCall: parameters.onCall ?? (() => undefined),
  });
  const shop = new Shop({ ...paid, directory, reputation, auditor, policy, budget, onError });
  return { policy, fate, directory, reputation, signer, purse, auditor, shop, receipts, paid };
}
