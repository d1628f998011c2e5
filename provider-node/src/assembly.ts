import type { Hex, LocalAccount, PublicClient } from "viem";
import { Head } from "./chain/head.ts";
import type { MarketReader } from "./chain/market.ts";
import type { PaidToken } from "./chain/settlement.ts";
import { Submitter } from "./chain/submitter.ts";
import { Wallet } from "./chain/wallet.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Court } from "./contact.ts";
import { canRecheck, type Engine } from "./engine/engine.ts";
import { meterEngine } from "./engine/observe.ts";
import type { JobDesk } from "./jobs/desk.ts";
import { Intake } from "./jobs/intake.ts";
import { Judge } from "./jobs/judge.ts";
import { LocalDesk } from "./jobs/local-desk.ts";
import { Runner } from "./jobs/runner.ts";
import { Speed } from "./jobs/speed.ts";
import { Lane } from "./live/lane.ts";
import { evidenceSeconds } from "./live/retention.ts";
import type { Logger } from "./logger.ts";
import { Meter } from "./meter.ts";
import { OwnerDesk } from "./owner/owner-desk.ts";
import { SeatKeeper } from "./seats/seat.ts";
import type { StageContext } from "./stages/context.ts";
import { downloader } from "./stages/download.ts";
import type { Store } from "./store/store.ts";

/** What a node takes of the settings. */
export type NodeSettings = Pick<
  Config,
  | "rpcUrls"
  | "market"
  | "provider"
  | "seat"
  | "serve"
  | "choreJitterSeconds"
  | "claimIntervalSeconds"
  | "dataDir"
  | "maxBodyBytes"
  | "allowPrivateNetworks"
  | "contextSequences"
  | "pricePerItem"
  | "pricePerMillionInputTokens"
  | "pricePerMillionOutputTokens"
  | "maxItems"
  | "concurrency"
  | "buyers"
  | "quoteValiditySeconds"
  | "settle"
  | "confirmations"
  | "pollIntervalMs"
  | "maxFeePerGas"
  | "stuckBlocks"
  | "drainTimeoutSeconds"
  | "maxStoreBytes"
  | "minFreeDiskBytes"
  | "uploadTtlSeconds"
  | "maxChallengeWindowSeconds"
  | "landingSeconds"
  | "finalityDepth"
  | "lookbackBlocks"
  | "rpcTimeoutMs"
  | "downloadTimeoutMs"
  | "retentionSeconds"
  | "live"
  | "claimValue"
  | "claimAgeSeconds"
  | "channelPollSeconds"
  | "minDeposit"
  | "minExactPayment"
  | "withdrawDelaySeconds"
>;

/** What a node is made of. */
export interface NodeOptions {
  readonly config: NodeSettings;
  /** One a model; they stay open when the node stops. */
  readonly engines: readonly Engine[];
  /** The operator's key, or the provider's own. */
  readonly account: LocalAccount;
  readonly logger: Logger;
  readonly clock: Clock;
  /** When it aborts, the node finishes what it has promised and stops. */
  readonly signal: AbortSignal;
}

/** What a node stands on. */
export interface Basis {
  readonly client: PublicClient;
  readonly chainId: number;
  readonly store: Store;
  readonly reader: MarketReader;
  readonly court: Court | undefined;
  /** What live calls are paid in; nothing where the node sells none. */
  readonly token: PaidToken | undefined;
}

/** The parts of a node, wired. */
export interface Parts extends Basis {
  readonly head: Head;
  readonly speed: Speed;
  /** What buyers got of it. */
  readonly meter: Meter;
  readonly submitter: Submitter;
  readonly runner: Runner;
  readonly desk: JobDesk;
  readonly owner: OwnerDesk;
  readonly seat: SeatKeeper | undefined;
  readonly lane: Lane | undefined;
  /** Ends all work at once. */
  readonly stop: AbortController;
}

/** Wires a node; nothing runs yet. */
export function assemble(options: NodeOptions, basis: Basis): Parts {
  const { config, account, clock, logger, signal: drain } = options;
  const { chainId, client, store, reader } = basis;
  const { market, provider, confirmations, pollIntervalMs } = config;
  const stop = new AbortController();
  const head = new Head(clock, store.blocks.all().at(-1));
  const speed = new Speed();
  const meter = new Meter(() => clock.unixTime());
  const wallet = new Wallet(client, chainId, account);
  const sending = { wallet, intents: store.intents, clock, logger, signal: stop.signal };
  const submitter = new Submitter({ ...config, ...sending });
  const owner = ownerOf(options, basis, () => runner.pump());
  const judge = judgeOf(options, basis, { head, speed, owner });
  const context = contextOf(options, basis, { head, speed, meter, submitter, signal: stop.signal });
  const { engines } = context;
  const seat = seatOf(options, basis, { ...context, head });
  const recorders = seat === undefined ? [] : [seat.recorder];
  const models = new Set(engines.keys());
  const receiptLifetime = basis.court?.limits.receiptLifetime;
  const intake = new Intake({ chainId, market, provider, models, receiptLifetime, store, recorders, head, logger });
  const working = { concurrency: config.concurrency, confirmations, settles: config.settle, pollIntervalMs };
  const runner = new Runner({ ...working, context, intake, judge, terms: owner, head, clock, logger, drain });
  const desk = new LocalDesk({
    reference: { chainId, market },
    account,
    store,
    market: reader,
    engines,
    judge,
    head,
    quoteValiditySeconds: config.quoteValiditySeconds,
    moment: () => runner.moment(),
    onWork: () => runner.pump(),
  });
  const lane = laneOf(options, basis, { head, submitter, owner, signal: stop.signal });
  return { ...basis, head, speed, meter, submitter, runner, desk, owner, seat, lane, stop };
}

