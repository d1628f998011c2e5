// A whole market on this machine, until Ctrl-C: `npm start`, or with validators `npm start -- --seats 13`.
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./lib/paths.ts";
import { startLocalGateway } from "./network/gateway.ts";
import { type LocalNetwork, startNetwork } from "./network/network.ts";
import { ENVIRONMENT_FILE, NETWORK_FILE, recordOf, removeRecord, writeRecord } from "./network/record.ts";

const RPC_PORT = 8_545;
const GATEWAY_PORT = 4_180;

const stop = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => stop.resolve());
}

/** Says what there is, and waits for Ctrl-C. */
async function serve(network: LocalNetwork): Promise<void> {
  const gateway = await startLocalGateway(network, GATEWAY_PORT);
  try {
    writeRecord(network, gateway);
    console.log(`\n${JSON.stringify(recordOf(network, gateway), null, 2)}\n`);
    console.log(`Written to ${path.relative(ROOT, NETWORK_FILE)}. Try: npm run -s node examples/buyer.ts`);
    if (network.seats.length === 0) {
      console.log("Nobody judges here, so every result is unverified; `npm start -- --seats 13` has seats, too.");
    }
    console.log("\nFor any OpenAI client:");
    console.log(`  base URL  ${gateway.baseUrl}`);
    console.log(`  key       ${gateway.apiKey}`);
    console.log(`Both are in ${path.relative(ROOT, ENVIRONMENT_FILE)}, too. Try: npm run -s node examples/chat.ts`);
    console.log("\nCtrl-C takes everything down.");
    await stop.promise;
    console.log("\nTaking everything down.");
  } finally {
    removeRecord();
    await gateway.close();
  }
}

try {
  const { values } = parseArgs({ options: { seats: { type: "string", default: "0" } } });
  const network = await startNetwork(console.log, { port: RPC_PORT, seats: Number(values.seats) });
  try {
    await serve(network);
  } finally {
    await network.close();
  }
} catch (error) {
  console.error(`The network failed: ${(error as Error).message}`);
  process.exitCode = 1;
}
