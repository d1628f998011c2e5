import { useQuery } from "@tanstack/react-query";
import type { ChannelStatus, GetChannelReturnType } from "@touchstone/sdk";
import { type Address, parseUnits } from "viem";
import { DEFAULT_LIMIT, encodeSettings, type LiveSettings } from "../lib/live-settings.ts";
import { useNetwork } from "../network/network-context.tsx";
import type { LiveDesk } from "./live-desk.ts";
import { type MarketReader, useMarket } from "./use-market.ts";
import { useToken } from "./use-token.ts";
import { useWallet } from "./use-wallet.ts";

/** The desk of one account and its settings. */
interface Desk extends LiveDesk {
  readonly key: string;
}

/** What buys is fetched once there is a wallet to buy with: the page shows without it. */
const loadDesk = () => import("./live-desk.ts");

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

/** The receipts that this browser keeps of the account. */
export function useReceipts() {
  const { chainId, market } = useNetwork();
  const { address } = useWallet();
  return useQuery({
    queryKey: ["receipts", market, address],
    enabled: address !== undefined,
    queryFn: async () => (await loadDesk()).receiptsOf({ chainId, market }, address as Address),
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

  /**
   * @param options `isTakenOver`: from another tab. `isFresh`: without what an earlier one knew of providers. Throws where no
   *   wallet is connected.
   */
  const open = ({ isTakenOver = false, isFresh = false } = {}): Promise<Desk> =>
    inTurn(async () => {
      if (!isReady) {
        throw new Error("Connect a wallet first.");
      }
      if (desk?.key !== key || isTakenOver || isFresh) {
        await closeDesk(false);
        const limit = settings.limit ?? parseUnits(DEFAULT_LIMIT.toString(), token.decimals);
        const { openDesk } = await loadDesk();
        desk = { key, ...openDesk({ network, address, wallet, client, limit, settings, isTakenOver }) };
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
  /** Looks on the chain for channels that this browser does not know, and tells how many there are. */
  const recover = async () => await (await open()).live.recover();
  return { isReady, open, status, takeBack, recover };
}

async function viewOf({ live, records }: Desk, client: MarketReader) {
  const { spent, channels } = await live.status();
  const views = channels.map(async (channel): Promise<ChannelView> => {
    const config = records.get(channel.channelId)?.config;
    return { ...channel, chain: config === undefined ? undefined : await client.getChannel({ config }) };
  });
  return { spent, channels: await Promise.all(views) };
}
