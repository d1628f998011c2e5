import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { quoted, take } from "./support/agreements.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { asSubmitted, freeze, HOUR, idOf, PRICE, posted, postedEvent, ROOT } from "./support/jobs.ts";
import { CLIENT_BALANCE, openWorlds, PROVIDER_STAKE, usd, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
/** A fifth of the stake. */
const CAP = PROVIDER_STAKE / 5n;

describe("Posting a job with a provider's quote", () => {
  it("escrows the price and exposes the provider's stake in one step", async () => {
    const world = await newWorld();
    const quote = await quoted(world);

    const moves = await movesOf(world, () => take(world, quote));

    expect(moves).to.deep.equal({ "client.balance": -PRICE, escrow: PRICE, "provider.exposure": PRICE });
  });

  it("tells the whole spec without an address of the input, and the accept", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const quote = await quoted(world, { salt: hashText("salt"), flags: 1n });
    const { spec } = quote;
    const id = await idOf(world, spec);

    const post = await take(world, quote);

    await expect(post)
      .to.emit(market, "JobPosted")
      .withArgs(...postedEvent(id, spec, ""));
    await expect(post).to.emit(market, "JobAccepted").withArgs(id, provider, false);
  });

  it("answers with the job's id", async () => {
    const world = await newWorld();
    const { spec, validUntil, signer, signature } = await quoted(world);
    const { market, client } = world;

    expect(await market.connect(client).postAccepted.staticCall(spec, validUntil, signer, signature)).to.equal(
      await idOf(world, spec),
    );
  });

  it("leaves the job as an accept would: it can be submitted, settled and paid", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const quote = await quoted(world);
    await take(world, quote);
    const id = await idOf(world, quote.spec);
    const frozen = freeze(quote.spec, provider.address);
    await market.connect(provider).submit(id, frozen, ROOT);
    const job = await asSubmitted(world, { spec: quote.spec, id, frozen });
    await pass(world, HOUR);

    await expect(market.settle(id, job.frozen))
      .to.emit(market, "JobSettled")
      .withArgs(id, provider, Outcome.Unverified, PRICE - 66_667n, 66_667n);
  });

  it("takes the signature of a valid operator key", async () => {
    const world = await newWorld();
    const { market, provider, operator } = world;
    const quote = await quoted(world, {}, { by: operator });

    await expect(take(world, quote))
      .to.emit(market, "JobAccepted")
      .withArgs(await idOf(world, quote.spec), provider, false);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when} of the quote`, async () => {
      const world = await newWorld();
      const { market } = world;
      const validUntil = (await now(world)) + 60n;
      const quote = await quoted(world, {}, { validUntil });

      await setNextTime(world, validUntil + offset);

      if (isAhead) {
        await expect(take(world, quote)).to.emit(market, "JobAccepted");
      } else {
        await expect(take(world, quote)).to.be.revertedWithCustomError(market, "QuoteExpired").withArgs(validUntil);
      }
    });

    it(`is ${isAhead ? "in time" : "too late"} ${when} to accept, however long the quote is good`, async () => {
      const world = await newWorld();
      const { market } = world;
      const quote = await quoted(world, {}, { validUntil: 2n ** 40n - 1n });

      await setNextTime(world, quote.spec.acceptBy + offset);

      if (isAhead) {
        await expect(take(world, quote)).to.emit(market, "JobAccepted");
      } else {
        await expect(take(world, quote))
          .to.be.revertedWithCustomError(market, "JobTooLate")
          .withArgs(await idOf(world, quote.spec), quote.spec.acceptBy);
      }
    });

    it(`takes the signature of an operator key ${isAhead ? "" : "no more "}${when} of its interval`, async () => {
      const world = await newWorld();
      const { market, provider, operator } = world;
      const quote = await quoted(world, {}, { by: operator });
      const end = (await now(world)) + 30n;
      await market.connect(provider).setOperator(operator, end);

      await setNextTime(world, end + offset);

      if (isAhead) {
        await expect(take(world, quote)).to.emit(market, "JobAccepted");
      } else {
        await expect(take(world, quote))
          .to.be.revertedWithCustomError(market, "StakingNotOperator")
          .withArgs(provider, operator);
      }
    });
  }

  it("is the client's alone", async () => {
    const world = await newWorld();
    const { market, client, stranger } = world;
    const { spec, validUntil, signer, signature } = await quoted(world);

    await expect(market.connect(stranger).postAccepted(spec, validUntil, signer, signature))
      .to.be.revertedWithCustomError(market, "JobNotClient")
      .withArgs(client, stranger);
  });

  it("needs a spec that names its provider", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const quote = await quoted(world, { provider: ZERO_ADDRESS });

    await expect(take(world, quote))
      .to.be.revertedWithCustomError(market, "JobProviderMismatch")
      .withArgs(ZERO_ADDRESS, provider);
  });

  it("takes no signature of a key that does not act for the provider", async () => {
    const world = await newWorld();
    const { market, provider, rival } = world;
    const quote = await quoted(world, {}, { by: rival });

    await expect(take(world, quote))
      .to.be.revertedWithCustomError(market, "StakingNotOperator")
      .withArgs(provider, rival);
  });

  it("takes no signature that is another's than it says", async () => {
    const world = await newWorld();
    const { market, provider, rival } = world;
    const quote = await quoted(world, {}, { by: rival });

    await expect(take(world, { ...quote, signer: provider.address }))
      .to.be.revertedWithCustomError(market, "InvalidSignature")
      .withArgs(provider);
  });

  it("takes no quote for a longer time than was signed", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const quote = await quoted(world);

    await expect(take(world, { ...quote, validUntil: quote.validUntil + 1n }))
      .to.be.revertedWithCustomError(market, "InvalidSignature")
      .withArgs(provider);
  });

  it("takes no quote for another price than was signed", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const quote = await quoted(world);

    await expect(take(world, { ...quote, spec: { ...quote.spec, price: PRICE - 1n } }))
      .to.be.revertedWithCustomError(market, "InvalidSignature")
      .withArgs(provider);
  });

  for (const { what, spoil } of [
    { what: "empty", spoil: () => "0x" },
    { what: "a byte short", spoil: (signature: string) => signature.slice(0, -2) },
    { what: "a byte long", spoil: (signature: string) => `${signature}00` },
    { what: "of an unknown parity", spoil: (signature: string) => `${signature.slice(0, -2)}00` },
    { what: "malleated into the upper half of the curve", spoil: malleate },
  ]) {
    it(`takes no signature that is ${what}`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      const quote = await quoted(world);

      await expect(take(world, { ...quote, signature: spoil(quote.signature) }))
        .to.be.revertedWithCustomError(market, "InvalidSignature")
        .withArgs(provider);
    });
  }

  it("needs the price as free balance", async () => {
    const world = await newWorld();
    const { market, client } = world;
    await market.connect(client).withdraw(client, CLIENT_BALANCE - PRICE + 1n);

    await expect(take(world, await quoted(world)))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, PRICE - 1n, PRICE);
  });

  it("needs a provider with the minimum stake", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await market.connect(provider).requestUnstake(PROVIDER_STAKE);

    await expect(take(world, await quoted(world)))
      .to.be.revertedWithCustomError(market, "StakingBelowMinimum")
      .withArgs(provider, 0n, publicParameters.minStake);
  });

  it("stays within the provider's exposure cap, so that quotes taken all at once harm nobody", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const first = await quoted(world, { price: CAP, salt: hashText("first") });
    const second = await quoted(world, { price: usd(1), salt: hashText("second") });
    await take(world, first);

    await expect(take(world, second))
      .to.be.revertedWithCustomError(market, "StakingExposureExceeded")
      .withArgs(provider, CAP + usd(1), CAP);
  });

  it("is not possible for a job that was posted without it", async () => {
    const world = await newWorld();
    const { spec, id } = await posted(world);
    const quote = await quoted(world, spec);

    await expect(take(world, quote))
      .to.be.revertedWithCustomError(world.market, "JobWrongStatus")
      .withArgs(id, JobStatus.Open);
  });

  it("is refused where the spec cannot be listed", async () => {
    const world = await newWorld();
    const quote = await quoted(world, { items: 0n });

    await expect(take(world, quote)).to.be.revertedWithCustomError(world.market, "JobInvalidSpec").withArgs("items");
  });
});

/** The other signature that the same key could have given: `(r, n - s)` with the other parity. */
function malleate(signature: string): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = order - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.endsWith("1b") ? "1c" : "1b";
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, "0")}${v}`;
}
