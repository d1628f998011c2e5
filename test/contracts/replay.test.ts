import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
import { fulfil, ordered, quoted, take } from "./support/agreements.ts";
import { now, pass } from "./support/clock.ts";
import { due, HOUR, idOf, type Job, NOT_FROZEN, posted, type Spec } from "./support/jobs.ts";
import { signAuthorization } from "./support/signatures.ts";
import { openMarketBeside, openWorlds, usd, type World, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
const newWorldOnOtherChain = await openWorlds({ chainId: 70_707 });
const RESERVE = usd(100);

describe("A job's id", () => {
  it("is another on another chain, though the market has the same address there", async () => {
    const [here, there] = [await newWorld(), await newWorldOnOtherChain()];
    const { spec, id } = await posted(here);
    expect(await there.market.getAddress()).to.equal(await here.market.getAddress());

    expect(await there.market.jobId(spec)).not.to.equal(id);
  });

  it("is another in another market", async () => {
    const world = await newWorld();
    const { spec, id } = await posted(world);
    const beside = await openMarketBeside(world, ZERO_ADDRESS);

    expect(await beside.market.jobId(spec)).not.to.equal(id);
  });
});

describe("A quote", () => {
  it("is void on another chain", async () => {
    const [here, there] = [await newWorld(), await newWorldOnOtherChain()];
    const quote = await quoted(here, {}, { validUntil: 2n ** 40n - 1n });

    await expect(take(there, quote))
      .to.be.revertedWithCustomError(there.market, "InvalidSignature")
      .withArgs(there.provider);
    await take(here, quote);
  });

  it("is void in another market", async () => {
    const world = await newWorld();
    const quote = await quoted(world);
    const beside = await openMarketBeside(world, ZERO_ADDRESS);

    await expect(take(beside, quote))
      .to.be.revertedWithCustomError(beside.market, "InvalidSignature")
      .withArgs(world.provider);
    await take(world, quote);
  });

  it("is void for another job", async () => {
    const world = await newWorld();
    const quote = await quoted(world);
    const other = { ...quote, spec: { ...quote.spec, salt: hashText("other") } };

    await expect(take(world, other))
      .to.be.revertedWithCustomError(world.market, "InvalidSignature")
      .withArgs(world.provider);
  });

  it("is void once used", async () => {
    const world = await newWorld();
    const quote = await quoted(world);
    await take(world, quote);

    await expect(take(world, quote))
      .to.be.revertedWithCustomError(world.market, "JobWrongStatus")
      .withArgs(await idOf(world, quote.spec), JobStatus.Accepted);
  });
});

describe("An order", () => {
  it("is void on another chain", async () => {
    const [here, there] = [await newWorld(), await newWorldOnOtherChain()];
    await there.market.connect(there.client).reserve(RESERVE);
    await here.market.connect(here.client).reserve(RESERVE);
    const order = await ordered(here);

    await expect(fulfil(there, order))
      .to.be.revertedWithCustomError(there.market, "InvalidSignature")
      .withArgs(there.client);
    await fulfil(here, order);
  });

  it("is void in another market", async () => {
    const world = await newWorld();
    const beside = await openMarketBeside(world, ZERO_ADDRESS);
    await beside.market.connect(world.client).reserve(RESERVE);
    await world.market.connect(world.client).reserve(RESERVE);
    const order = await ordered(world);

    await expect(fulfil(beside, order))
      .to.be.revertedWithCustomError(beside.market, "InvalidSignature")
      .withArgs(world.client);
    await fulfil(world, order);
  });

  it("is void for another job", async () => {
    const world = await newWorld();
    await world.market.connect(world.client).reserve(RESERVE);
    const order = await ordered(world);
    const other = { ...order, spec: { ...order.spec, salt: hashText("other") } };

    await expect(fulfil(world, other))
      .to.be.revertedWithCustomError(world.market, "InvalidSignature")
      .withArgs(world.client);
  });

  it("is no quote, nor a quote an order, though both name the same job", async () => {
    const world = await newWorld();
    const { market, client, provider } = world;
    await market.connect(client).reserve(RESERVE);
    const order = await ordered(world, {}, client);
    const quote = await quoted(world, order.spec);

    await expect(take(world, { ...quote, signature: (await ordered(world, order.spec, provider)).signature }))
      .to.be.revertedWithCustomError(market, "InvalidSignature")
      .withArgs(provider);
    await expect(fulfil(world, { ...order, signature: (await quoted(world, order.spec, { by: client })).signature }))
      .to.be.revertedWithCustomError(market, "InvalidSignature")
      .withArgs(client);
  });
});

describe("An authorization to deposit", () => {
  it("is void for another market", async () => {
    const world = await newWorld();
    const { market, token, stranger } = world;
    const beside = await openMarketBeside(world, ZERO_ADDRESS);
    const [value, salt, validBefore] = [usd(5), hashText("salt"), (await now(world)) + 100n];
    const nonce = await market.authorizationNonce(stranger, salt);
    const signature = await signAuthorization(world, stranger, { value, validAfter: 0n, validBefore, nonce });

    await expect(beside.market.depositWithAuthorization(stranger, stranger, value, 0n, validBefore, salt, signature))
      .to.be.revertedWithCustomError(token, "AuthorizationInvalidSignature")
      .withArgs(stranger);
    await market.depositWithAuthorization(stranger, stranger, value, 0n, validBefore, salt, signature);
  });
});

/** Every way in which a job ends, before its deadline to accept is over where that can be. */
const ENDINGS: readonly {
  how: string;
  status: JobStatus;
  end: (world: World, changes: Partial<Spec>) => Promise<Job>;
}[] = [
  {
    how: "settled",
    status: JobStatus.Settled,
    end: async (world, changes) => {
      const job = await due(world, changes);
      await world.market.settle(job.id, job.frozen);
      return job;
    },
  },
  {
    how: "cancelled",
    status: JobStatus.Refunded,
    end: async (world, changes) => {
      const job = await posted(world, changes);
      await world.market.connect(world.client).cancel(job.spec);
      return job;
    },
  },
  {
    how: "expired without an accept",
    status: JobStatus.Refunded,
    end: async (world, changes) => {
      const job = await posted(world, { ...changes, acceptBy: (await now(world)) + 10n });
      await pass(world, 10n);
      await world.market.expire(job.spec, NOT_FROZEN);
      return job;
    },
  },
];

describe("An id", () => {
  for (const { how, status, end } of ENDINGS) {
    it(`never comes back once its job is ${how}: not by a post, a quote or an order`, async () => {
      const world = await newWorld();
      const { market, client } = world;
      await market.connect(client).reserve(RESERVE);
      const { spec, id } = await end(world, { acceptBy: (await now(world)) + 10n * HOUR });
      const quote = await quoted(world, spec);
      const order = await ordered(world, spec);

      for (const attempt of [
        () => market.connect(client).post(spec, ""),
        () => take(world, quote),
        () => fulfil(world, order),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(market, "JobWrongStatus").withArgs(id, status);
      }
    });
  }
});
