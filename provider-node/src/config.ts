import os from "node:os";
import path from "node:path";
import type { Address } from "viem";
import { GATEWAY_SETTINGS } from "./config-gateway.ts";
import {
  address,
  amount,
  bytes,
  choice,
  filePath,
  flag,
  gwei,
  integer,
  type Kind,
  list,
  modelReference,
  text,
  url,
} from "./config-kinds.ts";

/** One row of the table of settings. */
export interface Setting<T = unknown> {
  readonly description: string;
  readonly kind: Kind<T>;
  /** What holds where no source names it; may depend on the data folder. `undefined`: there is none. */
  readonly standard: T | undefined | ((dataDir: string) => T);
  /** Only from the environment, never from flags or the file, and never shown. */
  readonly isSensitive?: true;
}

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
const MIB = 2 ** 20;

function setting<T>(description: string, kind: Kind<T>, standard: T | ((dataDir: string) => T)): Setting<T> {
  return { description, kind, standard };
}

function optional<T>(description: string, kind: Kind<T>): Setting<T | undefined> {
  return { description, kind, standard: undefined };
}

/**
 * Every setting of the node, once. `--flag` names, `TOUCHSTONE_` variables, validation, the type of {@link Config} and
 * `docs/config.md` all come from this table.
 */
export const SETTINGS = {
  rpcUrls: setting(
    "JSON-RPC endpoints of the chain, best first; later ones step in when earlier ones fail.",
    list(url),
    ["http://127.0.0.1:8545"],
  ),
  market: optional("The Market contract.", address),
  provider: optional("The provider's account: the cold account that staked. Operator keys act for it.", address),
  seat: optional(
    "The account of a seat that this node judges for; best the provider's. The node's key must be an operator key of it.",
    address,
  ),

  dataDir: setting("Folder of the database, the blobs, keys and downloaded models.", filePath, () =>
    path.join(os.homedir(), ".touchstone"),
  ),
  keystore: setting("Key that this node signs with: an Ethereum keystore (v3) file.", filePath, (dataDir) =>
    path.join(dataDir, "keys", "operator.json"),
  ),
  passwordFile: optional("File with the password of the keystore on its first line.", filePath),
  password: {
    ...optional("Password of the keystore. Prefer `passwordFile`: other processes can see an environment.", text(1024)),
    isSensitive: true,
  },

  host: setting("Address that the HTTP server listens on; `0.0.0.0` for all.", text(), "127.0.0.1"),
  port: setting("Port of the HTTP server; 0 takes a free one.", integer(0, 65_535), 4100),
  publicUrl: optional("Where buyers reach the HTTP server, as the card says it. Left out: `http://host:port`.", url),
  trustedProxies: setting(
    "Reverse proxies in front of the server whose `X-Forwarded-For` is believed; 0 where buyers connect directly.",
    integer(0, 16),
    0,
  ),
  maxConnections: setting("HTTP connections open at once.", integer(1), 1024),
  maxConnectionsPerAddress: setting("HTTP connections open at once from one address.", integer(1), 16),
  postsPerMinute: setting("HTTP requests with a body that one address may send a minute.", integer(1), 120),
  maxBodyBytes: setting("Longest body of an HTTP request, and longest blob fetched from a buyer.", bytes(1024), MIB),
  headersTimeoutMs: setting("How long a client may take to send the headers of a request.", integer(100), 10_000),
  bodyTimeoutMs: setting("How long a client may take to send a whole request.", integer(100), 30_000),
  live: setting(
    "Whether the node sells live calls (`/v1`), paid through channels of x402, where the chain has them.",
    flag,
    true,
  ),
  claimValue: setting("A payment channel that owes so much is claimed.", amount, 1_000_000n),
  claimAgeSeconds: setting(
    "A charge that is so old is claimed, however small; before the shortest withdrawal of a payer is over.",
    integer(0, 43_200),
    6 * 60 * MINUTE,
  ),
  channelPollSeconds: setting(
    "How often channels that owe something are looked at on chain; one that its payer leaves is claimed at once.",
    integer(1, 3600),
    MINUTE,
  ),
  minDeposit: setting(
    "Smallest deposit into a payment channel: the node pays for its transaction.",
    amount,
    1_000_000n,
  ),
  minExactPayment: setting(
    "Least that a call costs where it is paid by a transfer of its own (x402's `exact`): the node pays for its transaction.",
    amount,
    10_000n,
  ),
  withdrawDelaySeconds: setting(
    "How long a payer must wait for what it takes out of a channel: the time there is to claim.",
    integer(86_400, 2_592_000),
    DAY,
  ),
  queuedCallsPerSlot: setting(
    "Live calls that may wait for a model, for each generation it runs side by side; who comes then is sent away unpaid.",
    integer(0, 1024),
    2,
  ),
  callTimeoutMs: setting("Longest that one live call may generate; its answer ends there.", integer(100), 600_000),
  stalledReaderMs: setting(
    "How long who bought a live call may take nothing of its answer; it is then cut, and pays for what was delivered.",
    integer(100),
    30_000,
  ),
  refusedCallsPerMinute: setting(
    "Live calls of one address that may be refused in a minute, unpaid ones among them; paid ones do not count.",
    integer(1),
    600,
  ),
  maxBatches: setting(
    "Batches of live calls that run at once; who comes then is sent away unpaid. 0: the node sells no batches.",
    integer(0, 1024),
    8,
  ),
  batchSeconds: setting(
    "Longest that a batch of live calls may run; shorter than the shortest withdrawal of a payer. What is made by then is charged.",
    integer(1, 43_200),
    12 * 60 * MINUTE,
  ),
  downloadTimeoutMs: setting("How long fetching an input from a buyer may take.", integer(100), 30_000),
  allowPrivateNetworks: setting(
    "Whether inputs may be fetched from loopback, private and link-local addresses. Only for local networks.",
    flag,
    false,
  ),

  models: setting(
    "Models to serve: `storyteller` (ships with the node), a GGUF file, a folder with a manifest, `hf:owner/repo/file.gguf`, one of these after `greedy:`, or `openai:URL#name` for one behind a server (`=` and one of these after it: verified).",
    list(modelReference),
    ["storyteller"],
  ),
  gpu: setting(
    "What runs the models. `auto` takes the best that is installed.",
    choice("auto", "cpu", "cuda", "metal", "vulkan"),
    "auto",
  ),
  threads: setting("CPU threads of one model; 0 picks a number that suits the size of the model.", integer(0, 1024), 0),
  contextSequences: setting(
    "Generations that one model runs side by side; each takes memory of its own.",
    integer(1, 256),
    2,
  ),
  upstreamApiKey: {
    ...optional("Key that the servers of `openai:` models ask for, sent as a bearer token.", text(1024)),
    isSensitive: true,
  },
  upstreamHosts: setting(
    "Hosts beside this machine that an `openai:` model may be on: prompts of buyers and `upstreamApiKey` go there.",
    list(text()),
    [],
  ),
  upstreamTimeoutMs: setting("Longest silence of the server of an `openai:` model.", integer(100), 120_000),

  pricePerItem: setting("Lowest price of an item, whatever its length.", amount, 100n),
  pricePerMillionInputTokens: setting("Price of a million prompt tokens, on top.", amount, 50_000n),
  pricePerMillionOutputTokens: setting("Price of a million tokens of output (`max_tokens`), on top.", amount, 200_000n),
  maxItems: setting("Most items of a job that this node takes.", integer(1), 1000),
  concurrency: setting("Jobs worked on at once.", integer(1, 1024), 2),
  serve: setting("Whether the node takes jobs; `false`: it only judges, and needs no provider.", flag, true),
  buyers: setting("Accounts whose jobs are taken; empty: everybody's.", list(address), []),
  quoteValiditySeconds: setting("How long a quote holds.", integer(1), MINUTE),
  maxChallengeWindowSeconds: setting(
    "Longest challenge window of a job that this node takes: until it is over the price is not paid.",
    integer(0),
    240 * MINUTE,
  ),
  choreJitterSeconds: setting(
    "Chores of the court that any seat may do are put off by up to so long, so that not all seats do them at once.",
    integer(0, 86_400),
    MINUTE,
  ),
  claimIntervalSeconds: setting("How often what the seat earned is claimed; 0: never.", integer(0), DAY),
  landingSeconds: setting("How long before a deadline a transaction must be on its way.", integer(0), 15),
  settle: setting("Whether the node settles its jobs itself once their window is over.", flag, true),

  confirmations: setting(
    "Blocks an event must be deep before the node acts on it; 1 is the newest block.",
    integer(1, 1024),
    3,
  ),
  pollIntervalMs: setting("How often the chain is asked for a new block.", integer(10), 1000),
  finalityDepth: setting("Blocks after which a block is final, where the chain itself does not say.", integer(1), 50),
  lookbackBlocks: setting(
    "Blocks before the last final one from which a first start looks for jobs.",
    integer(0),
    5000,
  ),
  rpcTimeoutMs: setting("How long an endpoint of the chain may take to answer.", integer(100), 10_000),
  maxFeePerGas: setting("Most that a transaction may bid for gas.", gwei, 200_000_000_000n),
  stuckBlocks: setting("Blocks after which an unmined transaction is sent again with a higher bid.", integer(1), 3),
  drainTimeoutSeconds: setting(
    "How long a stopping node may finish work that it has accepted.",
    integer(0),
    2 * MINUTE,
  ),

  maxStoreBytes: setting("Most that inputs and outputs may take on disk.", bytes(MIB), 4096 * MIB),
  minFreeDiskBytes: setting("Free space below which no new work is accepted.", bytes(0), 512 * MIB),
  uploadTtlSeconds: setting("How long inputs that no job uses are kept.", integer(1), 60 * MINUTE),

  retentionSeconds: setting("How long inputs and outputs of a job that is over are kept.", integer(0), 7 * DAY),

  name: setting("Name of the provider on its card.", text(), "Touchstone node"),
  region: setting("Where the node runs, as the card says it, such as `eu-north`.", text(), ""),
  logLevel: setting(
    "How much is logged.",
    choice("trace", "debug", "info", "warn", "error", "fatal", "silent"),
    "info",
  ),
  logFormat: setting(
    "`auto` writes for people on a terminal and JSON otherwise.",
    choice("auto", "pretty", "json"),
    "auto",
  ),

  ...GATEWAY_SETTINGS,
} as const satisfies Record<string, Setting>;

/** Name of a setting. */
export type SettingName = keyof typeof SETTINGS;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** What the sources say, with standards filled in: what commands that need no market take. Frozen. */
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]> };

/** What a node runs with: {@link Settings} that name a market and a provider. Frozen. */
export type Config = Settings & { readonly market: Address; readonly provider: Address };

/** The flag of a setting: `maxItems` -> `max-items`. */
export function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The environment variable of a setting: `maxItems` -> `TOUCHSTONE_MAX_ITEMS`. */
export function variableName(name: string): string {
  return `TOUCHSTONE_${flagName(name).replaceAll("-", "_").toUpperCase()}`;
}
