import { expect } from "chai";
import { id as hashText } from "ethers";
import type { Address, Hex } from "viem";
import { CaseStatus, JobStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
import type { Receipt } from "../../client-sdk/src/protocol/receipt.ts";
import { trialOf } from "./support/cases.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, openCourtWorlds } from "./support/court-world.ts";
import { bonded, brings, CHALLENGE_BOND, receiptOf, type Signed, signed, signedAs } from "./support/receipts.ts";
import { membersOf } from "./support/structs.ts";
import { openMarketBeside, usd, ZERO_HASH } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldWithoutPanel = await openCourtWorlds({ seats: 11 });

/** Another value for every member that a signature covers, but for who pays. */
const OTHERS: { readonly [Member in Exclude<keyof Receipt, "payer">]: (receipt: Receipt) => Receipt[Member] } = {
  provider: () => "0x0000000000000000000000000000000000000002",
  model: () => hashText("other model") as Hex,
  channelId: () => hashText("other channel") as Hex,
  seq: ({ seq }) => seq + 1n,
  cumulative: ({ cumulative }) => cumulative + 1n,
  requestHash: () => hashText("other request") as Hex,
  resultRoot: () => hashText("other root") as Hex,
  promptTokens: ({ promptTokens }) => promptTokens + 1,
  completionTokens: ({ completionTokens }) => completionTokens + 1,
  amount: ({ amount }) => amount + 1n,
  issuedAt: ({ issuedAt }) => issuedAt - 1,
};

describe("Bringing a receipt", () => {
  it("opens a case about its one item, with the bond of a challenge, for a panel that nobody knows yet", async () => {
    const world = await bonded(await newWorld());
    const { court, client, provider, operator, parameters } = world;
    const call = await signed(world);
    const { caseId } = trialOf(call, 0n);

    const moves = await courtMovesOf(world, async () => {
      const bring = await brings(world, call);
      await expect(bring)
        .to.emit(court, "ReceiptBrought")
        .withArgs(call.id, Object.values(inOrder(call.receipt)), operator.address);
      await expect(bring).to.emit(court, "CaseOpened").withArgs(caseId, call.id, client.address, 0n);
      await expect(bring)
        .to.emit(court, "CasePinned")
        .withArgs(caseId, 1, (bring.blockNumber ?? 0) + parameters.drawDelay);
    });

    expect(moves).to.deep.equal({ "client.balance": -CHALLENGE_BOND, "court.balance": CHALLENGE_BOND });
    const { status, since } = await court.receiptJobOf(call.id);
    expect({ status, since }).to.deep.equal({ status: BigInt(JobStatus.InCase), since: BigInt(call.receipt.issuedAt) });
    expect(membersOf(await court.caseOf(caseId))).to.include({
      status: BigInt(CaseStatus.Pinned),
      tier: 1n,
      startItem: 0n,
      bond: CHALLENGE_BOND,
    });
    expect(await court.holdsOf(call.id)).to.equal(1n);
    expect((await court.bondOf(provider)).openCases).to.equal(1n);
  });

  it("costs a tenth of the amount where that is more", async () => {
    const world = await newWorld();

    const call = await signed(world, { amount: usd(9) });
    const moves = await courtMovesOf(world, () => brings(world, call));

    expect(moves["client.balance"]).to.equal(-usd(9) / 10n);
  });

  it("needs that bond in the payer's free balance", async () => {
    const world = await newWorld();
    const { market, stranger } = world;
    const call = await signed(world, { payer: stranger.address as Address });

    await expect(brings(world, call, stranger)).to.be.revertedWithCustomError(market, "LedgerInsufficientBalance");
  });

  it("is the payer's alone", async () => {
    const world = await newWorld();
    const { court, client, provider } = world;

    await expect(brings(world, await signed(world), provider))
      .to.be.revertedWithCustomError(court, "ReceiptNotPayer")
      .withArgs(client.address, provider.address);
  });

  it("happens once", async () => {
    const world = await newWorld();
    const { court } = world;
    const call = await signed(world);
    await brings(world, call);

    await expect(brings(world, call)).to.be.revertedWithCustomError(court, "ReceiptAlreadyBrought").withArgs(call.id);
  });

  it("happens once, whatever else was signed for the same answer to the same call", async () => {
    const world = await newWorld();
    const { court } = world;
    const call = await signed(world);
    await brings(world, call);
    const again = await signedAs(world, { ...call.receipt, cumulative: 77n, resultRoot: hashText("root") as Hex });

    await expect(brings(world, again)).to.be.revertedWithCustomError(court, "ReceiptAlreadyBrought").withArgs(call.id);
  });

  it("needs a result: what was cut short nobody can judge", async () => {
    const world = await newWorld();

    await expect(brings(world, await signed(world, { resultRoot: ZERO_HASH as Hex }))).to.be.revertedWithCustomError(
      world.court,
      "ReceiptWithoutResult",
    );
  });

  it("needs a model whose panel can judge now", async () => {
    const world = await newWorldWithoutPanel();
    const call = await signed(world);

    await expect(brings(world, call)).to.be.revertedWithCustomError(world.court, "CaseNotVerified").withArgs(call.id);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when} of the receipt's life`, async () => {
      const world = await newWorld();
      const { court, parameters } = world;
      const call = await signed(world);
      const deadline = BigInt(call.receipt.issuedAt + parameters.receiptLifetime);
      await setNextTime(world, deadline + offset);

      const bring = brings(world, call);

      if (isAhead) await expect(bring).to.emit(court, "ReceiptBrought");
      else await expect(bring).to.be.revertedWithCustomError(court, "ReceiptTooLate").withArgs(deadline);
    });
  }

  it("waits until the receipt was issued", async () => {
    const world = await newWorld();
    const { court } = world;
    const issuedAt = Number(await now(world)) + 30;
    const call = await signed(world, { issuedAt });
    await setNextTime(world, BigInt(issuedAt) - 1n);

    await expect(brings(world, call)).to.be.revertedWithCustomError(court, "ReceiptTooEarly").withArgs(issuedAt);
    await setNextTime(world, BigInt(issuedAt));
    await expect(brings(world, call)).to.emit(court, "ReceiptBrought");
  });

  it("takes a call for nothing, with the least bond", async () => {
    const world = await newWorld();
    const call = await signed(world, { amount: 0n, cumulative: 0n });

    const moves = await courtMovesOf(world, () => brings(world, call));

    expect(moves["client.balance"]).to.equal(-CHALLENGE_BOND);
  });
});

