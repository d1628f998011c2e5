import { expect } from "chai";
import { id as hashText } from "ethers";
import type { Address, Hex } from "viem";
import type { Receipt } from "../../client-sdk/src/protocol/receipt.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, openCourtWorlds } from "./support/court-world.ts";
import { AMOUNT, BOND, bonded, brought, provesDouble, signed } from "./support/receipts.ts";
import { usd, ZERO_HASH } from "./support/world.ts";

const newWorld = await openCourtWorlds();
/** The least that a provider loses, and a fifth of it. */
const LEAST = usd(10);
const FIFTH = usd(2);

describe("Two receipts for one call", () => {
  it("cost the provider the least at once: a fifth is the payer's, the rest burns", async () => {
    const world = await bonded(await newWorld());
    const { court, client, provider } = world;
    const [a, b] = await pair(world, { amount: AMOUNT / 2n });

    const moves = await courtMovesOf(world, async () => {
      const proof = provesDouble(world, a, b);
      await expect(proof)
        .to.emit(court, "DoubleReceiptProven")
        .withArgs(provider.address, client.address, a.receipt.channelId, 1n, LEAST);
      await expect(proof)
        .to.emit(court, "BondSlashed")
        .withArgs(provider.address, LEAST, LEAST - FIFTH);
    });

    expect(moves).to.deep.equal({
      "client.balance": FIFTH,
      "court.balance": -LEAST,
      "burned.balance": LEAST - FIFTH,
    });
    expect((await court.bondOf(provider)).amount).to.equal(BOND - LEAST);
  });

  it("cost a thousand times the larger amount where that is more, as far as the bond reaches", async () => {
    for (const [amount, taken] of [
      [3n * AMOUNT, usd(30)],
      [usd(9), BOND],
    ] as const) {
      for (const isFirst of [true, false]) {
        const world = await bonded(await newWorld());
        const [a, b] = await pair(world, { amount });

        const moves = await courtMovesOf(world, () => provesDouble(world, isFirst ? a : b, isFirst ? b : a));

        expect(moves["court.balance"]).to.equal(-taken);
        expect(moves["client.balance"]).to.equal(taken / 5n);
      }
    }
  });

  it("are on record even where there is no bond", async () => {
    const world = await newWorld();
    const { court, client, provider } = world;
    const [a, b] = await pair(world);

    await expect(provesDouble(world, a, b))
      .to.emit(court, "DoubleReceiptProven")
      .withArgs(provider.address, client.address, a.receipt.channelId, 1n, 0n);
  });

  it("count though nobody could judge them, and though different keys of the provider signed", async () => {
    const world = await bonded(await newWorld());
    const a = await signed(world, { resultRoot: ZERO_HASH as Hex });
    const b = await signed(world, { completionTokens: 9, resultRoot: ZERO_HASH as Hex }, world.provider);

    await expect(provesDouble(world, a, b)).to.emit(world.court, "DoubleReceiptProven");
  });

  it("count once for each number of a channel, whichever receipts are shown", async () => {
    const world = await bonded(await newWorld());
    const { court, provider } = world;
    const [a, b] = await pair(world);
    const c = await signed(world, { completionTokens: 10 });
    await provesDouble(world, a, b);

    for (const [one, other] of [
      [a, b],
      [b, a],
      [a, c],
    ] as const) {
      await expect(provesDouble(world, one, other))
        .to.be.revertedWithCustomError(court, "ReceiptDoubleKnown")
        .withArgs(provider.address, a.receipt.channelId, 1n);
    }
    const others = await Promise.all([signed(world, { seq: 2n }), signed(world, { seq: 2n, completionTokens: 9 })]);
    await expect(provesDouble(world, ...others)).to.emit(court, "DoubleReceiptProven");
  });

  it("shown by an accomplice of the provider leave those of the channel's payer to be shown", async () => {
    const world = await bonded(await newWorld());
    const { court, client, provider, friend } = world;
    const [a, b] = await pair(world);
    const first = await signed(world, { payer: friend.address as Address });
    const second = await signed(world, { payer: friend.address as Address, completionTokens: 9 });
    await provesDouble(world, first, second, friend);

    await expect(provesDouble(world, a, b))
      .to.emit(court, "DoubleReceiptProven")
      .withArgs(provider.address, client.address, a.receipt.channelId, 1n, LEAST);
  });

  it("leave the case about one of them as it is", async () => {
    const world = await bonded(await newWorld());
    const { court, provider } = world;
    const [a, b] = await pair(world);
    await brought(world, a);

    await provesDouble(world, a, b);

    expect((await court.bondOf(provider)).openCases).to.equal(1n);
    expect(await court.holdsOf(a.id)).to.equal(1n);
  });

  it("are the payer's to show, and nobody else's", async () => {
    const world = await bonded(await newWorld());
    const { court, client, stranger } = world;
    const [a, b] = await pair(world);

    await expect(provesDouble(world, a, b, stranger))
      .to.be.revertedWithCustomError(court, "ReceiptNotPayer")
      .withArgs(client.address, stranger.address);
  });

  const OTHERS: Readonly<Record<string, (world: CourtWorld) => Partial<Receipt>>> = {
    "the same receipt twice": () => ({ completionTokens: 8 }),
    "receipts of two calls": () => ({ seq: 2n }),
    "receipts of two channels": () => ({ channelId: hashText("other channel") as Hex }),
    "receipts of two providers": ({ rival }) => ({ provider: rival.address as Address }),
    "receipts of two payers": ({ stranger }) => ({ payer: stranger.address as Address }),
  };
  for (const [what, changes] of Object.entries(OTHERS)) {
    it(`are not ${what}`, async () => {
      const world = await bonded(await newWorld());
      const [a] = await pair(world);
      const { requestHash, resultRoot, issuedAt } = a.receipt;
      const b = await signed(world, { completionTokens: 9, requestHash, resultRoot, issuedAt, ...changes(world) });

      await expect(provesDouble(world, a, b)).to.be.revertedWithCustomError(world.court, "ReceiptsNotDouble");
    });
  }

  it("must both be signed by keys of the provider", async () => {
    const world = await bonded(await newWorld());
    const { court, provider, operator, stranger } = world;
    const [a, b] = await pair(world);
    const forged = await signed(world, { completionTokens: 9 }, stranger);

    for (const [one, other] of [
      [a, forged],
      [forged, a],
    ] as const) {
      await expect(provesDouble(world, one, other))
        .to.be.revertedWithCustomError(court, "ReceiptNotOperator")
        .withArgs(provider.address, stranger.address, forged.receipt.issuedAt);
    }
    await expect(provesDouble(world, a, { ...b, signature: a.signature }))
      .to.be.revertedWithCustomError(court, "ReceiptInvalidSignature")
      .withArgs(operator.address);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`can${isAhead ? "" : "not"} be shown ${when} of the younger one's life`, async () => {
      const world = await bonded(await newWorld());
      const { court, parameters } = world;
      const older = await signed(world);
      await pass(world, 3_600);
      const issuedAt = await now(world);
      const younger = await signed(world);
      const deadline = issuedAt + BigInt(parameters.receiptLifetime);
      await setNextTime(world, deadline + offset);

      const proof = provesDouble(world, older, younger);

      if (isAhead) await expect(proof).to.emit(court, "DoubleReceiptProven");
      else await expect(proof).to.be.revertedWithCustomError(court, "ReceiptTooLate").withArgs(deadline);
    });
  }

  it("gain a provider that shows its own no more than a fifth of what it loses", async () => {
    const world = await bonded(await newWorld());
    const { provider } = world;
    const own = { payer: provider.address as Address, amount: usd(9) };
    const [a, b] = [await signed(world, own), await signed(world, { ...own, completionTokens: 9 })];

    const moves = await courtMovesOf(world, () => provesDouble(world, a, b, provider));

    expect(moves["provider.balance"]).to.equal(BOND / 5n);
  });
});

/** Two receipts with one number, of which the second charges the standard amount. */
async function pair(world: CourtWorld, changes: Partial<Receipt> = {}) {
  return [await signed(world, changes), await signed(world, { completionTokens: 9, amount: AMOUNT / 2n })] as const;
}
