// A whole market on this machine with its pages, until Ctrl-C: `npm start`, or with validators `npm start -- --seats 13`.
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./lib/paths.ts";
import { type LocalDapp, startDapp } from "./network/dapp.ts";
import { type LocalGateway, startLocalGateway } from "./network/gateway.ts";
import { type LocalNetwork, startNetwork } from "./network/network.ts";
import { ENVIRONMENT_FILE, NETWORK_FILE, recordOf, removeRecord, writeRecord } from "./network/record.ts";
import { startTraffic } from "./network/traffic.ts";

const RPC_PORT = 8_545;
const GATEWAY_PORT = 4_180;
const DAPP_PORT = 4_173;

const stop = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => stop.resolve());
}

/** What may be asked for. */
interface Options {
  readonly seats: number;
  /** Of the pages; zero picks a free one. */
  readonly port: number;
  readonly subgraphUrl: string | undefined;
  /** Whether somebody buys all the time. */
  readonly traffic: boolean;
}

function optionsOf(): Options {
  const { values } = parseArgs({
    options: {
      seats: { type: "string", default: "0" },
      port: { type: "string", default: `${DAPP_PORT}` },
      subgraph: { type: "string" },
      traffic: { type: "boolean", default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`--port must be a port, or 0 for a free one, not ${values.port}.`);
  }
  if (values.subgraph !== undefined && !/^https?:\/\//.test(values.subgraph)) {
    throw new RangeError(`--subgraph must be an http: or https: address, not ${values.subgraph}.`);
  }
  return { seats: Number(values.seats), port, subgraphUrl: values.subgraph, traffic: values.traffic };
}

/** Opens what stands in front of the network, says what there is, and waits for Ctrl-C. */
async function serve(network: LocalNetwork, { port, subgraphUrl, traffic: isBusy }: Options): Promise<void> {
  await using open = new AsyncDisposableStack();
  const dapp = open.adopt(await startDapp(network, { port, subgraphUrl }), (one) => one.close());
  const gateway = open.adopt(await startLocalGateway(network, GATEWAY_PORT), (one) => one.close());
  if (isBusy) {
    open.adopt(await startTraffic(network, console.log), (one) => one.stop());
  }
  open.defer(removeRecord);
  writeRecord(network, gateway, dapp);
  tell(network, gateway, dapp);
  await stop.promise;
  console.log("\nTaking everything down.");
}

function tell(network: LocalNetwork, gateway: LocalGateway, dapp: LocalDapp): void {
  console.log(`\n  Open ${dapp.url} in your browser.`);
  console.log("  Connect the wallet “Buyer (development)”: it has tokens, and asks for nothing.\n");
  console.log("For any OpenAI client:");
  console.log(`  base URL  ${gateway.baseUrl}`);
  console.log(`  key       ${gateway.apiKey}`);
  console.log(`Both are in ${path.relative(ROOT, ENVIRONMENT_FILE)}, too. Try: npm run -s node examples/chat.ts\n`);
  console.log("For your own code:");
  console.log(JSON.stringify(recordOf(network, gateway, dapp), null, 2));
  console.log(`Written to ${path.relative(ROOT, NETWORK_FILE)}. Try: npm run -s node examples/buyer.ts\n`);
  if (network.seats.length === 0) {
    console.log("Nobody judges here, so every result is unverified; `npm start -- --seats 13` has seats, too.");
  }
  console.log("Ctrl-C takes everything down.");
}

try {
  const options = optionsOf();
  const network = await startNetwork(console.log, { port: RPC_PORT, seats: options.seats });
  try {
    await serve(network, options);
  } finally {
    await network.close();
  }
} catch (error) {
  console.error(`The network failed: ${(error as Error).message}`);
  process.exitCode = 1;
}
