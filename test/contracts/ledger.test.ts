import { expect } from "chai";
import { id as hashText } from "ethers";
import { movesOf } from "./support/books.ts";
import { due, PRICE } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { CLIENT_BALANCE, openWorlds, PROVIDER_BALANCE, PROVIDER_STAKE, usd, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
const AMOUNT = usd(7);
/** Two hundredths of the price, rounded up. */
const FEE = 66_667n;

describe("A withdrawal", () => {
  it("pays free balance out as tokens, to whomever the caller names", async () => {
    const world = await newWorld();
    const { market, token, client, stranger } = world;
    const before = await token.balanceOf(stranger);

    const moves = await movesOf(world, () => market.connect(client).withdraw(stranger, AMOUNT));

    expect(moves).to.deep.equal({ tokens: -AMOUNT, "client.balance": -AMOUNT });
    expect(await token.balanceOf(stranger)).to.equal(before + AMOUNT);
  });

  it("says whose balance went where", async () => {
    const { market, client, stranger } = await newWorld();

    await expect(market.connect(client).withdraw(stranger, AMOUNT))
      .to.emit(market, "Withdrawn")
      .withArgs(client, stranger, AMOUNT);
  });

  it("may take all that is free", async () => {
    const { market, client } = await newWorld();

    await market.connect(client).withdraw(client, CLIENT_BALANCE);

    expect((await market.accountOf(client)).balance).to.equal(0n);
  });

  it("of more than is free is refused", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).withdraw(client, CLIENT_BALANCE + 1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, CLIENT_BALANCE, CLIENT_BALANCE + 1n);
  });

  it("cannot reach stake", async () => {
    const { market, provider } = await newWorld();

    await expect(market.connect(provider).withdraw(provider, PROVIDER_BALANCE + 1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(provider, PROVIDER_BALANCE, PROVIDER_BALANCE + 1n);
  });

  it("cannot reach what backs orders", async () => {
    const { market, client } = await newWorld();
    await market.connect(client).reserve(CLIENT_BALANCE);

    await expect(market.connect(client).withdraw(client, 1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, 0n, 1n);
  });

  it("of nothing is refused", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).withdraw(client, 0n)).to.be.revertedWithCustomError(market, "LedgerZeroAmount");
  });

  it("to nobody is refused", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).withdraw(ZERO_ADDRESS, AMOUNT))
      .to.be.revertedWithCustomError(market, "LedgerInvalidRecipient")
      .withArgs(ZERO_ADDRESS);
  });

  it("to the market itself is refused, as it would be nobody's", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).withdraw(market, AMOUNT))
      .to.be.revertedWithCustomError(market, "LedgerInvalidRecipient")
      .withArgs(market);
  });
});

describe("The assurance pool", () => {
  it("takes gifts from free balance", async () => {
    const world = await newWorld();
    const { market, client } = world;

    const moves = await movesOf(world, () => market.connect(client).fundPool(AMOUNT));

    expect(moves).to.deep.equal({ "client.balance": -AMOUNT, pool: AMOUNT });
  });

  it("says who gave", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).fundPool(AMOUNT)).to.emit(market, "PoolFunded").withArgs(client, AMOUNT);
  });

  it("takes no gift of nothing", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).fundPool(0n)).to.be.revertedWithCustomError(market, "LedgerZeroAmount");
  });

  it("takes no gift that the giver does not have", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).fundPool(CLIENT_BALANCE + 1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, CLIENT_BALANCE, CLIENT_BALANCE + 1n);
  });

  it("gets the fees of settled jobs when anyone collects them", async () => {
    const world = await newWorld();
    const { market, provider, rival, stranger } = world;
    for (const staker of [provider, rival]) {
      const job = await due(world, { provider: ZERO_ADDRESS, salt: hashText(staker.address) }, staker);
      await market.settle(job.id, job.frozen);
    }

    const moves = await movesOf(world, () => market.connect(stranger).collectFees([provider, rival]));

    expect(moves).to.deep.equal({ "provider.fees": -FEE, "rival.fees": -FEE, pool: 2n * FEE });
  });

  it("keeps what it had when fees come in", async () => {
    const world = await newWorld();
    const { market, client, provider } = world;
    await market.connect(client).fundPool(AMOUNT);
    const job = await due(world);
    await market.settle(job.id, job.frozen);

    await market.collectFees([provider]);

    expect(await market.pool()).to.equal(AMOUNT + FEE);
  });

  it("says whose fees it got, and gets them once", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const job = await due(world);
    await market.settle(job.id, job.frozen);

    const collect = await market.collectFees([provider, provider]);

    await expect(collect).to.emit(market, "FeesCollected").withArgs(provider, FEE);
    await expect(collect).to.emit(market, "FeesCollected").withArgs(provider, 0n);
    await expect(collect).not.to.emit(market, "PoolFunded");
    expect(await market.pool()).to.equal(FEE);
  });

  it("gets nothing from a list of nobody", async () => {
    const world = await newWorld();

    expect(await movesOf(world, () => world.market.collectFees([]))).to.deep.equal({});
  });
});

describe("An account", () => {
  it("tells its balance, stake, exposure and uncollected fees", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const job = await due(world);

    expect(membersOf(await market.accountOf(provider))).to.deep.equal({
      balance: PROVIDER_BALANCE,
      stake: PROVIDER_STAKE,
      exposure: PRICE,
      fees: 0n,
    });

    await market.settle(job.id, job.frozen);

    expect(membersOf(await market.accountOf(provider))).to.deep.equal({
      balance: PROVIDER_BALANCE + PRICE - FEE,
      stake: PROVIDER_STAKE,
      exposure: 0n,
      fees: FEE,
    });
  });

  it("of a stranger is empty", async () => {
    const { market, stranger } = await newWorld();

    expect(membersOf(await market.accountOf(stranger))).to.deep.equal({
      balance: 0n,
      stake: 0n,
      exposure: 0n,
      fees: 0n,
    });
  });
});
