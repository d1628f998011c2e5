import { expect } from "chai";
import { AROUND_DEADLINE, now, setNextTime } from "./support/clock.ts";
import { accepted, freeze, posted, ROOT, specOf } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { openWorlds, usd, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
const FAR = 2n ** 40n - 1n;
const URI = "https://provider.example/card";

describe("A provider's operator key", () => {
  it("is named by the provider, with an interval that begins now", async () => {
    const world = await newWorld();
    const { market, provider, friend } = world;
    const timestamp = (await now(world)) + 10n;
    await setNextTime(world, timestamp);

    await expect(market.connect(provider).setOperator(friend, timestamp + 100n))
      .to.emit(market, "OperatorSet")
      .withArgs(provider, friend, timestamp, timestamp + 100n);

    expect(membersOf(await market.operatorKey(provider, friend))).to.deep.equal({
      validFrom: timestamp,
      validUntil: timestamp + 100n,
    });
  });

  it("has no interval where it was never named", async () => {
    const { market, provider, friend } = await newWorld();

    expect(membersOf(await market.operatorKey(provider, friend))).to.deep.equal({ validFrom: 0n, validUntil: 0n });
    expect(await market.isOperator(provider, friend)).to.equal(false);
  });

  it("cannot be nobody", async () => {
    const { market, provider } = await newWorld();

    await expect(market.connect(provider).setOperator(ZERO_ADDRESS, FAR))
      .to.be.revertedWithCustomError(market, "StakingInvalidOperator")
      .withArgs(ZERO_ADDRESS);
  });

  it("cannot be the provider, which needs none", async () => {
    const { market, provider } = await newWorld();

    await expect(market.connect(provider).setOperator(provider, FAR))
      .to.be.revertedWithCustomError(market, "StakingInvalidOperator")
      .withArgs(provider);
    expect(await market.isOperator(provider, provider)).to.equal(true);
  });

  for (const { lead, verdict } of [
    { lead: -1n, verdict: "refused" },
    { lead: 0n, verdict: "refused" },
    { lead: 1n, verdict: "valid" },
  ]) {
    it(`is ${verdict} where its first interval ends ${lead} seconds after it begins`, async () => {
      const world = await newWorld();
      const { market, provider, friend } = world;
      const timestamp = (await now(world)) + 10n;

      await setNextTime(world, timestamp);
      const set = market.connect(provider).setOperator(friend, timestamp + lead);

      if (verdict === "refused") {
        await expect(set)
          .to.be.revertedWithCustomError(market, "StakingInvalidInterval")
          .withArgs(timestamp + lead, timestamp);
      } else {
        await expect(set)
          .to.emit(market, "OperatorSet")
          .withArgs(provider, friend, timestamp, timestamp + lead);
      }
    });
  }

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`${isAhead ? "acts" : "acts no more"} ${when} of its interval`, async () => {
      const world = await newWorld();
      const { market, provider, friend } = world;
      const validUntil = (await now(world)) + 100n;
      await market.connect(provider).setOperator(friend, validUntil);

      await setNextTime(world, validUntil + offset);
      const update = market.connect(friend).updateProvider(provider, URI);

      if (isAhead) {
        await expect(update).to.emit(market, "ProviderUpdated").withArgs(provider, friend, URI);
      } else {
        await expect(update).to.be.revertedWithCustomError(market, "StakingNotOperator").withArgs(provider, friend);
      }
    });

    it(`may ${isAhead ? "" : "not "}be prolonged ${when} of its interval`, async () => {
      const world = await newWorld();
      const { market, provider, friend } = world;
      const validUntil = (await now(world)) + 100n;
      await market.connect(provider).setOperator(friend, validUntil);
      const { validFrom } = await market.operatorKey(provider, friend);

      await setNextTime(world, validUntil + offset);
      const set = market.connect(provider).setOperator(friend, FAR);

      if (isAhead) {
        await expect(set).to.emit(market, "OperatorSet").withArgs(provider, friend, validFrom, FAR);
        expect(await market.isOperator(provider, friend)).to.equal(true);
      } else {
        await expect(set)
          .to.be.revertedWithCustomError(market, "StakingOperatorKeyEnded")
          .withArgs(provider, friend, validUntil);
      }
    });
  }

  for (const validUntil of [0n, 1n]) {
    it(`ends now when its interval is set to end at second ${validUntil}`, async () => {
      const world = await newWorld();
      const { market, provider, operator } = world;
      const { validFrom } = await market.operatorKey(provider, operator);
      const timestamp = (await now(world)) + 10n;
      await setNextTime(world, timestamp);

      await expect(market.connect(provider).setOperator(operator, validUntil))
        .to.emit(market, "OperatorSet")
        .withArgs(provider, operator, validFrom, timestamp);

      expect(await market.isOperator(provider, operator)).to.equal(false);
      expect(membersOf(await market.operatorKey(provider, operator))).to.deep.equal({
        validFrom,
        validUntil: timestamp,
      });
    });
  }

  it("keeps its interval for ever once it has ended: it cannot be named again", async () => {
    const world = await newWorld();
    const { market, provider, operator } = world;
    await market.connect(provider).setOperator(operator, 0n);
    const ended = await now(world);

    await expect(market.connect(provider).setOperator(operator, FAR))
      .to.be.revertedWithCustomError(market, "StakingOperatorKeyEnded")
      .withArgs(provider, operator, ended);
  });

  it("may be shortened to a second that is still ahead", async () => {
    const world = await newWorld();
    const { market, provider, operator } = world;
    const validUntil = (await now(world)) + 100n;

    await market.connect(provider).setOperator(operator, validUntil);

    expect((await market.operatorKey(provider, operator)).validUntil).to.equal(validUntil);
    expect(await market.isOperator(provider, operator)).to.equal(true);
  });

  it("acts for the provider that named it and no other", async () => {
    const { market, operator, rival } = await newWorld();

    expect(await market.isOperator(rival, operator)).to.equal(false);
    await expect(market.connect(operator).updateProvider(rival, URI))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(rival, operator);
  });

  it("may act for several providers that each named it", async () => {
    const { market, operator, provider, rival } = await newWorld();
    await market.connect(rival).setOperator(operator, FAR);

    expect(await market.isOperator(provider, operator)).to.equal(true);
    expect(await market.isOperator(rival, operator)).to.equal(true);
  });

  it("cannot name further keys", async () => {
    const { market, operator, provider, friend } = await newWorld();

    await market.connect(operator).setOperator(friend, FAR);

    expect(await market.isOperator(provider, friend)).to.equal(false);
  });

  it("reaches neither the provider's stake nor its balance", async () => {
    const { market, operator } = await newWorld();

    await expect(market.connect(operator).requestUnstake(usd(1)))
      .to.be.revertedWithCustomError(market, "StakingInsufficientStake")
      .withArgs(operator, 0n, usd(1));
    await expect(market.connect(operator).withdraw(operator, usd(1)))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(operator, 0n, usd(1));
  });
});

