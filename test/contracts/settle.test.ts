import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, setNextTime } from "./support/clock.ts";
import { due, type Frozen, HOUR, PRICE, sinceOf, submitted } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { openWorlds, PROVIDER_STAKE } from "./support/world.ts";

const newWorld = await openWorlds();
const newWorldWithoutFee = await openWorlds({ parameters: { feeShare: 0 } });
/** Two hundredths of the price, rounded up. */
const FEE = 66_667n;
const UNVERIFIED = BigInt(Outcome.Unverified);

/** Every way in which what is frozen can be told wrong. */
const WRONG: readonly { member: keyof Frozen; change: Partial<Frozen> }[] = [
  { member: "provider", change: { provider: "0x0000000000000000000000000000000000000001" } },
  { member: "price", change: { price: PRICE + 1n } },
  { member: "submitWithin", change: { submitWithin: 1n } },
  { member: "challengeWindow", change: { challengeWindow: 0n } },
  { member: "verified", change: { verified: true } },
  { member: "submitBlock", change: { submitBlock: 0n } },
  { member: "resultRoot", change: { resultRoot: hashText("other") } },
];

describe("Settling a job", () => {
  it("pays the provider out of the escrow, less the fee, and ends the exposure", async () => {
    const world = await newWorld();
    const { id, frozen } = await due(world);

    const moves = await movesOf(world, () => world.market.settle(id, frozen));

    expect(moves).to.deep.equal({
      escrow: -PRICE,
      "provider.balance": PRICE - FEE,
      "provider.fees": FEE,
      "provider.exposure": -PRICE,
    });
  });

  it("tells who was paid how much, and that the model was not verified", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { id, frozen } = await due(world);

    await expect(market.settle(id, frozen))
      .to.emit(market, "JobSettled")
      .withArgs(id, provider, Outcome.Unverified, PRICE - FEE, FEE);
  });

  it("may be done by anyone, and answers with the outcome", async () => {
    const world = await newWorld();
    const { market, stranger } = world;
    const { id, frozen } = await due(world);

    expect(await market.connect(stranger).settle.staticCall(id, frozen)).to.equal(UNVERIFIED);
    await market.connect(stranger).settle(id, frozen);

    expect(membersOf(await market.jobOf(id))).to.deep.equal({
      status: BigInt(JobStatus.Settled),
      since: await now(world),
      digest: `0x${"00".repeat(26)}`,
    });
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "too early" : "open"} ${when} for a challenge`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      const { id, frozen } = await submitted(world);
      const deadline = (await sinceOf(world, id)) + HOUR;

      await setNextTime(world, deadline + offset);
      const settle = market.settle(id, frozen);

      if (isAhead) {
        await expect(settle).to.be.revertedWithCustomError(market, "JobTooEarly").withArgs(id, deadline);
      } else {
        await expect(settle)
          .to.emit(market, "JobSettled")
          .withArgs(id, provider, Outcome.Unverified, PRICE - FEE, FEE);
      }
    });
  }

  for (const { member, change } of WRONG) {
    it(`is refused with another ${member} than was frozen`, async () => {
      const world = await newWorld();
      const { market } = world;
      const { id, frozen } = await due(world);

      await expect(market.settle(id, { ...frozen, ...change }))
        .to.be.revertedWithCustomError(market, "JobWrongFrozen")
        .withArgs(id);
    });
  }

  it("happens once", async () => {
    const world = await newWorld();
    const { market } = world;
    const { id, frozen } = await due(world);
    await market.settle(id, frozen);

    await expect(market.settle(id, frozen))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(id, JobStatus.Settled);
  });

  it("rounds the fee up, so that a price of one unit is all fee", async () => {
    const world = await newWorld();
    const { id, frozen } = await due(world, { price: 1n });

    const moves = await movesOf(world, () => world.market.settle(id, frozen));

    expect(moves).to.deep.equal({ escrow: -1n, "provider.fees": 1n, "provider.exposure": -1n });
  });

  it("pays all of the price where the market takes no fee", async () => {
    const world = await newWorldWithoutFee();
    const { id, frozen } = await due(world);

    const moves = await movesOf(world, () => world.market.settle(id, frozen));

    expect(moves).to.deep.equal({ escrow: -PRICE, "provider.balance": PRICE, "provider.exposure": -PRICE });
  });

  it("does not ask whether the provider still has a stake or a key", async () => {
    const world = await newWorld();
    const { market, provider, operator } = world;
    const { id, frozen } = await due(world);
    await market.connect(provider).setOperator(operator, 0n);
    await market.connect(provider).requestUnstake(PROVIDER_STAKE - publicParameters.minStake);

    await expect(market.settle(id, frozen)).to.emit(market, "JobSettled");
  });
});
