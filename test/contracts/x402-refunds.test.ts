import { expect } from "chai";
import {
  type ChannelWorld,
  channelOf,
  claimOf,
  DAY,
  DEPOSIT,
  deposit,
  openChannelWorlds,
  SETTLEMENT,
  signClaims,
  signRefund,
} from "./support/channels.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { usd } from "./support/world.ts";

const newWorld = await openChannelWorlds();

async function newFunded(): Promise<ChannelWorld> {
  const world = await newWorld();
  await deposit(world);
  return world;
}

async function claim(world: ChannelWorld, max: bigint): Promise<void> {
  await world.settlement.connect(world.receiver).claim([await claimOf(world, { max })]);
}

async function pendingOf({ settlement, config }: ChannelWorld): Promise<bigint> {
  return (await settlement.pendingWithdrawals(await settlement.getChannelId(config))).amount;
}

async function nonceOf({ settlement, config }: ChannelWorld): Promise<bigint> {
  return settlement.refundNonce(await settlement.getChannelId(config));
}

describe("A withdrawal from a payment channel", () => {
  for (const side of ["payer", "voucherKey"] as const) {
    it(`is announced and finished by the ${side}, and goes to the payer`, async () => {
      const world = await newFunded();
      const { chain, settlement, token, config, payer } = world;
      const channel = await settlement.getChannelId(config);

      await settlement.connect(world[side]).initiateWithdraw(config, usd(4));
      expect(await settlement.pendingWithdrawals(channel)).to.deep.equal([usd(4), await now(world)]);
      await pass(world, DAY);
      const done = settlement.connect(world[side]).finalizeWithdraw(config);

      await expect(done).to.changeTokenBalances(chain.ethers, token, [SETTLEMENT, payer], [-usd(4), usd(4)]);
      await expect(done).to.emit(settlement, "WithdrawFinalized").withArgs(channel, world[side], usd(4));
      expect(await channelOf(world)).to.deep.equal([DEPOSIT - usd(4), 0n]);
      expect(await settlement.pendingWithdrawals(channel)).to.deep.equal([0n, 0n]);
    });
  }

  it("says from when on it can be finished", async () => {
    const world = await newFunded();
    const { settlement, config, payer } = world;
    const at = (await now(world)) + 10n;
    await setNextTime(world, at);

    await expect(settlement.connect(payer).initiateWithdraw(config, DEPOSIT))
      .to.emit(settlement, "WithdrawInitiated")
      .withArgs(await settlement.getChannelId(config), DEPOSIT, at + BigInt(DAY));
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`${isAhead ? "cannot" : "can"} be finished ${when}`, async () => {
      const world = await newFunded();
      const { settlement, config, payer } = world;
      await settlement.connect(payer).initiateWithdraw(config, DEPOSIT);
      await setNextTime(world, (await now(world)) + BigInt(DAY) + offset);

      const done = settlement.connect(payer).finalizeWithdraw(config);

      await (isAhead
        ? expect(done).to.be.revertedWithCustomError(settlement, "WithdrawDelayNotElapsed")
        : expect(done).to.emit(settlement, "WithdrawFinalized"));
    });
  }

  it("of all closes a channel of which nothing was ever claimed", async () => {
    const world = await newFunded();
    const { settlement, config, payer } = world;
    await settlement.connect(payer).initiateWithdraw(config, DEPOSIT);
    await pass(world, DAY);

    await expect(settlement.connect(payer).finalizeWithdraw(config)).to.emit(settlement, "ChannelClosed");
  });

  it("leaves what was claimed meanwhile", async () => {
    const world = await newFunded();
    const { chain, settlement, token, config, payer } = world;
    await settlement.connect(payer).initiateWithdraw(config, DEPOSIT);
    await claim(world, usd(3));
    await pass(world, DAY);

    const done = settlement.connect(payer).finalizeWithdraw(config);

    await expect(done).to.changeTokenBalances(chain.ethers, token, [payer], [DEPOSIT - usd(3)]);
    expect(await channelOf(world)).to.deep.equal([usd(3), usd(3)]);
  });

  it("moves nothing where all was claimed meanwhile", async () => {
    const world = await newFunded();
    const { settlement, token, config, payer } = world;
    await settlement.connect(payer).initiateWithdraw(config, DEPOSIT);
    await claim(world, DEPOSIT);
    await pass(world, DAY);

    const done = settlement.connect(payer).finalizeWithdraw(config);

    await expect(done).not.to.emit(token, "Transfer");
    await expect(done).to.emit(settlement, "WithdrawFinalized");
  });

  it("by anyone else is refused", async () => {
    const { settlement, config, receiver } = await newFunded();
    const other = settlement.connect(receiver);

    await expect(other.initiateWithdraw(config, 1n)).to.be.revertedWithCustomError(settlement, "InvalidChannel");
    await expect(other.finalizeWithdraw(config)).to.be.revertedWithCustomError(
      settlement,
      "NotAuthorizedToFinalizeWithdraw",
    );
  });

  it("of nothing is refused", async () => {
    const { settlement, config, payer } = await newFunded();

    await expect(settlement.connect(payer).initiateWithdraw(config, 0n)).to.be.revertedWithCustomError(
      settlement,
      "NothingToWithdraw",
    );
  });

  it("of more than is left is refused", async () => {
    const world = await newFunded();
    const { settlement, config, payer } = world;
    await claim(world, usd(3));

    await expect(
      settlement.connect(payer).initiateWithdraw(config, DEPOSIT - usd(3) + 1n),
    ).to.be.revertedWithCustomError(settlement, "WithdrawAmountExceedsAvailable");
  });

  it("is announced one at a time", async () => {
    const { settlement, config, payer } = await newFunded();
    await settlement.connect(payer).initiateWithdraw(config, 1n);

    await expect(settlement.connect(payer).initiateWithdraw(config, 1n)).to.be.revertedWithCustomError(
      settlement,
      "WithdrawalAlreadyPending",
    );
  });

  it("cannot be finished unannounced", async () => {
    const { settlement, config, payer } = await newFunded();

    await expect(settlement.connect(payer).finalizeWithdraw(config)).to.be.revertedWithCustomError(
      settlement,
      "WithdrawalNotPending",
    );
  });
});

