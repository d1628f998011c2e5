// A whole market on this machine, until Ctrl-C: `npm start`, or with validators `npm start -- --seats 13`.
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./lib/paths.ts";
import { startNetwork } from "./network/network.ts";
import { NETWORK_FILE, recordOf, removeRecord, writeRecord } from "./network/record.ts";

const RPC_PORT = 8_545;

const stop = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => stop.resolve());
}

try {
  const { values } = parseArgs({ options: { seats: { type: "string", default: "0" } } });
  const network = await startNetwork(console.log, { port: RPC_PORT, seats: Number(values.seats) });
  try {
    writeRecord(network);
    const { accounts, ...rest } = recordOf(network);
    console.log(`\n${JSON.stringify({ ...rest, accounts }, null, 2)}\n`);
    console.log(`Written to ${path.relative(ROOT, NETWORK_FILE)}. Try: npm run -s node examples/buyer.ts`);
    if (network.seats.length === 0) {
      console.log("Nobody judges here, so every result is unverified; `npm start -- --seats 13` has seats, too.");
    }
    console.log("Ctrl-C takes everything down.");
    await stop.promise;
    console.log("\nTaking everything down.");
  } finally {
    removeRecord();
    await network.close();
  }
} catch (error) {
  console.error(`The network failed: ${(error as Error).message}`);
  process.exitCode = 1;
}
