import { createTouchstoneFetch } from "@touchstone/sdk";
import { caip2 } from "@touchstone/sdk/protocol";
import { BatchSettlementEvmScheme } from "@x402/evm/batch-settlement/client";
import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { marketClient } from "../../network/clients.ts";
import { startChild } from "./children.ts";
import type { Seller } from "./seller-process.ts";
import { type BenchWorld, BUYERS } from "./world.ts";

/** Who asks, and where. */
export interface Buyer {
  readonly name: "bare" | "sdk" | "gateway" | "x402";
  ask(body: string): Promise<Response>;
  close(): Promise<void>;
}

const PATH = "/v1/chat/completions";
const HEADERS = { "content-type": "application/json" };
const NOTHING = () => Promise.resolve();

/** The bare engine, and the three ways to pay for the same one. */
export async function openBuyers(world: BenchWorld, seller: Seller): Promise<Buyer[]> {
  const post = (url: string, headers = {}) => {
    return (body: string) => fetch(url, { method: "POST", headers: { ...HEADERS, ...headers }, body });
  };
  const gateway = await startGatewayProcess(world);
  return [
    { name: "bare", ask: post(`${seller.bareUrl}${PATH}`), close: NOTHING },
    openSdk(world),
    { name: "gateway", ask: post(`${gateway.url}${PATH}`, gateway.headers), close: gateway.stop },
    openStock(world, seller),
  ];
}

function openSdk({ chain, deployment }: BenchWorld): Buyer {
  const live = createTouchstoneFetch({
    wallet: chain.account(BUYERS.sdk),
    rpcUrl: chain.rpcUrl,
    market: deployment.market,
    budget: { total: 100_000_000n },
    policy: { exploration: 0 },
  });
  const ask = (body: string) => live(`https://touchstone.invalid${PATH}`, { method: "POST", headers: HEADERS, body });
  return { name: "sdk", ask, close: () => live.close() };
}

/** In a process of its own, as people run it. */
async function startGatewayProcess({ chain, deployment, folder }: BenchWorld) {
  const child = startChild("gateway-child.ts");
  const place = { rpcUrl: chain.rpcUrl, market: deployment.market, dataDir: `${folder}/gateway` };
  const { url, apiKey } = (await child.ask({ ...place, account: BUYERS.gateway })) as GatewayPlace;
  return { url, headers: { authorization: `Bearer ${apiKey}` }, stop: child.stop };
}

interface GatewayPlace {
  readonly url: string;
  readonly apiKey: string;
}

/** x402's own client as its documentation sets it up: it asks, is told the price, pays and asks again. */
function openStock({ chain, deployment }: BenchWorld, { url }: Seller): Buyer {
  const account = chain.account(BUYERS.x402);
  const reader = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, account);
  type Signer = ConstructorParameters<typeof BatchSettlementEvmScheme>[0];
  const signer: Signer = {
    address: account.address,
    signTypedData: (data) => account.signTypedData(data as Parameters<typeof account.signTypedData>[0]),
    readContract: (call) => reader.readContract(call as Parameters<typeof reader.readContract>[0]),
  };
  const schemes = [{ network: caip2(chain.chainId), client: new BatchSettlementEvmScheme(signer) }];
  // Its list of known tokens has none of a development chain.
  const client = x402Client.fromConfig({ schemes, spendControls: false });
  const paying = wrapFetchWithPayment(globalThis.fetch, client);
  const ask = (body: string) => paying(`${url}${PATH}`, { method: "POST", headers: HEADERS, body });
  return { name: "x402", ask, close: NOTHING };
}
