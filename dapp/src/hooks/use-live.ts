import { useQuery } from "@tanstack/react-query";
import {
  type ChannelRecord,
  type ChannelStatus,
  type ChannelStore,
  createTouchstoneFetch,
  type GetChannelReturnType,
  type TouchstoneFetch,
  webChannelStore,
  webReceiptStore,
  webVoucherSigner,
} from "@touchstone/sdk";
import { type Address, type Hex, parseUnits } from "viem";
import { DEFAULT_LIMIT, encodeSettings, type LiveSettings, policyOf } from "../lib/live-settings.ts";
import { useNetwork } from "../network/network-context.tsx";
import { conversation } from "./use-conversation.ts";
import { type MarketReader, useMarket } from "./use-market.ts";
import { useToken } from "./use-token.ts";
import { type MarketWallet, useWallet } from "./use-wallet.ts";

/** A live client, and the channels that it keeps. */
interface Desk {
  readonly key: string;
  readonly live: TouchstoneFetch;
  readonly records: ReadonlyMap<Hex, ChannelRecord>;
}

/** A channel: as the client counts it, and as the chain has it. */
export interface ChannelView extends ChannelStatus {
  readonly chain: GetChannelReturnType | undefined;
}

let desk: Desk | undefined;
let turn: Promise<unknown> = Promise.resolve();

/** Does one thing after another: two clients must never have the same channels. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const next = turn.then(work, work);
  turn = next.catch(() => undefined);
  return next;
}

async function closeDesk(isRefund: boolean): Promise<void> {
  const last = desk;
  desk = undefined;
  await last?.live.close({ refund: isRefund });
}

/** Keys of the storage: chain, market and account have channels of their own. */
function storageKey(chainId: number, market: Address, address: Address): string {
  return `touchstone.live/${chainId}/${market}/${address}`;
}

/** The receipts that this browser keeps of the account. */
export function useReceipts() {
  const { chainId, market } = useNetwork();
  const { address } = useWallet();
  return useQuery({
    queryKey: ["receipts", market, address],
    enabled: address !== undefined,
    queryFn: () => webReceiptStore(localStorage, storageKey(chainId, market, address as Address)).list(),
  });
}

/** Buys answers for the connected account, by the settings. A session key of this browser signs for each; the wallet for deposits. */
export function useLive(settings: LiveSettings) {
  const network = useNetwork();
  const { address, wallet } = useWallet();
  const client = useMarket();
  const token = useToken();
  const { model: _, ...relevant } = settings;
  const key = `${address}/${encodeSettings({ ...relevant, model: undefined })}`;
  const isReady = wallet !== undefined && token !== undefined && address !== undefined;

  /** Throws where no wallet is connected. */
  const open = (isTakenOver = false): Promise<Desk> =>
    inTurn(async () => {
      if (!isReady) {
        throw new Error("Connect a wallet first.");
      }
      if (desk?.key !== key || isTakenOver) {
        await closeDesk(false);
        const limit = settings.limit ?? parseUnits(DEFAULT_LIMIT.toString(), token.decimals);
        desk = { key, ...makeLive({ network, address, wallet, client, limit, settings, isTakenOver }) };
      }
      return desk;
    });
  const status = useQuery({
    queryKey: ["live", network.market, key],
    enabled: isReady,
    refetchInterval: 5_000,
    retry: false,
    queryFn: async () => await viewOf(await open(), client),
  });
  /** Asks providers for what is left in their channels; then the chain, for what none of them gave back. */
  const takeBack = async () => {
    await open();
    await inTurn(() => closeDesk(true));
    const { live } = await open();
    return await live.withdraw();
  };
  return { isReady, open, status, takeBack };
}

interface Making {
  readonly network: { readonly chainId: number; readonly market: Address; readonly fromBlock: bigint };
  readonly address: Address;
  readonly wallet: MarketWallet;
  readonly client: MarketReader;
  readonly limit: bigint;
  readonly settings: LiveSettings;
  readonly isTakenOver: boolean;
}

function makeLive({ network, address, wallet, client, limit, settings, isTakenOver }: Making): Omit<Desk, "key"> {
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

async function viewOf({ live, records }: Desk, client: MarketReader) {
  const { spent, channels } = await live.status();
  const views = channels.map(async (channel): Promise<ChannelView> => {
    const config = records.get(channel.channelId)?.config;
    return { ...channel, chain: config === undefined ? undefined : await client.getChannel({ config }) };
  });
  return { spent, channels: await Promise.all(views) };
}
