import { expect } from "chai";
import { AbiCoder, id as hashText, keccak256, MaxUint256 } from "ethers";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { now } from "./support/clock.ts";
import { signAuthorization, signPermit } from "./support/signatures.ts";
import { CLIENT_BALANCE, openWorlds, usd, WALLET, type World, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
const AMOUNT = usd(70);
const SALT = hashText("salt");
const BY_BYTES = "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)";

describe("A deposit", () => {
  it("moves tokens of the caller to the market and credits the beneficiary", async () => {
    const world = await newWorld();
    const { market, token, stranger, friend } = world;

    const moves = await movesOf(world, () => market.connect(stranger).deposit(friend, AMOUNT));

    expect(moves).to.deep.equal({ tokens: AMOUNT, "friend.balance": AMOUNT });
    expect(await token.balanceOf(stranger)).to.equal(WALLET - AMOUNT);
  });

  it("says who paid for whom", async () => {
    const { market, stranger, friend } = await newWorld();

    await expect(market.connect(stranger).deposit(friend, AMOUNT))
      .to.emit(market, "Deposited")
      .withArgs(stranger, friend, AMOUNT);
  });

  it("of nothing is refused", async () => {
    const { market, stranger } = await newWorld();

    await expect(market.connect(stranger).deposit(stranger, 0n)).to.be.revertedWithCustomError(
      market,
      "LedgerZeroAmount",
    );
  });

  it("for nobody is refused", async () => {
    const { market, stranger } = await newWorld();

    await expect(market.connect(stranger).deposit(ZERO_ADDRESS, AMOUNT))
      .to.be.revertedWithCustomError(market, "LedgerInvalidRecipient")
      .withArgs(ZERO_ADDRESS);
  });

  it("needs the caller's allowance", async () => {
    const { market, token, stranger } = await newWorld();
    await token.connect(stranger).approve(market, AMOUNT - 1n);

    await expect(market.connect(stranger).deposit(stranger, AMOUNT))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(market, AMOUNT - 1n, AMOUNT);
  });

  it("needs the caller's tokens", async () => {
    const { market, token, stranger } = await newWorld();

    await expect(market.connect(stranger).deposit(stranger, WALLET + 1n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(stranger, WALLET, WALLET + 1n);
  });

  it("that would not fit the balance is refused", async () => {
    const { market, token, stranger, client } = await newWorld();
    await token.mint(stranger, 2n ** 64n);

    await expect(market.connect(stranger).deposit(client, 2n ** 64n - CLIENT_BALANCE))
      .to.be.revertedWithCustomError(market, "SafeCastOverflowedUintDowncast")
      .withArgs(64, 2n ** 64n);

    await market.connect(stranger).deposit(client, 2n ** 64n - 1n - CLIENT_BALANCE);
    expect((await market.accountOf(client)).balance).to.equal(2n ** 64n - 1n);
  });

  it("is not what a bare transfer of tokens is: that credits nobody", async () => {
    const world = await newWorld();

    const moves = await movesOf(world, () => world.token.connect(world.stranger).transfer(world.market, AMOUNT));

    expect(moves).to.deep.equal({ tokens: AMOUNT, escrow: AMOUNT });
  });
});

describe("A deposit with a permit", () => {
  it("needs no approval before", async () => {
    const world = await newWorld();
    const deposit = await permitted(world);

    const moves = await movesOf(world, deposit);

    expect(moves).to.deep.equal({ tokens: AMOUNT, "friend.balance": AMOUNT });
    expect(await world.token.allowance(world.stranger, world.market)).to.equal(0n);
  });

  it("says who paid for whom", async () => {
    const world = await newWorld();
    const deposit = await permitted(world);

    await expect(deposit()).to.emit(world.market, "Deposited").withArgs(world.stranger, world.friend, AMOUNT);
  });

  it("still works when somebody used the permit first", async () => {
    const world = await newWorld();
    const { market, token, stranger, rival } = world;
    const deadline = (await now(world)) + 100n;
    const deposit = await permitted(world, deadline);
    const { v, r, s } = await signPermit(world, stranger, { value: AMOUNT, deadline });
    await token.connect(rival).permit(stranger, market, AMOUNT, deadline, v, r, s);

    const moves = await movesOf(world, deposit);

    expect(moves).to.deep.equal({ tokens: AMOUNT, "friend.balance": AMOUNT });
  });

  it("goes by the allowance when the permit is void", async () => {
    const world = await newWorld();
    const deposit = await permitted(world, (await now(world)) - 1n);
    await world.token.connect(world.stranger).approve(world.market, AMOUNT);

    const moves = await movesOf(world, deposit);

    expect(moves).to.deep.equal({ tokens: AMOUNT, "friend.balance": AMOUNT });
  });

  it("is refused when the permit is void and there is no allowance", async () => {
    const world = await newWorld();
    const deposit = await permitted(world, (await now(world)) - 1n);

    await expect(deposit())
      .to.be.revertedWithCustomError(world.token, "ERC20InsufficientAllowance")
      .withArgs(world.market, 0n, AMOUNT);
  });

  it("cannot spend the permit of another", async () => {
    const world = await newWorld();
    const { market, token, rival, friend } = world;
    const deadline = (await now(world)) + 100n;
    await token.connect(rival).approve(market, 0n);
    const { v, r, s } = await signPermit(world, friend, { value: AMOUNT, deadline });

    await expect(market.connect(rival).depositWithPermit(rival, AMOUNT, deadline, v, r, s))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(market, 0n, AMOUNT);
  });

  it("works with a token that has no permits, by the allowance", async () => {
    const { chain, stranger } = await newWorld();
    const token = await chain.ethers.deployContract("PlainToken", [6]);
    const other = await chain.ethers.deployContract("Market", [token, ZERO_ADDRESS, publicParameters]);
    await token.mint(stranger, AMOUNT);
    await token.connect(stranger).approve(other, AMOUNT);

    await other.connect(stranger).depositWithPermit(stranger, AMOUNT, MaxUint256, 27, SALT, SALT);

    expect((await other.accountOf(stranger)).balance).to.equal(AMOUNT);
  });
});

describe("A deposit with an authorization", () => {
  it("may be relayed by anyone and credits whom its nonce names", async () => {
    const world = await newWorld();

    const moves = await movesOf(world, () => authorized(world));

    expect(moves).to.deep.equal({ tokens: AMOUNT, "friend.balance": AMOUNT });
    expect(await world.token.balanceOf(world.stranger)).to.equal(WALLET - AMOUNT);
  });

  it("says who paid for whom, not who relayed", async () => {
    const world = await newWorld();

    await expect(authorized(world)).to.emit(world.market, "Deposited").withArgs(world.stranger, world.friend, AMOUNT);
  });

  it("has a nonce that hashes the beneficiary and a salt", async () => {
    const { market, friend } = await newWorld();
    const encoded = AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [friend.address, SALT]);

    expect(await market.authorizationNonce(friend, SALT)).to.equal(keccak256(encoded));
  });

  for (const { what, changes } of [
    { what: "another beneficiary", changes: { beneficiary: "rival" } },
    { what: "another salt", changes: { salt: hashText("other salt") } },
    { what: "another amount", changes: { amount: AMOUNT + 1n } },
    { what: "another payer", changes: { from: "rival" } },
  ] as const) {
    it(`is refused for ${what} than was signed`, async () => {
      const world = await newWorld();
      const from = "from" in changes ? world.rival : world.stranger;

      await expect(authorized(world, changes))
        .to.be.revertedWithCustomError(world.token, "AuthorizationInvalidSignature")
        .withArgs(from);
    });
  }

  it("works once", async () => {
    const world = await newWorld();
    await authorized(world);

    await expect(authorized(world))
      .to.be.revertedWithCustomError(world.token, "AuthorizationUsedAlready")
      .withArgs(world.stranger, await world.market.authorizationNonce(world.friend, SALT));
  });

  it("cannot be presented to the token by anyone but the market", async () => {
    const world = await newWorld();
    const { market, token, stranger, rival } = world;
    const { nonce, validAfter, validBefore, signature } = await authorize(world);

    await expect(token.connect(rival)[BY_BYTES](stranger, market, AMOUNT, validAfter, validBefore, nonce, signature))
      .to.be.revertedWithCustomError(token, "AuthorizationNotPayee")
      .withArgs(market, rival);
  });

  it("is refused when its time is over", async () => {
    const world = await newWorld();
    const validBefore = await now(world);

    await expect(authorized(world, { validBefore }))
      .to.be.revertedWithCustomError(world.token, "AuthorizationNotInTime")
      .withArgs(0n, validBefore);
  });

  it("of nothing is refused", async () => {
    const world = await newWorld();

    await expect(authorized(world, { value: 0n, amount: 0n })).to.be.revertedWithCustomError(
      world.market,
      "LedgerZeroAmount",
    );
  });

  it("for nobody is refused", async () => {
    const world = await newWorld();

    await expect(authorized(world, { named: ZERO_ADDRESS }))
      .to.be.revertedWithCustomError(world.market, "LedgerInvalidRecipient")
      .withArgs(ZERO_ADDRESS);
  });

  it("is refused by a token that has no authorizations", async () => {
    const { chain, stranger } = await newWorld();
    const token = await chain.ethers.deployContract("PlainToken", [6]);
    const other = await chain.ethers.deployContract("Market", [token, ZERO_ADDRESS, publicParameters]);

    await expect(
      other.depositWithAuthorization(stranger, stranger, AMOUNT, 0n, MaxUint256, SALT, "0x"),
    ).to.be.revertedWithoutReason(chain.ethers);
  });

  it("may be signed by a smart account", async () => {
    const world = await newWorld();
    const { chain, token, stranger } = world;
    const account = await chain.ethers.deployContract("SmartAccount", [stranger]);
    await token.mint(account, AMOUNT);
    const signer = { getAddress: () => account.getAddress(), signTypedData: stranger.signTypedData.bind(stranger) };
    const { validAfter, validBefore, signature } = await authorize(world, { signer });

    await world.market.depositWithAuthorization(
      account,
      world.friend,
      AMOUNT,
      validAfter,
      validBefore,
      SALT,
      signature,
    );

    expect(await token.balanceOf(account)).to.equal(0n);
    expect((await world.market.accountOf(world.friend)).balance).to.equal(AMOUNT);
  });
});

interface Authorizing {
  /** What is signed. */
  readonly value?: bigint;
  readonly validBefore?: bigint;
  /** The beneficiary that the signed nonce names and the call too, if the call does not change it. */
  readonly named?: string;
  readonly signer?: Parameters<typeof signAuthorization>[1];
  /** What the call changes. */
  readonly amount?: bigint;
  readonly salt?: string;
  readonly beneficiary?: "rival";
  readonly from?: "rival";
}

/** The stranger's authorization of `AMOUNT` for the friend. */
async function authorize(world: World, { value = AMOUNT, validBefore, named, signer }: Authorizing = {}) {
  const nonce = await world.market.authorizationNonce(named ?? world.friend, SALT);
  const times = { validAfter: 0n, validBefore: validBefore ?? (await now(world)) + 100n };
  const signature = await signAuthorization(world, signer ?? world.stranger, { value, nonce, ...times });
  return { nonce, signature, ...times };
}

/** Has the client relay the stranger's authorization. */
async function authorized(world: World, changes: Authorizing = {}) {
  const { validAfter, validBefore, signature } = await authorize(world, changes);
  return world.market
    .connect(world.client)
    .depositWithAuthorization(
      changes.from ? world[changes.from] : world.stranger,
      changes.beneficiary ? world[changes.beneficiary] : (changes.named ?? world.friend),
      changes.amount ?? AMOUNT,
      validAfter,
      validBefore,
      changes.salt ?? SALT,
      signature,
    );
}

/** The stranger's deposit for the friend, with a permit and without an approval. */
async function permitted(world: World, deadline: bigint = MaxUint256) {
  const { market, token, stranger, friend } = world;
  await token.connect(stranger).approve(market, 0n);
  const { v, r, s } = await signPermit(world, stranger, { value: AMOUNT, deadline });
  return () => market.connect(stranger).depositWithPermit(friend, AMOUNT, deadline, v, r, s);
}
