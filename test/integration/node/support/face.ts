import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CARD_SERVICE, CARD_TYPE } from "@touchstone/sdk/protocol";
import { createApp } from "../../../../provider-node/src/http/app.ts";
import { silentLogger } from "../../../../provider-node/src/logger.ts";
import { createMetrics } from "../../../../provider-node/src/metrics.ts";
import type { RunningNode } from "../../../../provider-node/src/node.ts";
import type { World } from "./world.ts";

/** How a provider's server behaves towards who asks for results. */
export type Mood = "honest" | "withholds" | "lies" | "floods" | "hangs";

/** A provider's server, whose owner decides how it behaves. */
export interface Face {
  readonly url: string;
  /** Bytes that a flood has sent. */
  readonly flooded: () => number;
  setMood(mood: Mood): void;
  /** Shows another node from now on, as after a restart. */
  show(node: RunningNode): void;
  close(): Promise<void>;
}

const SETTINGS = { maxBodyBytes: 1_048_576, maxItems: 100, postsPerMinute: 10_000, trustedProxies: 0 };

/** Serves a node's results and publishes the provider's card, which says where. */
export async function startFace(world: World, first: RunningNode): Promise<Face> {
  let mood: Mood = "honest";
  let flooded = 0;
  let app = appOf(first);
  const flood = (response: ServerResponse) => {
    const chunk = Buffer.alloc(65_536, "x");
    const more = () => {
      while (!response.destroyed && response.write(chunk)) {
        flooded += chunk.length;
      }
    };
    response.on("drain", more);
    more();
  };
  const moods: Readonly<Record<Mood, (request: IncomingMessage, response: ServerResponse) => void>> = {
    honest: (request, response) => app(request, response),
    withholds: (_, response) => response.writeHead(404).end(),
    lies: (_, response) => response.end('{"job":"0x00","items":[],"requests":["garbage"]}'),
    floods: (_, response) => flood(response),
    hangs: () => {},
  };
  const server = createServer((request, response) => moods[mood](request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await publish(world, url);
  return {
    url,
    flooded: () => flooded,
    setMood: (next) => {
      mood = next;
    },
    show: (node) => {
      app = appOf(node);
    },
    close: () => close(server),
  };
}

function appOf({ desk, blobs, inputs }: RunningNode): RequestListener {
  return createApp({
    settings: SETTINGS,
    desk,
    blobs,
    inputs,
    now: () => Math.floor(Date.now() / 1000),
    card: () => {
      throw new Error("The card stands in its own address.");
    },
    readiness: () => ({ isReady: true, checks: {} }),
    metrics: createMetrics(),
    logger: silentLogger,
  });
}

async function publish(world: World, url: string): Promise<void> {
  const { market, provider, chain } = world;
  const card = {
    type: CARD_TYPE,
    name: "Test",
    description: "A provider.",
    active: true,
    services: [{ name: CARD_SERVICE, endpoint: url }],
    touchstone: {
      provider: provider.address,
      market,
      chainId: chain.client.chain.id,
      region: "",
      hardware: "",
      models: [],
    },
  };
  const uri = `data:application/json,${encodeURIComponent(JSON.stringify(card))}`;
  await world.as(provider, "updateProvider", [provider.address, uri]);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
