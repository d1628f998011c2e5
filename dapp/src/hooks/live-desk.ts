import {
  type ChannelRecord,
  type ChannelStore,
  createTouchstoneFetch,
  type KeptReceipt,
  type ReceiptStore,
  type TouchstoneFetch,
  type WebLocks,
  webChannelStore,
  webReceiptStore,
  webVoucherSigner,
} from "@touchstone/sdk";
import type { Address, Hex } from "viem";
import { type LiveSettings, policyOf } from "../lib/live-settings.ts";
import { browserStorage, storage } from "../lib/storage.ts";
import { conversation } from "./use-conversation.ts";
import type { MarketReader } from "./use-market.ts";
import type { MarketWallet } from "./use-wallet.ts";

/** A live client, and the channels that it keeps. */
export interface LiveDesk {
  readonly live: TouchstoneFetch;
  readonly records: ReadonlyMap<Hex, ChannelRecord>;
}

/** Keys of the storage: chain, market and account have channels of their own. */
function storageKey(chainId: number, market: Address, address: Address): string {
  return `touchstone.live/${chainId}/${market}/${address}`;
}

/** The receipts that this browser keeps of an account. */
export function receiptsOf(
  { chainId, market }: { readonly chainId: number; readonly market: Address },
  address: Address,
): Promise<readonly KeptReceipt[]> {
  return receiptStore(storageKey(chainId, market, address)).list();
}

/** Receipts that make room for one another while the browser's storage is full, and stay in memory where it takes none. */
function receiptStore(key: string): ReceiptStore {
  const kept = webReceiptStore(browserStorage ?? storage, key);
  const all = webReceiptStore(storage, key);
  return { put: (receipt) => kept.put(receipt).catch(() => all.put(receipt)), list: (criteria) => all.list(criteria) };
}

/** What only this page has needs no lock: other pages cannot see it, and browsers that forbid storage forbid locks, too. */
const OWN_LOCKS = {
  request: async (_name: string, _options: LockOptions, work: LockGrantedCallback<unknown>) =>
    await work({ name: "", mode: "exclusive" }),
} as WebLocks;

/** What a desk is made of. */
export interface DeskParameters {
  readonly network: { readonly chainId: number; readonly market: Address; readonly fromBlock: bigint };
  readonly address: Address;
  readonly wallet: MarketWallet;
  readonly client: MarketReader;
  readonly limit: bigint;
  readonly settings: LiveSettings;
  readonly isTakenOver: boolean;
}

/** Opens a client that pays from the channels of this browser. Only one may be open at a time. */
export function openDesk(parameters: DeskParameters): LiveDesk {
  const { network, address, wallet, client, limit, settings, isTakenOver } = parameters;
  const { chainId, market, fromBlock } = network;
  const key = storageKey(chainId, market, address);
  const locks = storage.isKept ? undefined : OWN_LOCKS;
  const records = new Map<Hex, ChannelRecord>();
  const live = createTouchstoneFetch({
    ...{ wallet, client, market, fromBlock },
    budget: { total: limit },
    policy: policyOf(settings),
    voucherSigner: webVoucherSigner(storage, key),
    channels: watched(webChannelStore(storage, key, { isTakenOver, locks }), records),
    receipts: receiptStore(key),
    onCall: (call) => conversation.settle(call),
    onError: (error) => console.warn(error),
  });
  return { live, records };
}

/** The same store, whose records can be looked at. */
function watched(store: ChannelStore, records: Map<Hex, ChannelRecord>): ChannelStore {
  return {
    async load() {
      const loaded = await store.load();
      for (const record of loaded) {
        records.set(record.channelId, record);
      }
      return loaded;
    },
    async save(record) {
      await store.save(record);
      records.set(record.channelId, record);
    },
    close: () => store.close?.(),
  };
}
