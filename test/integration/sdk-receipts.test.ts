import { CaseStatus, JobStatus, receiptEvidence, receiptFrozen, receiptSpec, Verdict } from "@touchstone/sdk";
import { expect } from "chai";
import { zeroHash } from "viem";
import { localCourtParameters } from "../../scripts/network/parameters.ts";
import { startContentServer } from "./support/content-server.ts";
import { FINE, GUILTY, newPanel, type Panel, speak, untilDecided } from "./support/court.ts";
import { failureOf } from "./support/failure.ts";
import { AMOUNT, type LiveCall, liveCall, newSeller } from "./support/receipts.ts";
import { startWorld, type World } from "./support/sdk-world.ts";

const { appealWindow, answerWindow, bondDelay, challengeBond, minBond, receiptLifetime } = localCourtParameters;

describe("SDK: receipts and live bonds", function () {
  this.timeout(120_000);
  let world: World;
  let panel: Panel;
  before(async () => {
    world = await startWorld();
    panel = await newPanel(world);
  });
  after(() => world.stop());

  /** A receipt that was brought, its case seated. */
  async function broughtCall(): Promise<LiveCall & { readonly key: bigint }> {
    const call = await liveCall(world);
    const { key } = await call.buyer.bringReceipt(call);
    await untilDecided(world);
    await call.buyer.seatPanel({ job: call.job, key });
    return { ...call, key };
  }

  it("posts a bond, asks part of it back and withdraws that after the delay", async () => {
    const provider = await newSeller(world, 3n * minBond);
    const who = { provider: provider.account.address };
    const nothing = { amount: 3n * minBond, leaving: 0n, withdrawableAt: 0, openCases: 0 };
    expect(await provider.getBond(who)).to.deep.equal(nothing);
    expect(await failureOf(provider.postBond({ amount: 0n }))).to.include({ errorName: "BondZeroAmount" });
    const greedy = provider.requestBondExit({ amount: 3n * minBond + 1n });
    expect(await failureOf(greedy)).to.include({ errorName: "BondInsufficient", retryable: false });

    const { leaving, withdrawableAt } = await provider.requestBondExit({ amount: minBond });
    expect({ leaving, withdrawableAt }).to.deep.equal({
      leaving: minBond,
      withdrawableAt: (await world.now()) + bondDelay,
    });
    expect(await provider.getBond(who)).to.deep.equal({ ...nothing, leaving, withdrawableAt });
    expect(await failureOf(provider.withdrawBond())).to.include({ errorName: "BondNotWithdrawable", retryable: true });
    await world.pass(bondDelay);
    const before = (await provider.getAccount()).balance;
    const stranger = panel.seats[0]!;
    expect(await stranger.withdrawBond(who)).to.include({ amount: minBond });
    expect((await provider.getAccount()).balance - before).to.equal(minBond);
    expect(await provider.getBond(who)).to.include({ amount: 2n * minBond, leaving: 0n });
  });

  it("brings a receipt; its case finds what it stands for by itself, and acquits", async () => {
    const call = await liveCall(world);
    const { buyer, provider, envelope, job } = call;
    expect(await failureOf(buyer.getReceipt({ job }))).to.include({ code: "JOB_UNKNOWN" });
    expect(await failureOf(provider.bringReceipt(call))).to.include({ errorName: "ReceiptNotPayer" });
    const before = (await buyer.getAccount()).balance;
    const brought = await buyer.bringReceipt({ envelope });
    expect(brought).to.include({ job, key: 0n });
    expect(before - (await buyer.getAccount()).balance).to.equal(challengeBond);
    expect(await failureOf(buyer.bringReceipt({ envelope }))).to.include({ errorName: "ReceiptAlreadyBrought" });
    const { receipt, operator } = envelope;
    const stands = { spec: receiptSpec(receipt, receiptLifetime), frozen: receiptFrozen(receipt, receiptLifetime) };
    const told = await buyer.getReceipt({ job });
    expect(told).to.deep.include({ job, receipt, operator, status: JobStatus.InCase, ...stands });
    expect(told.transactionHash).to.equal(brought.hash);
    expect(await buyer.getBond({ provider: provider.account.address })).to.include({ openCases: 1 });

    const { key } = brought;
    const seated = buyer.waitForCase({ job, key, until: "seated" });
    expect(await failureOf(buyer.seatPanel({ job, key }))).to.include({ errorName: "CaseSeedPending" });
    await untilDecided(world);
    expect((await buyer.seatPanel({ job, key })).seats).to.have.length(3);
    expect(await seated).to.include({ job, key, caseId: brought.caseId, startItem: 0, bond: challengeBond });
    await speak(panel, await buyer.getCase({ job, key }), () => FINE);
    await world.pass(appealWindow);
    expect(await buyer.closeCase({ job, key })).to.include({ verdict: Verdict.Acquitted, slashed: 0n });
    expect((await buyer.waitForCase({ job, key, until: "closed" })).ending).to.include({ verdict: Verdict.Acquitted });
    expect(await buyer.getReceipt({ job })).to.include({ status: JobStatus.Settled });
    expect(await buyer.getBond({ provider: provider.account.address })).to.include({
      openCases: 0,
      amount: 2n * minBond,
    });
    expect((await buyer.listCases({ opener: buyer.account.address })).map((one) => one.job)).to.deep.equal([job]);
    const [first, second] = await buyer.getCaseHistory({ job, key });
    expect([first?.eventName, second?.eventName]).to.deep.equal(["CaseOpened", "CasePinned"]);
  });

  it("convicts a false receipt in tier two: the bond is slashed, the payer compensated", async () => {
    const { buyer, provider, job, key } = await broughtCall();
    await speak(panel, await buyer.getCase({ job, key }), (position) => (position === 1 ? GUILTY : FINE));
    expect(await buyer.closeCase({ job, key })).to.include({ verdict: Verdict.None });
    await untilDecided(world);
    await buyer.seatPanel({ job, key });
    await speak(panel, await buyer.getCase({ job, key }), () => GUILTY);
    const before = (await buyer.getAccount()).balance;
    const { verdict, slashed } = await buyer.closeCase({ job, key });
    expect({ verdict, slashed }).to.deep.equal({ verdict: Verdict.Convicted, slashed: minBond });
    expect((await buyer.getAccount()).balance - before).to.equal(challengeBond + minBond / 5n + 10n * AMOUNT);
    expect(await buyer.getReceipt({ job })).to.include({ status: JobStatus.Rejected });
    expect(await buyer.getBond({ provider: provider.account.address })).to.include({ amount: minBond, openCases: 0 });
  });

  it("takes an acquittal to tier two on appeal", async () => {
    const { buyer, job, key } = await broughtCall();
    await speak(panel, await buyer.getCase({ job, key }), () => FINE);
    await buyer.appealCase({ job, key });
    expect(await buyer.getCase({ job, key })).to.include({ tier: 2, status: CaseStatus.Pinned, isAppealed: true });
  });

  it("gets seats the bytes of the call, and slashes a provider that withholds them", async () => {
    const { buyer, provider, job, key, answer } = await broughtCall();
    const { caseId, positions } = await buyer.getCase({ job, key });
    const { position, seat } = positions[0]!;
    const person = panel.byNumber.get(seat)!;
    expect(await person.demandForCase({ job, key, position })).to.include({ item: 0, chunk: 0 });
    await provider.answerDemand({ job, key: caseId, answer });
    expect(await buyer.getDemand({ key: caseId })).to.equal(undefined);

    const withheld = await broughtCall();
    const record = await withheld.buyer.getCase(withheld);
    const [first] = record.positions;
    await panel.byNumber.get(first!.seat)!.demandForCase({ ...withheld, position: first!.position });
    await world.pass(answerWindow);
    const done = await withheld.buyer.defaultDemand({ job: withheld.job, key: record.caseId });
    expect(done).to.include({ refund: 0n, slashed: minBond });
    expect((await buyer.getCase({ caseId: record.caseId })).ending).to.include({ verdict: Verdict.Withheld });
  });

  it("refuses receipts that are late, early, empty, or signed by no key of the provider", async () => {
    const now = await world.now();
    const [{ buyer, provider }, stranger] = [await liveCall(world), panel.seats[0]!];
    const refusal = async (changes: object, signer = provider) =>
      failureOf(buyer.bringReceipt(await liveCall(world, { buyer, provider, signer }, changes)));
    expect(await refusal({ issuedAt: now - receiptLifetime })).to.include({ errorName: "ReceiptTooLate" });
    expect(await refusal({ issuedAt: now + 500 })).to.include({ errorName: "ReceiptTooEarly", retryable: true });
    expect(await refusal({ resultRoot: zeroHash })).to.include({ errorName: "ReceiptWithoutResult" });
    expect(await refusal({}, stranger)).to.include({ errorName: "ReceiptNotOperator" });
    const { envelope } = await liveCall(world, { buyer, provider });
    const raised = { ...envelope, receipt: { ...envelope.receipt, amount: 1n } };
    expect(await failureOf(buyer.bringReceipt({ envelope: raised }))).to.include({
      errorName: "ReceiptInvalidSignature",
    });
  });

  it("takes a receipt that an operator key of the provider signed", async () => {
    const [provider, signer] = [await newSeller(world), await world.newcomer()];
    await provider.setOperator({ operator: signer.account.address, validUntil: (await world.now()) + 86_400 });
    await world.pass(1);
    const call = await liveCall(world, { provider, signer });
    expect(await call.buyer.bringReceipt(call)).to.include({ job: call.job });
  });

  it("shows two receipts with one number, once: the provider is slashed without a trial", async () => {
    const first = await liveCall(world);
    const { buyer, provider } = first;
    const second = await liveCall(world, { buyer, provider }, { cumulative: 2n * AMOUNT });
    const next = await liveCall(world, { buyer, provider }, { seq: 2n });
    const envelopes = [first.envelope, second.envelope] as const;
    const notDouble = buyer.proveDoubleReceipt({ envelopes: [first.envelope, next.envelope] });
    expect(await failureOf(notDouble)).to.include({ errorName: "ReceiptsNotDouble" });
    const before = (await buyer.getAccount()).balance;
    expect(await buyer.proveDoubleReceipt({ envelopes })).to.include({ slashed: minBond });
    expect((await buyer.getAccount()).balance - before).to.equal(minBond / 5n);
    expect(await failureOf(buyer.proveDoubleReceipt({ envelopes }))).to.include({ errorName: "ReceiptDoubleKnown" });
  });

  it("fetches and verifies the evidence of a receipt that was brought", async () => {
    const server = await startContentServer();
    try {
      const { buyer, provider, job, envelope, request, output, trace } = await broughtCall();
      const { outputHash, traceRoot } = envelope;
      const [requestHash, traceHash] = [server.keep(request), server.keep(trace)];
      server.keep(output);
      const items = [{ outputHash, traceRoot, traceHash }];
      const list = { job, provider: provider.account.address, root: envelope.receipt.resultRoot, items };
      const { input } = receiptSpec(envelope.receipt, receiptLifetime);
      server.answers.set(`/inputs/${input}`, { requests: [requestHash] }).set(`/results/${job}`, list);
      const evidence = await buyer.fetchEvidence({ job, urls: [server.url] });
      const place = { chainId: 31_337, market: world.market, lifetime: receiptLifetime };
      const own = receiptEvidence({ ...place, receipt: envelope.receipt, verified: true, request, output, trace });
      expect(evidence).to.deep.equal(own);
      expect(await buyer.verifyResult({ job, evidence })).to.include({ verdict: "refuted" }); // the trace is no trace
    } finally {
      await server.stop();
    }
  });
});
