// A gateway in a process of its own. It ends with its parent.
import { openKeys, startGateway } from "@touchstone/gateway";
import type { Address } from "viem";
import { developmentAccount } from "../../network/chain.ts";

interface Place {
  readonly rpcUrl: string;
  readonly market: Address;
  readonly dataDir: string;
  readonly account: number;
}

process.once("disconnect", () => process.exit());
process.once("message", async ({ rpcUrl, market, dataDir, account }: Place) => {
  const store = openKeys(dataDir);
  const { key: apiKey } = store.keys.add("bench", { requestsPerMinute: 1_000_000 }, Math.floor(Date.now() / 1000));
  store.close();
  const options = { rpcUrls: [rpcUrl], market, dataDir, account: developmentAccount(account), port: 0 };
  const { url } = await startGateway(options);
  process.send?.({ url, apiKey });
});
