import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { fulfil, ordered } from "./support/agreements.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { asSubmitted, freeze, HOUR, idOf, PRICE, postedEvent, ROOT } from "./support/jobs.ts";
import {
  CLIENT_BALANCE,
  openWorlds,
  PROVIDER_STAKE,
  usd,
  type World,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "./support/world.ts";

const openWorld = await openWorlds();
const RESERVE = usd(10);
const DELAY = BigInt(publicParameters.releaseDelay);

/** A world whose client has a reserve. */
async function newWorld(): Promise<World> {
  const world = await openWorld();
  await world.market.connect(world.client).reserve(RESERVE);
  return world;
}

describe("Fulfilling a signed order", () => {
  it("escrows the price from the client's reserve and exposes the provider's stake", async () => {
    const world = await newWorld();
    const order = await ordered(world);

    const moves = await movesOf(world, () => fulfil(world, order));

    expect(moves).to.deep.equal({ "client.reserve": -PRICE, escrow: PRICE, "provider.exposure": PRICE });
  });

  it("posts, accepts and submits in one step", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const order = await ordered(world, { salt: hashText("salt") });
    const { spec } = order;
    const id = await idOf(world, spec);
    const timestamp = (await now(world)) + 10n;
    await setNextTime(world, timestamp);

    const fulfilled = await fulfil(world, order);

    await expect(fulfilled)
      .to.emit(market, "JobPosted")
      .withArgs(...postedEvent(id, spec, ""));
    await expect(fulfilled).to.emit(market, "JobAccepted").withArgs(id, provider, false);
    await expect(fulfilled).to.emit(market, "JobSubmitted").withArgs(id, provider, ROOT);
    const { status, since } = await market.jobOf(id);
    expect([status, since]).to.deep.equal([BigInt(JobStatus.Submitted), timestamp]);
  });

  it("says what it drew on the reserve, right before the job is posted", async () => {
    const world = await newWorld();
    const { market, client } = world;

    const fulfilled = await fulfil(world, await ordered(world));

    await expect(fulfilled).to.emit(market, "ReserveSpent").withArgs(client, PRICE);
    const receipt = await fulfilled.wait();
    const told = receipt?.logs.map((log) => market.interface.parseLog(log)?.name);
    expect(told).to.deep.equal(["ReserveSpent", "JobPosted", "JobAccepted", "JobSubmitted"]);
  });

  it("answers with the job's id", async () => {
    const world = await newWorld();
    const { spec, signature } = await ordered(world);
    const { market, provider } = world;

    expect(await market.connect(provider).fulfil.staticCall(spec, signature, ROOT)).to.equal(await idOf(world, spec));
  });

  it("leaves the job as a submit would: it is settled and paid after its window", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const order = await ordered(world);
    await fulfil(world, order);
    const id = await idOf(world, order.spec);
    const job = await asSubmitted(world, { spec: order.spec, id, frozen: freeze(order.spec, provider.address) });
    await pass(world, HOUR);

    await expect(market.settle(id, job.frozen))
      .to.emit(market, "JobSettled")
      .withArgs(id, provider, Outcome.Unverified, PRICE - 66_667n, 66_667n);
  });

  it("may be done by an operator key of the provider that the order names", async () => {
    const world = await newWorld();
    const { market, operator, provider } = world;
    const { spec, signature } = await ordered(world);

    await expect(market.connect(operator).fulfil(spec, signature, ROOT))
      .to.emit(market, "JobSubmitted")
      .withArgs(await idOf(world, spec), provider, ROOT);
  });

  it("is not for another provider", async () => {
    const world = await newWorld();
    const { market, provider, rival } = world;
    const { spec, signature } = await ordered(world);

    await expect(market.connect(rival).fulfil(spec, signature, ROOT))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, rival);
  });

  it("is not for an operator key whose interval is over, though it was valid when the order was signed", async () => {
    const world = await newWorld();
    const { market, provider, operator } = world;
    const { spec, signature } = await ordered(world);
    await market.connect(provider).setOperator(operator, 0n);

    await expect(market.connect(operator).fulfil(spec, signature, ROOT))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, operator);
  });

  it("needs an order that names its provider", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, signature } = await ordered(world, { provider: ZERO_ADDRESS });

    await expect(market.connect(provider).fulfil(spec, signature, ROOT))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(ZERO_ADDRESS, provider);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when} to accept`, async () => {
      const world = await newWorld();
      const { market } = world;
      const order = await ordered(world);

      await setNextTime(world, order.spec.acceptBy + offset);

      if (isAhead) {
        await expect(fulfil(world, order)).to.emit(market, "JobSubmitted");
      } else {
        await expect(fulfil(world, order))
          .to.be.revertedWithCustomError(market, "JobTooLate")
          .withArgs(await idOf(world, order.spec), order.spec.acceptBy);
      }
    });
  }

  it("takes no signature but the client's", async () => {
    const world = await newWorld();
    const { market, client, stranger } = world;
    const order = await ordered(world, {}, stranger);

    await expect(fulfil(world, order)).to.be.revertedWithCustomError(market, "InvalidSignature").withArgs(client);
  });

  it("takes no signature of nobody", async () => {
    const world = await newWorld();
    const order = await ordered(world, { client: ZERO_ADDRESS });

    await expect(fulfil(world, { ...order, signature: "0x" }))
      .to.be.revertedWithCustomError(world.market, "InvalidSignature")
      .withArgs(ZERO_ADDRESS);
  });

  it("captures what was signed and nothing else", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const order = await ordered(world);

    for (const change of [{ price: PRICE + 1n }, { items: 1n }, { provider: world.rival.address }]) {
      const { spec, signature } = { ...order, spec: { ...order.spec, ...change } };
      const by = change.provider ? world.rival : world.provider;

      await expect(market.connect(by).fulfil(spec, signature, ROOT))
        .to.be.revertedWithCustomError(market, "InvalidSignature")
        .withArgs(client);
    }
  });

  it("works once", async () => {
    const world = await newWorld();
    const order = await ordered(world);
    await fulfil(world, order);

    await expect(fulfil(world, order))
      .to.be.revertedWithCustomError(world.market, "JobWrongStatus")
      .withArgs(await idOf(world, order.spec), JobStatus.Submitted);
  });

  it("takes no root of zero for a result", async () => {
    const world = await newWorld();
    const { spec, signature } = await ordered(world);

    await expect(world.market.connect(world.provider).fulfil(spec, signature, ZERO_HASH)).to.be.revertedWithCustomError(
      world.market,
      "JobZeroRoot",
    );
  });

  it("is refused where the spec cannot be listed", async () => {
    const world = await newWorld();

    await expect(fulfil(world, await ordered(world, { submitWithin: 0n })))
      .to.be.revertedWithCustomError(world.market, "JobInvalidSpec")
      .withArgs("submitWithin");
  });

  it("stays within the provider's exposure cap", async () => {
    const world = await newWorld();
    const { market, client, provider } = world;
    await market.connect(client).reserve(usd(20));
    const order = await ordered(world, { price: usd(20) + 1n });

    await expect(fulfil(world, order))
      .to.be.revertedWithCustomError(market, "StakingExposureExceeded")
      .withArgs(provider, usd(20) + 1n, usd(20));
  });

  it("needs a provider whose stake carries the price", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await market.connect(provider).requestUnstake(PROVIDER_STAKE);

    await expect(fulfil(world, await ordered(world)))
      .to.be.revertedWithCustomError(market, "StakingBelowMinimum")
      .withArgs(provider, 0n, publicParameters.minStake);
  });
});

describe("The reserve behind an order", () => {
  it("must cover the price: free balance does not count", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const order = await ordered(world, { price: RESERVE + 1n });
    expect((await market.accountOf(client)).balance).to.equal(CLIENT_BALANCE - RESERVE);

    await expect(fulfil(world, order))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientReserve")
      .withArgs(client, RESERVE, RESERVE + 1n);
  });

  it("may be used up to the last unit", async () => {
    const world = await newWorld();
    await fulfil(world, await ordered(world, { price: RESERVE }));

    expect((await world.market.reserveOf(world.client)).amount).to.equal(0n);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`that was asked back ${isAhead ? "still pays" : "may be gone"} ${when} of its release`, async () => {
      const world = await newWorld();
      const { market, client } = world;
      const order = await ordered(world);
      await market.connect(client).requestRelease(RESERVE);
      const releasableAt = (await now(world)) + DELAY;

      await setNextTime(world, releasableAt + offset);
      const isReleased = await market.release(client).then(
        () => true,
        () => false,
      );

      expect(isReleased).to.equal(!isAhead);
      if (isAhead) {
        await expect(fulfil(world, order)).to.emit(market, "JobSubmitted");
      } else {
        await expect(fulfil(world, order))
          .to.be.revertedWithCustomError(market, "LedgerInsufficientReserve")
          .withArgs(client, 0n, PRICE);
      }
    });
  }

  it("pays from what stays first, and only then from what is leaving", async () => {
    const world = await newWorld();
    const { market, client } = world;
    await market.connect(client).requestRelease(usd(6));

    await fulfil(world, await ordered(world, { price: usd(4), salt: hashText("a") }));
    expect((await market.reserveOf(client)).leaving).to.equal(usd(6));

    await fulfil(world, await ordered(world, { price: usd(1), salt: hashText("b") }));
    expect((await market.reserveOf(client)).leaving).to.equal(usd(5));

    await pass(world, DELAY);
    const moves = await movesOf(world, () => market.release(client));
    expect(moves).to.deep.equal({ "client.reserve": -usd(5), "client.balance": usd(5) });
  });
});

describe("An order that the client wants back", () => {
  it("is void once its job is posted and cancelled", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const order = await ordered(world);
    await market.connect(client).post(order.spec, "");
    await market.connect(client).cancel(order.spec);

    await expect(fulfil(world, order))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(await idOf(world, order.spec), JobStatus.Refunded);
  });
});
