// The market's history: who sells and how that went, what was traded by the day. Run `npm start` first, and buy something.
import { createMarketIndex, enumName, JobStatus } from "@touchstone/sdk";
import { createPublicClient, formatUnits, http } from "viem";
import { network } from "./network.ts";

const client = createPublicClient({ transport: http(network.rpcUrl) });
const index = createMarketIndex({ client, market: network.market });
const usd = (amount: bigint) => formatUnits(amount, 6);

for (const { address, jobs, completed, unverified, earned, account } of await index.providers()) {
  console.log(
    `${address} took ${jobs} jobs, ${completed + unverified} paid: ${usd(earned)}; stake ${usd(account.stake)}`,
  );
}
for (const { id, status, price, postedAt } of await index.jobs({ first: 5 })) {
  console.log(`${new Date(postedAt * 1000).toISOString()} ${enumName(JobStatus, status)} ${usd(price)} ${id}`);
}
for (const { timestamp, posted, volume } of await index.marketStats({ interval: "day" })) {
  console.log(`${new Date(timestamp * 1000).toISOString().slice(0, 10)}: ${posted} jobs posted, ${usd(volume)} paid`);
}
const { source, block } = await index.status();
console.log(`As told by ${source} up to block ${block}.`);
