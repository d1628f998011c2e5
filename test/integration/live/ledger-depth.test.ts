import { type DepositPayload, decodePaymentPayload, encodeRequest } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { depositAction } from "../../../provider-node/src/chain/settlement.ts";
import type { Admission } from "../../../provider-node/src/live/desk.ts";
import { placeStandIns } from "../../../scripts/network/stand-ins.ts";
import { SmallEngine } from "../node/support/engine.ts";
import { type NodeUnderTest, runNode, until } from "../node/support/running.ts";
import { accountAt, World } from "../node/support/world.ts";
import { Payer } from "./support/payer.ts";

const DEPOSIT = 100_000n;
const CONFIRMATIONS = 3;

describe("money in a channel", () => {
  let world: World;
  let node: NodeUnderTest;
  const engine = new SmallEngine();

  before(async () => {
    world = await World.start();
    await placeStandIns(world.chain.rpcUrl);
    node = await runNode(world, [engine], { live: true, confirmations: CONFIRMATIONS, lookbackBlocks: 0 });
    await until(
      () => node.health().isSynced,
      (isSynced) => isSynced,
    );
  });

  after(async () => {
    const stopped = node.stop();
    const mining = setInterval(() => void world.chain.client.mine({ blocks: 1 }).catch(() => {}), 50);
    await stopped;
    clearInterval(mining);
    await world.close();
  });

  function ask(payment: string): Promise<Admission> {
    const bytes = encodeRequest({ messages: [{ role: "user", content: "deep" }] });
    const measured = { promptTokens: 10, maxTokens: 90, resource: "http://node/v1" };
    return node.live!.admit({ model: engine.model.id, bytes, ...measured, payment });
  }

  /** Somebody else brings the payer's deposit to the chain. */
  async function bring(header: string): Promise<void> {
    const { payload } = decodePaymentPayload(header);
    const { client } = world.chain;
    const hash = await client.sendTransaction({ account: accountAt(5), ...depositAction(payload as DepositPayload) });
    await client.waitForTransactionReceipt({ hash });
  }

  it("counts when it is deep enough, and not while a reorg could take it away", async () => {
    const payer = await Payer.stranger(world, node.live!);
    await bring(await payer.deposit(DEPOSIT, 1_000n));
    const first = await ask(await payer.voucher(1_000n));
    expect(first).to.deep.include({ kind: "refused", code: "PAYMENT_TOO_LOW" });
    await world.chain.client.mine({ blocks: CONFIRMATIONS - 1 });
    const payment = await payer.voucher(1_000n);
    const second = await until(
      () => ask(payment),
      ({ kind }) => kind === "admitted",
    );
    expect(second.kind).to.equal("admitted");
    second.kind === "admitted" && (await second.call.fail());
  });

  it("is waited for to that depth when the node brings it in itself, through a reorg too, and comes in once", async () => {
    const payer = await Payer.stranger(world, node.live!);
    const admission = ask(await payer.deposit(DEPOSIT, 1_000n));
    await until(
      () => payer.onChain(),
      ({ balance }) => balance === DEPOSIT,
    );
    await world.chain.reorg(1);
    const mining = setInterval(() => void world.chain.client.mine({ blocks: 1 }).catch(() => {}), 50);
    try {
      const admitted = await admission;
      expect(admitted.kind).to.equal("admitted");
      expect(await payer.onChain()).to.deep.equal({ balance: DEPOSIT, claimed: 0n });
      admitted.kind === "admitted" && (await admitted.call.fail());
    } finally {
      clearInterval(mining);
    }
  });
});