describe("Whose signature a receipt bears", () => {
  for (const [member, other] of Object.entries(OTHERS)) {
    it(`covers its ${member}`, async () => {
      const world = await newWorld();
      const { court, provider } = world;
      const { signature, receipt } = await signed(world, {}, provider);
      const forged = { ...receipt, [member]: other(receipt) };

      const bring = brings(world, { ...(await signedAs(world, forged)), signature, operator: forged.provider });

      await expect(bring).to.be.revertedWithCustomError(court, "ReceiptInvalidSignature").withArgs(forged.provider);
    });
  }

  it("covers who pays", async () => {
    const world = await newWorld();
    const { court, rival, operator } = world;
    const { signature, receipt } = await signed(world);
    const forged = await signedAs(world, { ...receipt, payer: rival.address as Address });

    await expect(brings(world, { ...forged, signature }, rival))
      .to.be.revertedWithCustomError(court, "ReceiptInvalidSignature")
      .withArgs(operator.address);
  });

  it("may be the provider itself", async () => {
    const world = await newWorld();

    await expect(brings(world, await signed(world, {}, world.provider))).to.emit(world.court, "ReceiptBrought");
  });

  it("may be a smart account's (ERC-1271)", async () => {
    const world = await newWorld();
    const { court, chain, friend } = world;
    const account = await chain.ethers.deployContract("SmartAccount", [friend]);
    const address = await account.getAddress();
    const call = await signed(world, { provider: address as Address }, friend);

    await expect(brings(world, { ...call, operator: address })).to.emit(court, "ReceiptBrought");
    const other = await signed(world, { provider: address as Address, seq: 2n }, world.stranger);
    await expect(brings(world, { ...other, operator: address }))
      .to.be.revertedWithCustomError(court, "ReceiptInvalidSignature")
      .withArgs(address);
  });

  it("is no stranger's, and no other provider's", async () => {
    const world = await newWorld();
    const { court, provider, rival, stranger } = world;
    for (const signer of [stranger, rival]) {
      const call = await signed(world, {}, signer);

      await expect(brings(world, call))
        .to.be.revertedWithCustomError(court, "ReceiptNotOperator")
        .withArgs(provider.address, signer.address, call.receipt.issuedAt);
    }
  });

  it("is not another's who only names the operator", async () => {
    const world = await newWorld();
    const { court, stranger, operator } = world;
    const call = { ...(await signed(world, {}, stranger)), operator: operator.address };

    await expect(brings(world, call))
      .to.be.revertedWithCustomError(court, "ReceiptInvalidSignature")
      .withArgs(operator.address);
  });

  it("still counts after the key was rotated out", async () => {
    const world = await newWorld();
    const { court, market, provider, operator } = world;
    const call = await signed(world);
    await pass(world, 10);
    await market.connect(provider).setOperator(operator, 0n);

    await expect(brings(world, call)).to.emit(court, "ReceiptBrought");
  });

  it("counts from the second at which the key became the provider's, and until the one at which it ended", async () => {
    const world = await newWorld();
    const { court, market, provider, friend } = world;
    await setNextTime(world, (await now(world)) + 100n);
    await market.connect(provider).setOperator(friend, (await now(world)) + 150n);
    const validFrom = Number(await now(world));
    await setNextTime(world, BigInt(validFrom) + 20n);
    await market.connect(provider).setOperator(friend, 0n);
    const validUntil = validFrom + 20;
    for (const [issuedAt, counts] of [
      [validFrom - 1, false],
      [validFrom, true],
      [validUntil - 1, true],
      [validUntil, false],
    ] as const) {
      const bring = brings(world, await signed(world, { issuedAt, seq: BigInt(issuedAt) }, friend));

      if (counts) await expect(bring).to.emit(court, "ReceiptBrought");
      else await expect(bring).to.be.revertedWithCustomError(court, "ReceiptNotOperator");
    }
  });

  it("is void in another market, and on another chain", async () => {
    const world = await newWorld();
    const { court, operator } = world;
    const beside = await openMarketBeside(world as never, await court.getAddress());
    const foreign = await signed({ ...world, market: beside.market });
    const elsewhere = await signedOn(world, 70_707);

    for (const { signature } of [foreign, elsewhere]) {
      await expect(brings(world, { ...foreign, signature }))
        .to.be.revertedWithCustomError(court, "ReceiptInvalidSignature")
        .withArgs(operator.address);
    }
  });
});

/** The members in the order of the struct. */
function inOrder(receipt: Receipt) {
  const { provider, payer, model, channelId, seq, cumulative, requestHash, resultRoot, ...rest } = receipt;
  const { promptTokens, completionTokens, amount, issuedAt } = rest;
  return {
    provider,
    payer,
    model,
    channelId,
    seq,
    cumulative,
    requestHash,
    resultRoot,
    promptTokens,
    completionTokens,
    amount,
    issuedAt,
  };
}

/** A receipt signed under the domain of the same market on another chain. */
async function signedOn(world: CourtWorld, chainId: number): Promise<Signed> {
  const signer = {
    getAddress: () => world.operator.getAddress(),
    signTypedData: ((domain, types, value) =>
      world.operator.signTypedData({ ...domain, chainId }, types, value)) as CourtWorld["operator"]["signTypedData"],
  };
  return signedAs(world, await receiptOf(world), signer);
}
