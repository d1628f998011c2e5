import { expect } from "chai";
import { dataSlice, id as hashText } from "ethers";
import { JobStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, setNextTime } from "./support/clock.ts";
import { accepted, freeze, idOf, PRICE, posted, specOf, statusOf } from "./support/jobs.ts";
import { openWorlds, PROVIDER_STAKE, usd, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
/** A fifth of the stake. */
const CAP = PROVIDER_STAKE / 5n;

describe("Accepting a job", () => {
  it("exposes the provider's stake to the price and freezes what later steps need", async () => {
    const world = await newWorld();
    const { market, provider, chain } = world;
    const { spec, id } = await posted(world);

    const moves = await movesOf(world, () => market.connect(provider).accept(spec, provider));

    expect(moves).to.deep.equal({ "provider.exposure": PRICE });
    const harness = await chain.ethers.deployContract("ProtocolHarness");
    const job = await market.jobOf(id);
    expect(job.status).to.equal(JobStatus.Accepted);
    expect(job.digest).to.equal(await harness.frozenDigest(freeze(spec, provider.address)));
  });

  it("tells who took which job on, and that its model is not verified", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, id } = await posted(world);
    const timestamp = (await now(world)) + 10n;
    await setNextTime(world, timestamp);

    await expect(market.connect(provider).accept(spec, provider))
      .to.emit(market, "JobAccepted")
      .withArgs(id, provider, false);
    expect((await market.jobOf(id)).since).to.equal(timestamp);
  });

  it("may be done by an operator key, for the provider", async () => {
    const world = await newWorld();
    const { market, provider, operator } = world;
    const { spec, id } = await posted(world);

    await expect(market.connect(operator).accept(spec, provider))
      .to.emit(market, "JobAccepted")
      .withArgs(id, provider, false);
    expect((await market.accountOf(provider)).exposure).to.equal(PRICE);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when}`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      const { spec, id } = await posted(world);

      await setNextTime(world, spec.acceptBy + offset);
      const accept = market.connect(provider).accept(spec, provider);

      if (isAhead) {
        await expect(accept).to.emit(market, "JobAccepted").withArgs(id, provider, false);
      } else {
        await expect(accept).to.be.revertedWithCustomError(market, "JobTooLate").withArgs(id, spec.acceptBy);
      }
    });
  }

  it("is for the named provider alone", async () => {
    const world = await newWorld();
    const { market, provider, rival } = world;
    const { spec } = await posted(world);

    await expect(market.connect(rival).accept(spec, rival))
      .to.be.revertedWithCustomError(market, "JobProviderMismatch")
      .withArgs(provider, rival);
  });

  it("is for the first who comes where no provider is named", async () => {
    const world = await newWorld();
    const { market, provider, rival } = world;
    const { spec, id } = await posted(world, { provider: ZERO_ADDRESS });

    await expect(market.connect(rival).accept(spec, rival)).to.emit(market, "JobAccepted").withArgs(id, rival, false);
    await expect(market.connect(provider).accept(spec, provider))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(id, JobStatus.Accepted);
  });

  it("is not for nobody, even where no provider is named", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec } = await posted(world, { provider: ZERO_ADDRESS });

    await expect(market.connect(provider).accept(spec, ZERO_ADDRESS))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(ZERO_ADDRESS, provider);
  });

  it("needs a job that was posted with this very spec", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await posted(world);
    const other = await specOf(world, { salt: hashText("other") });

    await expect(market.connect(provider).accept(other, provider))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(await idOf(world, other), JobStatus.None);
  });

  for (const { missing, isPossible } of [
    { missing: 0n, isPossible: true },
    { missing: 1n, isPossible: false },
  ]) {
    it(`is ${isPossible ? "possible with exactly" : "refused with a unit less than"} the minimum stake`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      const stake = publicParameters.minStake - missing;
      await market.connect(provider).requestUnstake(PROVIDER_STAKE - stake);
      const { spec, id } = await posted(world);

      const accept = market.connect(provider).accept(spec, provider);

      if (isPossible) {
        await expect(accept).to.emit(market, "JobAccepted").withArgs(id, provider, false);
      } else {
        await expect(accept)
          .to.be.revertedWithCustomError(market, "StakingBelowMinimum")
          .withArgs(provider, stake, publicParameters.minStake);
      }
    });

    it(`is ${isPossible ? "possible up to" : "refused a unit beyond"} the exposure cap, all jobs counted`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      await accepted(world, { price: usd(3) });
      const { spec, id } = await posted(world, { price: CAP - usd(3) + missing, salt: hashText("second") });

      const accept = market.connect(provider).accept(spec, provider);

      if (isPossible) {
        await expect(accept).to.emit(market, "JobAccepted").withArgs(id, provider, false);
        expect(await market.capacityOf(provider)).to.equal(0n);
      } else {
        await expect(accept)
          .to.be.revertedWithCustomError(market, "StakingExposureExceeded")
          .withArgs(provider, CAP + missing, CAP);
      }
    });
  }

  it("rounds the exposure cap down", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await market.connect(provider).stake(4n);
    const { spec } = await posted(world, { price: CAP + 1n });

    expect(await market.capacityOf(provider)).to.equal(CAP);
    await expect(market.connect(provider).accept(spec, provider))
      .to.be.revertedWithCustomError(market, "StakingExposureExceeded")
      .withArgs(provider, CAP + 1n, CAP);
  });

  it("counts neither free balance nor unbonding stake towards the cap", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await market.connect(provider).requestUnstake(PROVIDER_STAKE / 2n);
    const { spec } = await posted(world, { price: CAP / 2n + 1n });

    await expect(market.connect(provider).accept(spec, provider))
      .to.be.revertedWithCustomError(market, "StakingExposureExceeded")
      .withArgs(provider, CAP / 2n + 1n, CAP / 2n);
  });

  it("leaves the posted job as it was where it is refused", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, id } = await posted(world, { price: CAP + 1n });

    await expect(market.connect(provider).accept(spec, provider)).to.be.revertedWithCustomError(
      market,
      "StakingExposureExceeded",
    );
    expect(await statusOf(world, id)).to.equal(JobStatus.Open);
  });

  it("stores 26 bytes of what was frozen, which tell one provider from another", async () => {
    const world = await newWorld();
    const { market, provider, rival } = world;
    const { spec, id } = await posted(world, { provider: ZERO_ADDRESS });
    await market.connect(rival).accept(spec, rival);
    const { digest } = await market.jobOf(id);
    const harness = await world.chain.ethers.deployContract("ProtocolHarness");

    expect(dataSlice(digest, 0)).to.have.lengthOf(2 + 2 * 26);
    expect(digest).to.equal(await harness.frozenDigest(freeze(spec, rival.address)));
    expect(digest).not.to.equal(await harness.frozenDigest(freeze(spec, provider.address)));
  });
});
