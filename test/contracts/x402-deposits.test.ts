import { expect } from "chai";
import {
  authorize,
  COLLECTOR,
  channelOf,
  DAY,
  DEPOSIT,
  deposit,
  MINUTE,
  openChannelWorlds,
  SETTLEMENT,
} from "./support/channels.ts";
import { usd, ZERO_ADDRESS, ZERO_HASH } from "./support/world.ts";

const newWorld = await openChannelWorlds();
const MAX_UINT128 = 2n ** 128n - 1n;

describe("A deposit into a payment channel", () => {
  it("moves what the payer authorized for this channel, whoever brings it, and opens the channel", async () => {
    const world = await newWorld();
    const { settlement, token, payer, stranger, config } = world;
    const channel = await settlement.getChannelId(config);

    const paid = deposit(world);

    await expect(paid).to.changeTokenBalances(
      world.chain.ethers,
      token,
      [payer, SETTLEMENT, COLLECTOR],
      [-DEPOSIT, DEPOSIT, 0n],
    );
    await expect(paid).to.emit(settlement, "Deposited").withArgs(channel, stranger, DEPOSIT, DEPOSIT);
    await expect(paid).to.emit(settlement, "ChannelCreated").withArgs(channel, Object.values(config));
    expect(await channelOf(world)).to.deep.equal([DEPOSIT, 0n]);
  });

  it("adds to what is there, and opens nothing again", async () => {
    const world = await newWorld();
    await deposit(world);

    const more = deposit(world, { amount: usd(2), salt: 2n });

    await expect(more).not.to.emit(world.settlement, "ChannelCreated");
    expect(await channelOf(world)).to.deep.equal([DEPOSIT + usd(2), 0n]);
  });

  it("is good once", async () => {
    const world = await newWorld();
    const data = await authorize(world);
    await world.settlement.deposit(world.config, DEPOSIT, COLLECTOR, data);

    await expect(world.settlement.deposit(world.config, DEPOSIT, COLLECTOR, data)).to.be.revertedWithCustomError(
      world.token,
      "AuthorizationUsedAlready",
    );
  });

  it("is good for no other channel, for the authorization's nonce names the channel", async () => {
    const world = await newWorld();
    const data = await authorize(world);
    const other = { ...world.config, receiver: world.rival.address };

    await expect(world.settlement.deposit(other, DEPOSIT, COLLECTOR, data)).to.be.revertedWithCustomError(
      world.token,
      "AuthorizationInvalidSignature",
    );
  });

  it("is refused where the nonce was made of another salt", async () => {
    const world = await newWorld();

    await expect(deposit(world, { salt: 1n, signedSalt: 2n })).to.be.revertedWithCustomError(
      world.token,
      "AuthorizationInvalidSignature",
    );
  });

  it("is refused where less arrives than was said", async () => {
    const usual = await newWorld();
    const token = await usual.chain.ethers.deployContract("FeeToken");
    const config = { ...usual.config, token: await token.getAddress() };
    await token.mint(usual.payer, DEPOSIT);
    await token.mint(COLLECTOR, DEPOSIT); // It can pass the whole amount on, of which the token keeps a part again.
    const world = { ...usual, token, config };

    await expect(deposit(world)).to.be.revertedWithCustomError(world.settlement, "DepositCollectionFailed");
  });

  for (const missing of ["payer", "receiver", "receiverAuthorizer", "token"]) {
    it(`needs a ${missing}`, async () => {
      const world = await newWorld();
      const config = { ...world.config, [missing]: ZERO_ADDRESS };

      await expect(world.settlement.deposit(config, DEPOSIT, COLLECTOR, "0x")).to.be.revertedWithCustomError(
        world.settlement,
        "InvalidChannel",
      );
    });
  }

  for (const withdrawDelay of [15 * MINUTE, 30 * DAY]) {
    it(`may be locked for ${withdrawDelay} seconds`, async () => {
      const world = await newWorld();

      await expect(deposit(world, { config: { ...world.config, withdrawDelay } })).to.emit(
        world.settlement,
        "Deposited",
      );
    });
  }

  for (const withdrawDelay of [15 * MINUTE - 1, 30 * DAY + 1]) {
    it(`may not be locked for ${withdrawDelay} seconds`, async () => {
      const world = await newWorld();

      await expect(deposit(world, { config: { ...world.config, withdrawDelay } })).to.be.revertedWithCustomError(
        world.settlement,
        "WithdrawDelayOutOfRange",
      );
    });
  }

  it("of nothing is refused", async () => {
    const world = await newWorld();

    await expect(deposit(world, { amount: 0n })).to.be.revertedWithCustomError(world.settlement, "ZeroDeposit");
  });

  it("needs a collector", async () => {
    const world = await newWorld();

    await expect(deposit(world, { collector: ZERO_ADDRESS })).to.be.revertedWithCustomError(
      world.settlement,
      "InvalidCollector",
    );
  });

  it("does not overflow a channel", async () => {
    const world = await newWorld();
    await deposit(world);

    await expect(deposit(world, { amount: MAX_UINT128, salt: 2n })).to.be.revertedWithCustomError(
      world.settlement,
      "DepositOverflow",
    );
  });
});

describe("The collector of deposits", () => {
  it("serves the channels and nobody else", async () => {
    const world = await newWorld();
    const collector = await world.chain.ethers.getContractAt("Erc3009DepositCollector", COLLECTOR);
    const { payer, token } = world.config;

    await expect(collector.collect(payer, token, DEPOSIT, ZERO_HASH, "0x")).to.be.revertedWithCustomError(
      collector,
      "OnlyBatchSettlement",
    );
  });
});