describe("A key that is nobody's operator", () => {
  it("cannot accept", async () => {
    const world = await newWorld();
    const { market, provider, stranger } = world;
    const { spec } = await posted(world);

    await expect(market.connect(stranger).accept(spec, provider))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, stranger);
  });

  it("cannot submit", async () => {
    const world = await newWorld();
    const { market, provider, stranger } = world;
    const { id, frozen } = await accepted(world);

    await expect(market.connect(stranger).submit(id, frozen, ROOT))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, stranger);
  });

  it("cannot decline", async () => {
    const world = await newWorld();
    const { market, provider, stranger } = world;
    const { spec, frozen } = await accepted(world);

    await expect(market.connect(stranger).decline(spec, frozen))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, stranger);
  });

  it("cannot fulfil an order", async () => {
    const world = await newWorld();
    const { market, provider, stranger } = world;

    await expect(market.connect(stranger).fulfil(await specOf(world), "0x", ROOT))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, stranger);
  });

  it("cannot publish a provider's card", async () => {
    const { market, provider, stranger } = await newWorld();

    await expect(market.connect(stranger).updateProvider(provider, URI))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, stranger);
  });
});

describe("A provider's card", () => {
  it("is published by the provider or a valid key of it", async () => {
    const { market, provider, operator } = await newWorld();

    for (const key of [provider, operator]) {
      await expect(market.connect(key).updateProvider(provider, URI))
        .to.emit(market, "ProviderUpdated")
        .withArgs(provider, key, URI);
    }
  });
});

describe("A rotated operator key", () => {
  it("cannot submit what it accepted, and its successor can", async () => {
    const world = await newWorld();
    const { market, provider, operator, friend } = world;
    const { spec, id } = await posted(world);
    const frozen = freeze(spec, provider.address);
    await market.connect(operator).accept(spec, provider);

    await market.connect(provider).setOperator(operator, 0n);
    await market.connect(provider).setOperator(friend, FAR);

    await expect(market.connect(operator).submit(id, frozen, ROOT))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, operator);
    await expect(market.connect(friend).submit(id, frozen, ROOT))
      .to.emit(market, "JobSubmitted")
      .withArgs(id, provider, ROOT);
  });
});
