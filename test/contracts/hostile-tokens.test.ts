import { expect } from "chai";
import { id as hashText, MaxUint256 } from "ethers";
import { JobStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import type { Market } from "../../types/ethers-contracts/index.ts";
import { booksOf, movesOf } from "./support/books.ts";
import { now, pass } from "./support/clock.ts";
import { accepted, due, HOUR, PRICE, statusOf } from "./support/jobs.ts";
import { signAuthorization, signPermit } from "./support/signatures.ts";
import { fund, openWorlds, usd, type World, ZERO_ADDRESS, ZERO_HASH } from "./support/world.ts";

const newWorld = await openWorlds();
const newSilentWorld = await openWorlds({ token: "SilentToken" });
const newReentrantWorld = await openWorlds({ token: "ReentrantToken" });
const newBlocklistWorld = await openWorlds({ token: "BlocklistToken", hasCourt: true });
const AMOUNT = usd(7);
const SOMEBODY = "0x0000000000000000000000000000000000000001";

/** Every function that guards itself, with any arguments. */
const GUARDED: Readonly<Record<string, (market: Market["interface"]) => string>> = {
  deposit: (market) => market.encodeFunctionData("deposit", [SOMEBODY, 1n]),
  depositWithPermit: (market) =>
    market.encodeFunctionData("depositWithPermit", [SOMEBODY, 1n, 0n, 27, ZERO_HASH, ZERO_HASH]),
  depositWithAuthorization: (market) =>
    market.encodeFunctionData("depositWithAuthorization", [SOMEBODY, SOMEBODY, 1n, 0n, 0n, ZERO_HASH, "0x"]),
  withdraw: (market) => market.encodeFunctionData("withdraw", [SOMEBODY, 1n]),
};

describe("A token that keeps a fee of every transfer", () => {
  const kept = AMOUNT / 100n;

  it("cannot be deposited", async () => {
    const { market, stranger } = await withFeeToken();

    await expect(market.connect(stranger).deposit(stranger, AMOUNT))
      .to.be.revertedWithCustomError(market, "LedgerTransferMismatch")
      .withArgs(AMOUNT, AMOUNT - kept);
  });

  it("cannot be deposited with a permit", async () => {
    const world = await withFeeToken();
    const { market, stranger } = world;
    const { v, r, s } = await signPermit(world, stranger, { value: AMOUNT, deadline: MaxUint256 });

    await expect(market.connect(stranger).depositWithPermit(stranger, AMOUNT, MaxUint256, v, r, s))
      .to.be.revertedWithCustomError(market, "LedgerTransferMismatch")
      .withArgs(AMOUNT, AMOUNT - kept);
  });

  it("cannot be deposited with an authorization", async () => {
    const world = await withFeeToken();
    const { market, stranger } = world;
    const salt = hashText("salt");
    const nonce = await market.authorizationNonce(stranger, salt);
    const times = { validAfter: 0n, validBefore: (await now(world)) + 100n };
    const signature = await signAuthorization(world, stranger, { value: AMOUNT, nonce, ...times });

    await expect(market.depositWithAuthorization(stranger, stranger, AMOUNT, 0n, times.validBefore, salt, signature))
      .to.be.revertedWithCustomError(market, "LedgerTransferMismatch")
      .withArgs(AMOUNT, AMOUNT - kept);
  });
});

describe("A token that answers false where others revert", () => {
  it("credits nobody for a transfer that did not happen", async () => {
    const world = await newSilentWorld();
    const { market, token, stranger } = world;
    await (await silent(world)).setRefuses(true);

    await expect(market.connect(stranger).deposit(stranger, AMOUNT))
      .to.be.revertedWithCustomError(market, "SafeERC20FailedOperation")
      .withArgs(token);
  });

  it("debits nobody for a withdrawal that did not happen", async () => {
    const world = await newSilentWorld();
    const { market, token, client } = world;
    await (await silent(world)).setRefuses(true);

    const moves = await movesOf(world, async () => {
      await expect(market.connect(client).withdraw(client, AMOUNT))
        .to.be.revertedWithCustomError(market, "SafeERC20FailedOperation")
        .withArgs(token);
    });

    expect(moves).to.deep.equal({});
  });
});

describe("A token that calls out in the middle of a transfer", () => {
  for (const [name, encode] of Object.entries(GUARDED)) {
    for (const outer of ["deposit", "withdrawal"] as const) {
      it(`cannot re-enter by ${name} during a ${outer}`, async () => {
        const world = await newReentrantWorld();
        const { market, client } = world;
        const token = await reentrant(world);
        await token.arm(market, encode(market.interface));

        const action =
          outer === "deposit"
            ? market.connect(client).deposit(client, AMOUNT)
            : market.connect(client).withdraw(client, AMOUNT);

        await expect(action)
          .to.emit(token, "CalledOut")
          .withArgs(false, market.interface.encodeErrorResult("ReentrancyGuardReentrantCall"));
      });
    }
  }

  it("may have a job settled by it, which pays the job and leaves the deposit right", async () => {
    const world = await newReentrantWorld();
    const { market, client } = world;
    const token = await reentrant(world);
    const { id, frozen } = await due(world, { price: usd(1) });
    await token.arm(market, market.interface.encodeFunctionData("settle", [id, frozen]));

    const moves = await movesOf(world, () => market.connect(client).deposit(client, AMOUNT));

    expect(moves).to.deep.equal({
      tokens: AMOUNT,
      "client.balance": AMOUNT,
      escrow: -usd(1),
      "provider.balance": 980_000n,
      "provider.fees": 20_000n,
      "provider.exposure": -usd(1),
    });
  });

  it("moves only its own balance where a function is not guarded, and the books stay right", async () => {
    const world = await newReentrantWorld();
    const { market, client } = world;
    const token = await reentrant(world);
    await fund(world, token, AMOUNT);
    await token.arm(market, market.interface.encodeFunctionData("reserve", [AMOUNT]));
    const people = { token: await token.getAddress() };

    const moves = await movesOf(world, () => market.connect(client).withdraw(client, usd(1)), people);

    expect(moves).to.deep.equal({
      tokens: -usd(1),
      "client.balance": -usd(1),
      "token.balance": -AMOUNT,
      "token.reserve": AMOUNT,
    });
  });

  it("cannot have a deposit counted for more than was asked", async () => {
    const world = await newReentrantWorld();
    const { market, client } = world;
    const token = await reentrant(world);
    await token.mint(token, AMOUNT);
    await token.arm(token, token.interface.encodeFunctionData("transfer", [await market.getAddress(), AMOUNT]));

    await expect(market.connect(client).deposit(client, usd(1)))
      .to.be.revertedWithCustomError(market, "LedgerTransferMismatch")
      .withArgs(usd(1), usd(1) + AMOUNT);
  });
});

describe("A token that blocks accounts", () => {
  it("stops a blocked account's withdrawal to itself, and nobody else's", async () => {
    const world = await newBlocklistWorld();
    const { market, client, provider } = world;
    const token = await blocklist(world);
    await token.setBlocked(client, true);

    await expect(market.connect(client).withdraw(client, AMOUNT))
      .to.be.revertedWithCustomError(token, "AccountBlocked")
      .withArgs(client);

    await expect(market.connect(provider).withdraw(provider, AMOUNT)).to.emit(market, "Withdrawn");
  });

  it("does not stop a batch that pays a blocked provider among others", async () => {
    const world = await newBlocklistWorld();
    const { market, provider, rival } = world;
    const jobs = [
      await due(world, { salt: hashText("a") }),
      await due(world, { salt: hashText("b"), provider: ZERO_ADDRESS }, rival),
    ];
    await (await blocklist(world)).setBlocked(provider, true);

    await market.settleMany(jobs);

    for (const { id } of jobs) expect(await statusOf(world, id)).to.equal(JobStatus.Settled);
  });

  it("does not stop a refund to a blocked client", async () => {
    const world = await newBlocklistWorld();
    const { market, client } = world;
    const { spec, frozen } = await accepted(world);
    await (await blocklist(world)).setBlocked(client, true);
    await pass(world, HOUR);

    const moves = await movesOf(world, () => market.expire(spec, frozen));

    expect(moves["client.balance"] > PRICE).to.equal(true);
  });

  it("stops no step of a job while it is paused: the token is asked at the doors alone", async () => {
    const world = await newBlocklistWorld();
    const { market, court, provider, client } = world;
    const token = await blocklist(world);
    await token.setPaused(true);
    const before = await booksOf(world);

    const paid = await due(world, { salt: hashText("paid") });
    await market.settle(paid.id, paid.frozen);
    const missed = await accepted(world, { salt: hashText("missed") });
    await pass(world, HOUR);
    await market.expire(missed.spec, missed.frozen);
    await court.slash(provider, usd(1), [{ recipient: client.address, amount: 1n }]);
    await market.collectFees([provider]);
    await market.connect(client).reserve(AMOUNT);
    await market.connect(client).requestRelease(AMOUNT);
    await market.connect(provider).requestUnstake(AMOUNT);
    await pass(world, publicParameters.unbondingPeriod);
    await market.release(client);
    await market.withdrawStake(provider);

    const after = await booksOf(world);
    expect([after.tokens, after.escrow]).to.deep.equal([before.tokens, 0n]);
    await expect(market.connect(client).withdraw(client, AMOUNT)).to.be.revertedWithCustomError(
      token,
      "TransfersPaused",
    );
    await token.setPaused(false);
    await market.connect(client).withdraw(client, AMOUNT);
  });
});

/** The world with a market of a token that keeps fees: nobody has deposited, the stranger has tokens. */
async function withFeeToken(): Promise<World> {
  const world = await newWorld();
  const { ethers } = world.chain;
  const token = await ethers.deployContract("FeeToken");
  const market = await ethers.deployContract("Market", [token, ZERO_ADDRESS, publicParameters]);
  await token.mint(world.stranger, AMOUNT);
  await token.connect(world.stranger).approve(market, AMOUNT);
  return { ...world, market, token: await ethers.getContractAt("TestToken", token) };
}

function silent({ chain, token }: World) {
  return chain.ethers.getContractAt("SilentToken", token);
}

function reentrant({ chain, token }: World) {
  return chain.ethers.getContractAt("ReentrantToken", token);
}

function blocklist({ chain, token }: World) {
  return chain.ethers.getContractAt("BlocklistToken", token);
}
