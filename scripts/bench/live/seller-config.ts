import type { Config } from "../../../provider-node/src/config.ts";
import type { SellerSettings } from "./seller-process.ts";

/** The chain is looked at as often as one with two seconds a block has something new. */
const POLL_MS = 2_000;

const LIMITS = {
  host: "127.0.0.1",
  port: 0,
  trustedProxies: 0,
  postsPerMinute: 1_000_000,
  maxConnections: 4_096,
  maxConnectionsPerAddress: 4_096,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 30_000,
  queuedCallsPerSlot: 2,
  refusedCallsPerMinute: 1_000_000,
  callTimeoutMs: 600_000,
  stalledReaderMs: 30_000,
  maxBodyBytes: 1_048_576,
  maxItems: 100,
};

/** What must not stand in the way of a measurement is wide; all else is as a node has it that nobody tuned. */
export function sellerConfig(settings: SellerSettings): Config {
  const { rpcUrl, market, provider, dataDir, slots = 64, maxStoreBytes = 20 * 2 ** 30 } = settings;
  const config = {
    ...LIMITS,
    rpcUrls: [rpcUrl],
    market,
    provider,
    dataDir,
    name: "bench",
    region: "eu",
    seat: undefined,
    serve: true,
    choreJitterSeconds: 0,
    claimIntervalSeconds: 86_400,
    allowPrivateNetworks: true,
    contextSequences: slots,
    pricePerItem: 0n,
    pricePerMillionInputTokens: 1_000_000n,
    pricePerMillionOutputTokens: 1_000_000n,
    concurrency: 2,
    buyers: [],
    quoteValiditySeconds: 60,
    settle: true,
    confirmations: 1,
    pollIntervalMs: POLL_MS,
    maxFeePerGas: 200_000_000_000n,
    stuckBlocks: 3,
    drainTimeoutSeconds: 20,
    maxStoreBytes,
    minFreeDiskBytes: 0,
    uploadTtlSeconds: 3_600,
    maxChallengeWindowSeconds: 3_600,
    landingSeconds: 5,
    finalityDepth: 50,
    lookbackBlocks: 1_000,
    rpcTimeoutMs: 10_000,
    downloadTimeoutMs: 5_000,
    retentionSeconds: 3_600,
    live: true,
    claimValue: 1_000_000n,
    claimAgeSeconds: 21_600,
    channelPollSeconds: 60,
    minDeposit: 1_000_000n,
    minExactPayment: 10_000n,
    withdrawDelaySeconds: 86_400,
  };
  return config as unknown as Config;
}
