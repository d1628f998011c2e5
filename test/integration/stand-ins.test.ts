import { BATCH_SETTLEMENT_ADDRESS, batchSettlementAbi, channelId } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { createPublicClient, http, zeroAddress, zeroHash } from "viem";
import { startChain } from "../../scripts/network/chain.ts";
import { placeStandIns } from "../../scripts/network/stand-ins.ts";
import { startAnvil } from "./support/anvil.ts";

const CHAIN_ID = 31_337;

const CHAINS = {
  Hardhat: async () => {
    const chain = await startChain();
    return { rpcUrl: chain.rpcUrl, stop: chain.close };
  },
  anvil: () => startAnvil(),
};

describe("the stand-ins of x402", () => {
  for (const [name, start] of Object.entries(CHAINS)) {
    it(`are placed where clients expect them, on a chain of ${name}`, async () => {
      const { rpcUrl, stop } = await start();
      try {
        await placeStandIns(rpcUrl);
        const client = createPublicClient({ transport: http(rpcUrl) });
        const config = {
          payer: zeroAddress,
          payerAuthorizer: zeroAddress,
          receiver: zeroAddress,
          receiverAuthorizer: zeroAddress,
          token: zeroAddress,
          withdrawDelay: 900,
          salt: zeroHash,
        };

        const named = await client.readContract({
          address: BATCH_SETTLEMENT_ADDRESS,
          abi: batchSettlementAbi,
          functionName: "getChannelId",
          args: [config],
        });

        expect(named).to.equal(channelId({ chainId: CHAIN_ID, config }));
      } finally {
        await stop();
      }
    });
  }
});
