import { expect } from "chai";
import {
  type ChannelWorld,
  channelOf,
  claimOf,
  DEPOSIT,
  deposit,
  openChannelWorlds,
  SETTLEMENT,
  signClaims,
} from "./support/channels.ts";
import { usd, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openChannelWorlds();

/** A world whose usual channel holds a deposit. */
async function newFunded(): Promise<ChannelWorld> {
  const world = await newWorld();
  await deposit(world);
  return world;
}

describe("A claim of a payment channel", () => {
  for (const side of ["receiver", "receiverAuthorizer"] as const) {
    it(`is made by the ${side}, with the payer's voucher, for as much as it wants of it`, async () => {
      const world = await newFunded();
      const { settlement, config } = world;
      const claim = await claimOf(world, { max: usd(3), total: usd(2) });

      await expect(settlement.connect(world[side]).claim([claim]))
        .to.emit(settlement, "Claimed")
        .withArgs(await settlement.getChannelId(config), world[side], usd(2), usd(2));
      expect(await channelOf(world)).to.deep.equal([DEPOSIT, usd(2)]);
      expect(await settlement.receivers(config.receiver, config.token)).to.deep.equal([usd(2), 0n]);
    });
  }

  it("counts from the one before", async () => {
    const world = await newFunded();
    const { settlement, receiver, config } = world;
    await settlement.connect(receiver).claim([await claimOf(world, { max: usd(3) })]);

    await settlement.connect(receiver).claim([await claimOf(world, { max: usd(4) })]);

    expect(await channelOf(world)).to.deep.equal([DEPOSIT, usd(4)]);
    expect(await settlement.receivers(config.receiver, config.token)).to.deep.equal([usd(4), 0n]);
  });

  it("does nothing the second time, nor does an older one", async () => {
    const world = await newFunded();
    const { settlement, receiver } = world;
    const older = await claimOf(world, { max: usd(2) });
    const claim = await claimOf(world, { max: usd(3) });
    await settlement.connect(receiver).claim([claim]);

    await expect(settlement.connect(receiver).claim([older, claim])).not.to.emit(settlement, "Claimed");
  });

  it("is of several channels at once", async () => {
    const world = await newFunded();
    const { settlement, receiver, config } = world;
    const second = { ...config, salt: `0x${"11".repeat(32)}` };
    await deposit(world, { config: second, salt: 2n });
    const claims = [await claimOf(world), await claimOf(world, { config: second, max: usd(4) })];

    await settlement.connect(receiver).claim(claims);

    expect(await settlement.receivers(config.receiver, config.token)).to.deep.equal([usd(7), 0n]);
  });

  it("of nothing at all is refused", async () => {
    const { settlement, receiver } = await newWorld();

    await expect(settlement.connect(receiver).claim([])).to.be.revertedWithCustomError(settlement, "EmptyBatch");
  });

  it("by anyone else is refused", async () => {
    const world = await newFunded();
    const { settlement, payer } = world;

    await expect(settlement.connect(payer).claim([await claimOf(world)])).to.be.revertedWithCustomError(
      settlement,
      "NotAuthorizedToClaim",
    );
  });

  it("of more than the voucher says is refused", async () => {
    const world = await newFunded();
    const claim = await claimOf(world, { max: usd(3), total: usd(3) + 1n });

    await expect(world.settlement.connect(world.receiver).claim([claim])).to.be.revertedWithCustomError(
      world.settlement,
      "ClaimExceedsCeiling",
    );
  });

  it("of more than the channel holds is refused", async () => {
    const world = await newFunded();
    const claim = await claimOf(world, { max: DEPOSIT + 1n });

    await expect(world.settlement.connect(world.receiver).claim([claim])).to.be.revertedWithCustomError(
      world.settlement,
      "ClaimExceedsBalance",
    );
  });

  it("needs the signature of the voucher's key, not the payer's own", async () => {
    const world = await newFunded();
    const claim = await claimOf(world, { by: world.payer });

    await expect(world.settlement.connect(world.receiver).claim([claim])).to.be.revertedWithCustomError(
      world.settlement,
      "InvalidSignature",
    );
  });
});

describe("A voucher of a channel without a voucher key", () => {
  it("is the payer's", async () => {
    const world = await newWorld();
    const config = { ...world.config, payerAuthorizer: ZERO_ADDRESS };
    await deposit(world, { config });

    const claimed = world.settlement.connect(world.receiver).claim([await claimOf(world, { config, by: world.payer })]);

    await expect(claimed).to.emit(world.settlement, "Claimed");
  });

  it("is nobody else's", async () => {
    const world = await newWorld();
    const config = { ...world.config, payerAuthorizer: ZERO_ADDRESS };
    await deposit(world, { config });
    const claim = await claimOf(world, { config, by: world.stranger });

    await expect(world.settlement.connect(world.receiver).claim([claim])).to.be.revertedWithCustomError(
      world.settlement,
      "InvalidSignature",
    );
  });

  it("may be signed by a smart account (ERC-1271), as its deposit is", async () => {
    const world = await newWorld();
    const { chain, token, settlement, receiver, friend } = world;
    const account = await chain.ethers.deployContract("SmartAccount", [friend]);
    const config = { ...world.config, payer: await account.getAddress(), payerAuthorizer: ZERO_ADDRESS };
    await token.mint(account, DEPOSIT);
    await deposit(world, { config, by: friend });

    await expect(settlement.connect(receiver).claim([await claimOf(world, { config, by: friend })])).to.emit(
      settlement,
      "Claimed",
    );
  });
});

describe("A batch of claims that the receivers' authorizer signed", () => {
  it("may be brought by anyone", async () => {
    const world = await newFunded();
    const { settlement, stranger, receiverAuthorizer } = world;
    const claims = [await claimOf(world)];
    const signature = await signClaims(world, claims, receiverAuthorizer);

    await settlement.connect(stranger).claimWithSignature(claims, signature);

    expect(await channelOf(world)).to.deep.equal([DEPOSIT, usd(3)]);
  });

  it("of none is refused", async () => {
    const { settlement } = await newWorld();

    await expect(settlement.claimWithSignature([], "0x")).to.be.revertedWithCustomError(settlement, "EmptyBatch");
  });

  it("is refused with the signature of another", async () => {
    const world = await newFunded();
    const claims = [await claimOf(world)];
    const signature = await signClaims(world, claims, world.receiver);

    await expect(world.settlement.claimWithSignature(claims, signature)).to.be.revertedWithCustomError(
      world.settlement,
      "InvalidSignature",
    );
  });

  it("is refused where one amount is another than was signed", async () => {
    const world = await newFunded();
    const claim = await claimOf(world);
    const signature = await signClaims(world, [claim], world.receiverAuthorizer);

    await expect(
      world.settlement.claimWithSignature([{ ...claim, totalClaimed: usd(1) }], signature),
    ).to.be.revertedWithCustomError(world.settlement, "InvalidSignature");
  });

  it("is refused where a channel has another authorizer", async () => {
    const world = await newFunded();
    const other = { ...world.config, receiverAuthorizer: world.rival.address };
    const claims = [await claimOf(world), await claimOf(world, { config: other })];
    const signature = await signClaims(world, claims, world.receiverAuthorizer);

    await expect(world.settlement.claimWithSignature(claims, signature)).to.be.revertedWithCustomError(
      world.settlement,
      "NotReceiverAuthorizer",
    );
  });
});

describe("A settlement", () => {
  it("sends the receiver what it claimed, once", async () => {
    const world = await newFunded();
    const { chain, settlement, token, receiver, stranger, config } = world;
    await settlement.connect(receiver).claim([await claimOf(world)]);

    const settled = settlement.connect(stranger).settle(receiver, token);

    await expect(settled).to.changeTokenBalances(chain.ethers, token, [SETTLEMENT, receiver], [-usd(3), usd(3)]);
    await expect(settled).to.emit(settlement, "Settled").withArgs(receiver, token, stranger, usd(3));
    expect(await settlement.receivers(config.receiver, config.token)).to.deep.equal([usd(3), usd(3)]);
    await expect(settlement.settle(receiver, token)).not.to.emit(settlement, "Settled");
  });
});
