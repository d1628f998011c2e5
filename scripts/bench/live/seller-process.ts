import type { CardLive } from "@touchstone/sdk/protocol";
import type { Address, Hex } from "viem";
import { startChild } from "./children.ts";
import type { InstantOptions } from "./instant-engine.ts";
import type { Profile } from "./profile.ts";
import type { BenchWorld } from "./world.ts";
import { OPERATOR } from "./world.ts";

/** How a seller differs from the usual one. */
export interface SellerPlan {
  /** A name for its data folder. */
  readonly name: string;
  readonly engine?: InstantOptions;
  /** Calls that run side by side. */
  readonly slots?: number;
  /** Where its database lies; else in the folder of the bench. */
  readonly folder?: string;
  /** How many seconds of its clock pass in one. */
  readonly speed?: number;
  /** Most bytes that live calls may leave on disk. */
  readonly maxStoreBytes?: number;
  /** Whether it is held to core 0. */
  readonly isPinned?: boolean;
}

/** What the process of a seller starts with. */
export interface SellerSettings extends SellerPlan {
  readonly rpcUrl: string;
  readonly market: Address;
  readonly provider: Address;
  readonly operatorIndex: number;
  readonly dataDir: string;
}

/** How a seller's process is. Bytes; microseconds of CPU since its start. */
export interface Vitals {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly cpuMicros: number;
  /** Timers, sockets and whatever else keeps it alive. */
  readonly handles: number;
  /** Of all files of the database. */
  readonly databaseBytes: number;
  /** Requests, outputs and traces in it. */
  readonly keptBytes: number;
  readonly channels: number;
  readonly running: number;
  readonly calls: number;
}

/** What the bench asks of a seller. `vitals`: after the garbage is collected. */
export type ToSeller =
  | { readonly type: "start"; readonly settings: SellerSettings }
  | { readonly type: "vitals"; readonly collects: boolean }
  | { readonly type: "profile" }
  | { readonly type: "profiled" };

/** A node that sells, in a process of its own. */
export interface Seller {
  readonly url: string;
  /** The same engine with nothing before it. */
  readonly bareUrl: string;
  readonly model: Hex;
  readonly card: CardLive;
  /** @param collects Whether garbage goes first. Default: yes. */
  vitals(collects?: boolean): Promise<Vitals>;
  /** Starts to note where time goes. */
  profile(): Promise<void>;
  /** Where it went since. */
  profiled(): Promise<Profile>;
  stop(): Promise<void>;
}

/** Starts a node with an instant engine, which says what it sells at `/card`. */
export async function startSeller(world: BenchWorld, plan: SellerPlan): Promise<Seller> {
  const { isPinned = true, folder = world.folder, name } = plan;
  const child = startChild("seller-child.ts", { ...(isPinned && { core: 0 }), flags: ["--expose-gc"] });
  const settings: SellerSettings = {
    ...plan,
    rpcUrl: world.chain.rpcUrl,
    market: world.deployment.market,
    provider: world.provider.account.address,
    operatorIndex: OPERATOR,
    dataDir: `${folder}/${name}`,
  };
  const ask = <T>(message: ToSeller) => child.ask(message) as Promise<T>;
  const started = await ask<Pick<Seller, "url" | "bareUrl" | "model" | "card">>({ type: "start", settings });
  return {
    ...started,
    vitals: (collects = true) => ask<Vitals>({ type: "vitals", collects }),
    profile: () => ask({ type: "profile" }),
    profiled: () => ask<Profile>({ type: "profiled" }),
    stop: child.stop,
  };
}
