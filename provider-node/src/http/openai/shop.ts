import { type CardLive, openSealed } from "@touchstone/sdk/protocol";
import type { Config } from "../../config.ts";
import type { Engine } from "../../engine/engine.ts";
import type { BatchBook } from "../../live/batch-book.ts";
import type { LiveDesk } from "../../live/desk.ts";
import type { Logger } from "../../logger.ts";
import { loadSealKeys } from "../../seal-keys.ts";
import type { Terms } from "../../terms.ts";
import { createOffers } from "./offers.ts";
import type { LiveRoutesOptions } from "./router.ts";

/** What a shop takes of the settings. */
export type ShopSettings = Pick<
  Config,
  | "provider"
  | "dataDir"
  | "contextSequences"
  | "queuedCallsPerSlot"
  | "callTimeoutMs"
  | "stalledReaderMs"
  | "refusedCallsPerMinute"
  | "maxBodyBytes"
  | "maxItems"
  | "maxBatches"
  | "batchSeconds"
  | "postsPerMinute"
>;

/** What a shop is made of. */
export interface ShopOptions {
  readonly desk: LiveDesk;
  /** Left out where no batches are sold. */
  readonly batches?: BatchBook | undefined;
  readonly engines: readonly Engine[];
  readonly config: ShopSettings;
  readonly terms: Terms;
  readonly logger: Logger;
  /** Whether the node is stopping. */
  readonly isDraining: () => boolean;
  /** Ends all generations. */
  readonly signal: AbortSignal;
}

/** Routes under `/v1`, and what the card says of them. */
export interface LiveShop {
  readonly routes: LiveRoutesOptions;
  readonly card: CardLive;
}

/**
 * Puts the models of a node on sale by the call.
 *
 * @throws NodeError `KEYSTORE_INVALID`
 */
export async function openShop({
  desk,
  batches: book,
  engines,
  config,
  terms,
  isDraining,
  ...rest
}: ShopOptions): Promise<LiveShop> {
  const { contextSequences: slots, queuedCallsPerSlot, provider } = config;
  const { publicKey, privateKey } = await loadSealKeys(config.dataDir);
  const routes: LiveRoutesOptions = {
    ...rest,
    ...config,
    desk,
    batches: book && config.maxBatches > 0 ? { ...config, book } : undefined,
    offers: createOffers(engines, { slots, waiting: slots * queuedCallsPerSlot }),
    prices: () => terms.prices,
    isDraining: () => isDraining() || terms.isDrained,
    refusalsPerMinute: config.refusedCallsPerMinute,
    now: () => Math.floor(Date.now() / 1000),
    open: (sealed) => openSealed(sealed, privateKey, provider),
  };
  return { routes, card: { ...desk.terms(), encryptionKey: publicKey } };
}