describe("A refund of a payment channel", () => {
  for (const side of ["receiver", "receiverAuthorizer"] as const) {
    it(`is given by the ${side}, and goes to the payer`, async () => {
      const world = await newFunded();
      const { chain, settlement, token, config, payer } = world;

      const given = settlement.connect(world[side]).refund(config, usd(4));

      await expect(given).to.changeTokenBalances(chain.ethers, token, [SETTLEMENT, payer], [-usd(4), usd(4)]);
      await expect(given)
        .to.emit(settlement, "Refunded")
        .withArgs(await settlement.getChannelId(config), world[side], usd(4));
      expect(await channelOf(world)).to.deep.equal([DEPOSIT - usd(4), 0n]);
      expect(await nonceOf(world)).to.equal(1n);
    });
  }

  it("leaves what was claimed", async () => {
    const world = await newFunded();
    const { chain, settlement, token, config, payer, receiver } = world;
    await claim(world, usd(3));

    const given = settlement.connect(receiver).refund(config, DEPOSIT);

    await expect(given).to.changeTokenBalances(chain.ethers, token, [payer], [DEPOSIT - usd(3)]);
    await expect(given).not.to.emit(settlement, "ChannelClosed");
  });

  it("of all closes a channel of which nothing was ever claimed", async () => {
    const { settlement, config, receiver } = await newFunded();

    await expect(settlement.connect(receiver).refund(config, DEPOSIT)).to.emit(settlement, "ChannelClosed");
  });

  it("of what was claimed gives nothing, but makes older signatures void", async () => {
    const world = await newFunded();
    const { settlement, config, receiver } = world;
    await claim(world, DEPOSIT);

    await expect(settlement.connect(receiver).refund(config, 1n)).not.to.emit(settlement, "Refunded");
    expect(await nonceOf(world)).to.equal(1n);
  });

  it("of nothing is refused", async () => {
    const { settlement, config, receiver } = await newFunded();

    await expect(settlement.connect(receiver).refund(config, 0n)).to.be.revertedWithCustomError(
      settlement,
      "ZeroRefund",
    );
  });

  it("by anyone else is refused", async () => {
    const { settlement, config, payer } = await newFunded();

    await expect(settlement.connect(payer).refund(config, 1n)).to.be.revertedWithCustomError(
      settlement,
      "NotAuthorizedToRefund",
    );
  });

  it("is taken off an announced withdrawal", async () => {
    const world = await newFunded();
    const { settlement, config, payer, receiver } = world;
    await settlement.connect(payer).initiateWithdraw(config, usd(6));

    await settlement.connect(receiver).refund(config, usd(2));
    expect(await pendingOf(world)).to.equal(usd(4));

    await settlement.connect(receiver).refund(config, usd(4));
    expect(await settlement.pendingWithdrawals(await settlement.getChannelId(config))).to.deep.equal([0n, 0n]);
  });

  it("may be brought by anyone, with the authorizer's signature", async () => {
    const world = await newFunded();
    const { settlement, config, stranger, receiverAuthorizer } = world;
    const signature = await signRefund(world, DEPOSIT, 0n, receiverAuthorizer);

    await settlement.connect(stranger).refundWithSignature(config, DEPOSIT, 0n, signature);

    expect(await channelOf(world)).to.deep.equal([0n, 0n]);
  });

  it("is good once", async () => {
    const world = await newFunded();
    const { settlement, config, receiverAuthorizer } = world;
    const signature = await signRefund(world, 1n, 0n, receiverAuthorizer);
    await settlement.refundWithSignature(config, 1n, 0n, signature);

    await expect(settlement.refundWithSignature(config, 1n, 0n, signature)).to.be.revertedWithCustomError(
      settlement,
      "InvalidRefundNonce",
    );
    await expect(settlement.refundWithSignature(config, 1n, 1n, signature)).to.be.revertedWithCustomError(
      settlement,
      "InvalidSignature",
    );
  });

  it("goes together with the last claim, in one transaction", async () => {
    const world = await newFunded();
    const { chain, settlement, token, config, payer, stranger, receiverAuthorizer } = world;
    const claims = [await claimOf(world, { max: usd(3) })];
    const claimed = await signClaims(world, claims, receiverAuthorizer);
    const refunded = await signRefund(world, DEPOSIT, 0n, receiverAuthorizer);

    const closed = settlement
      .connect(stranger)
      .multicall([
        settlement.interface.encodeFunctionData("claimWithSignature", [claims, claimed]),
        settlement.interface.encodeFunctionData("refundWithSignature", [config, DEPOSIT, 0n, refunded]),
      ]);

    await expect(closed).to.changeTokenBalances(chain.ethers, token, [payer], [DEPOSIT - usd(3)]);
    expect(await channelOf(world)).to.deep.equal([usd(3), usd(3)]);
  });
});