/** The models that buyers may ask for: none, where the node only judges. */
function servedBy({ config, engines }: NodeOptions): ReadonlyMap<Hex, Engine> {
  return new Map(config.serve ? engines.map((engine) => [engine.model.id, engine]) : []);
}

function ownerOf(
  { config, clock, logger }: NodeOptions,
  { client, chainId, store }: Basis,
  onTaken: () => void,
): OwnerDesk {
  const { market, provider } = config;
  const unixTime = () => clock.unixTime();
  return new OwnerDesk({ client, chainId, market, provider, store, settings: config, unixTime, onTaken, logger });
}

function judgeOf(
  options: NodeOptions,
  { store, reader }: Basis,
  { owner: terms, ...parts }: Pick<Parts, "head" | "speed" | "owner">,
): Judge {
  const { config, signal: drain } = options;
  const { maxChallengeWindowSeconds: maxChallengeWindow, concurrency } = config;
  const settings = { ...config, maxChallengeWindow, maxEngaged: 2 * concurrency };
  const isDraining = () => drain.aborted;
  return new Judge({ settings, store, market: reader, engines: servedBy(options), terms, ...parts, isDraining });
}

function contextOf(
  options: NodeOptions,
  { store, reader, court }: Basis,
  {
    head,
    speed,
    meter,
    submitter,
    signal,
  }: Pick<Parts, "head" | "speed" | "meter" | "submitter"> & {
    readonly signal: AbortSignal;
  },
): StageContext {
  const { config, clock, logger } = options;
  const metered = [...servedBy(options)].map(([model, engine]) => [model, meterEngine(engine, meter)] as const);
  return {
    market: config.market,
    provider: config.provider,
    store,
    view: reader,
    court: court?.reader,
    submitter,
    engines: new Map(metered),
    parallelItems: config.contextSequences,
    download: downloader({ ...config, timeoutMs: config.downloadTimeoutMs }),
    maxRequestBytes: config.maxBodyBytes,
    landingSeconds: config.landingSeconds,
    now: () => head.now(),
    head: () => ({ number: head.block?.number ?? 0, at: head.now() }),
    onGenerated: (model, tokens, seconds) => speed.note(model, tokens, seconds),
    clock,
    logger,
    signal,
  };
}

function seatOf(
  options: NodeOptions,
  { client, chainId, store, court }: Basis,
  { submitter, download, head, signal }: Pick<StageContext, "submitter" | "download" | "signal"> & Pick<Parts, "head">,
): SeatKeeper | undefined {
  const { config, account: operator, clock, logger, signal: drain } = options;
  const { seat } = config;
  if (seat === undefined || court === undefined) {
    return undefined;
  }
  const engines = new Map(options.engines.filter(canRecheck).map((engine) => [engine.model.id, engine]));
  const chain = { client, chainId, court: court.reader, limits: court.limits, head };
  const means = { operator, store, submitter, engines, download, clock, logger, signal, drain };
  return new SeatKeeper({ config, seat, ...chain, ...means });
}

/** Where the market has no court, receipts are for the books only; they live as long as elsewhere. */
const STANDARD_LIFETIME = 86_400;

function laneOf(
  options: NodeOptions,
  { client, chainId, store, court, token }: Basis,
  {
    head,
    submitter,
    owner: terms,
    signal,
  }: Pick<Parts, "head" | "submitter" | "owner"> & {
    readonly signal: AbortSignal;
  },
): Lane | undefined {
  const { config, account, clock, logger, signal: drain } = options;
  if (token === undefined) {
    return undefined;
  }
  const lifetime = court?.limits.receiptLifetime ?? STANDARD_LIFETIME;
  const kept = evidenceSeconds(lifetime, court?.limits);
  const chain = {
    client,
    chainId,
    token,
    lifetime,
    evidenceSeconds: kept,
    now: () => head.now(),
    isSynced: () => head.isSynced,
  };
  return new Lane({ config, ...chain, account, store, submitter, terms, clock, logger, drain, signal });
}
