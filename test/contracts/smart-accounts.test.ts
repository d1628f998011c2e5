import { expect } from "chai";
import { id as hashText, type Wallet } from "ethers";
import { fulfil, ordered, quoted, take } from "./support/agreements.ts";
import { pass } from "./support/clock.ts";
import { asSubmitted, freeze, HOUR, idOf, PRICE } from "./support/jobs.ts";
import type { Signer } from "./support/signatures.ts";
import { fund, openWorlds, PROVIDER_STAKE, usd, type World, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
const RESERVE = usd(10);

describe("A smart account", () => {
  it("signs quotes, as provider or as operator key (ERC-1271)", async () => {
    const world = await newWorld();
    const { market, chain, provider, friend } = world;
    const account = await chain.ethers.deployContract("SmartAccount", [friend]);
    const by = { getAddress: () => account.getAddress(), signTypedData: friend.signTypedData.bind(friend) };
    const address = await account.getAddress();
    await market.connect(provider).setOperator(account, 2n ** 40n - 1n);
    await fund(world, account, PROVIDER_STAKE);
    const calldata = market.interface.encodeFunctionData("stake", [PROVIDER_STAKE]);
    await account.connect(friend).execute(market, calldata);

    for (const named of [provider.address, address]) {
      const quote = await quoted(world, { provider: named }, { by });

      await expect(take(world, quote))
        .to.emit(market, "JobAccepted")
        .withArgs(await idOf(world, quote.spec), named, false);
    }
  });
});

describe("An order of a smart account", () => {
  it("is signed by the account (ERC-1271) and settles without it, though it takes no native coin", async () => {
    const { world, account, order } = await orderedByAccount();
    const { market, provider } = world;
    await fulfil(world, order);
    const id = await idOf(world, order.spec);
    const job = await asSubmitted(world, { spec: order.spec, id, frozen: freeze(order.spec, provider.address) });
    await pass(world, HOUR);

    await expect(market.settle(id, job.frozen)).to.emit(market, "JobSettled");
    expect((await market.reserveOf(account)).amount).to.equal(RESERVE - PRICE);
  });

  it("is void once the account says so", async () => {
    const { world, account, order } = await orderedByAccount();
    const { market, stranger, friend } = world;
    await account.connect(stranger).setOwner(friend);

    await expect(fulfil(world, order)).to.be.revertedWithCustomError(market, "InvalidSignature").withArgs(account);
  });
});

describe("An order of an account that delegated its code (EIP-7702)", () => {
  it("is signed by its key, whatever the code says", async () => {
    const { world, order } = await orderedByDelegate((wallet) => wallet);

    await expect(fulfil(world, order)).to.emit(world.market, "JobSubmitted");
  });

  it("may be signed by its code too", async () => {
    const { world, order, wallet } = await orderedByDelegate((_, { stranger }) => stranger);
    await expect(fulfil(world, order)).to.be.revertedWithCustomError(world.market, "InvalidSignature").withArgs(wallet);

    // The owner in the storage of the delegated account is what its code goes by.
    await world.chain.networkHelpers.setStorageAt(wallet.address, 0, BigInt(world.stranger.address));

    await expect(fulfil(world, order)).to.emit(world.market, "JobSubmitted");
  });
});

/** An order of a smart account that the stranger owns and that has a reserve of its own. */
async function orderedByAccount() {
  const world = await newWorld();
  const { market, token, chain, stranger } = world;
  const account = await chain.ethers.deployContract("SmartAccount", [stranger]);
  await token.connect(stranger).transfer(account, RESERVE);
  for (const [target, data] of [
    [token, token.interface.encodeFunctionData("approve", [await market.getAddress(), RESERVE])],
    [market, market.interface.encodeFunctionData("deposit", [await account.getAddress(), RESERVE])],
    [market, market.interface.encodeFunctionData("reserve", [RESERVE])],
  ] as const) {
    await account.connect(stranger).execute(target, data);
  }
  const order = await ordered(world, { client: await account.getAddress() }, stranger);
  return { world, account, order };
}

/** An order of a key pair whose account runs the code of a smart account. */
async function orderedByDelegate(signerOf: (wallet: Wallet, world: World) => Signer) {
  const world = await newWorld();
  const { market, token, chain, stranger } = world;
  const { ethers, networkHelpers } = chain;
  const wallet = new ethers.Wallet(hashText("delegating key"), ethers.provider);
  const code = await ethers.deployContract("SmartAccount", [stranger]);
  await networkHelpers.setBalance(wallet.address, 10n ** 18n);
  await token.connect(stranger).transfer(wallet, RESERVE);
  await (await token.connect(wallet).approve(market, RESERVE)).wait();
  await (await market.connect(wallet).deposit(wallet, RESERVE)).wait();
  await (await market.connect(wallet).reserve(RESERVE)).wait();
  const authorization = await wallet.authorize({ address: await code.getAddress(), nonce: 4 });
  await wallet.sendTransaction({ type: 4, to: ZERO_ADDRESS, authorizationList: [authorization] });
  expect(await ethers.provider.getCode(wallet)).to.equal(`0xef0100${(await code.getAddress()).slice(2).toLowerCase()}`);
  const order = await ordered(world, { client: wallet.address }, signerOf(wallet, world));
  return { world, wallet, order };
}
