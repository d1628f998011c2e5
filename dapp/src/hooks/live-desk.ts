import {
  type ChannelRecord,
  type ChannelStore,
  createTouchstoneFetch,
  type KeptReceipt,
  type TouchstoneFetch,
  webChannelStore,
  webReceiptStore,
  webVoucherSigner,
} from "@touchstone/sdk";
import type { Address, Hex } from "viem";
import { type LiveSettings, policyOf } from "../lib/live-settings.ts";
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
  return webReceiptStore(localStorage, storageKey(chainId, market, address)).list();
}

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
  const records = new Map<Hex, ChannelRecord>();
  const live = createTouchstoneFetch({
    ...{ wallet, client, market, fromBlock },
    budget: { total: limit },
    policy: policyOf(settings),
    voucherSigner: webVoucherSigner(localStorage, key),
    channels: watched(webChannelStore(localStorage, key, { isTakenOver }), records),
    receipts: webReceiptStore(localStorage, key),
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
