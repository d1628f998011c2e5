import { buyerActions, marketActions, providerActions } from "@touchstone/sdk";
import { expect } from "chai";
import {
  createPublicClient,
  createWalletClient,
  custom,
  http,
  keccak256,
  UserRejectedRequestError,
  zeroAddress,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { anvil } from "viem/chains";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { draft, newBuyer, newProvider, type Person } from "./support/trade.ts";

describe("SDK: errors of the chain", () => {
  let world: World;
  let buyer: Person;
  before(async () => {
    world = await startWorld();
    buyer = await newBuyer(world);
  });
  after(() => world.stop());

  const wallet = (transport = http(world.rpcUrl), account = privateKeyToAccount(generatePrivateKey())) =>
    createWalletClient({ account, chain: anvil, transport, pollingInterval: 20 });

  it("decodes a revert that only happened in the block, and names the transaction", async () => {
    const rivals = [await newProvider(world), await newProvider(world)] as const;
    const { spec } = await buyer.postJob(draft());
    await world.tester.setAutomine(false);
    // Neither is sent before both are simulated: the pending block must not know the other.
    const waiting: (() => void)[] = [];
    const together = custom({
      async request(call: { method: string }) {
        if (call.method === "eth_sendRawTransaction") {
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
            if (waiting.length === rivals.length) {
              for (const go of waiting) {
                go();
              }
            }
          });
        }
        return world.tester.request(call as Parameters<typeof world.tester.request>[0]);
      },
    });
    const accepting = (account: Person["account"]) =>
      createWalletClient({ account, chain: anvil, transport: together, pollingInterval: 20 }).extend(
        providerActions({ market: world.market }),
      );
    const accepts = Promise.allSettled(rivals.map(({ account }) => accepting(account).acceptJob({ spec })));
    while ((await world.tester.getTxpoolStatus()).pending < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await world.tester.mine({ blocks: 1 });
    await world.tester.setAutomine(true);
    const lost = (await accepts).flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(lost).to.have.length(1);
    expect(lost[0]).to.include({ code: "CONTRACT_REVERT", errorName: "JobWrongStatus" });
    const { status } = await world.tester.getTransactionReceipt({ hash: lost[0].details.hash });
    expect(status).to.equal("reverted");
  });

  it("says that the account cannot pay the gas", async () => {
    const poor = wallet().extend(buyerActions({ market: world.market }));
    const error = await failureOf(poor.collectFees({ providers: [poor.account.address] }));
    expect(error).to.include({ code: "GAS_MONEY_MISSING", retryable: false });
  });

  it("says that the client has no account", async () => {
    const reader = createPublicClient({ chain: anvil, transport: http(world.rpcUrl) }).extend(
      buyerActions({ market: world.market }),
    );
    expect(await failureOf(reader.withdraw({ amount: 1n }))).to.include({ code: "ACCOUNT_MISSING" });
    expect(await failureOf(reader.getAccount())).to.include({ code: "ACCOUNT_MISSING" });
  });

  it("says that there is no market at an address", async () => {
    const reader = createPublicClient({ chain: anvil, transport: http(world.rpcUrl) }).extend(
      marketActions({ market: zeroAddress }),
    );
    expect(await failureOf(reader.getParameters())).to.include({ code: "MARKET_MISSING", retryable: false });
    const writer = buyer.fundPool({ amount: 1n, market: "0x00000000000000000000000000000000000000aa" });
    expect(await failureOf(writer)).to.include({ code: "EVENT_MISSING" });
  });

  it("says that the RPC server cannot be reached, and that it may be tried again", async () => {
    const lost = wallet(http("http://127.0.0.1:1", { retryCount: 0 })).extend(buyerActions({ market: world.market }));
    expect(await failureOf(lost.getParameters())).to.include({ code: "RPC_FAILED", retryable: true });
    const job = keccak256("0x01");
    expect(await failureOf(lost.getJob({ job }))).to.include({ code: "RPC_FAILED" });
  });

  it("says that the wallet's owner refused", async () => {
    const { request } = wallet();
    const refusing = custom({
      request(call: { method: string }) {
        if (call.method === "eth_sendTransaction" || call.method === "eth_signTypedData_v4") {
          throw new UserRejectedRequestError(new Error("no"));
        }
        return request(call as never);
      },
    });
    const browser = createWalletClient({ account: buyer.account.address, chain: anvil, transport: refusing }).extend(
      buyerActions({ market: world.market }),
    );
    expect(await failureOf(browser.withdraw({ amount: 1n }))).to.include({ code: "WALLET_REFUSED", retryable: false });
    const { spec } = await browser.prepareJob(draft());
    expect(await failureOf(browser.signOrder({ spec }))).to.include({ code: "WALLET_REFUSED" });
  });

  it("says that a call cannot be made as it was asked for", async () => {
    const error = await failureOf(buyer.withdraw({ amount: 1n, to: "0xnobody" }));
    expect(error).to.include({ code: "CALL_INVALID", retryable: false });
  });
});
