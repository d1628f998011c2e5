import { type CaseEvent, CaseStatus, DRAW_KEY, Draw, decodeWord, JobStatus, Outcome, Verdict } from "@touchstone/sdk";
import { expect } from "chai";
import { localCourtParameters } from "../../scripts/network/parameters.ts";
import {
  DRAWN_PRICE,
  FINE,
  GUESSED,
  GUILTY,
  JUDGED_MODEL,
  judgedJob,
  newPanel,
  type Panel,
  saltOf,
  seatedIn,
  speak,
  untilDecided,
} from "./support/court.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { newBuyer } from "./support/trade.ts";

const { appealWindow, seatFee, openReward, challengeBond, contradictionPenalty } = localCourtParameters;

describe("SDK: cases", function () {
  this.timeout(120_000);
  let world: World;
  let panel: Panel;
  before(async () => {
    world = await startWorld();
    panel = await newPanel(world);
  });
  after(() => world.stop());

  /** A drawn job whose case is open. */
  async function drawnCase() {
    const judged = await judgedJob(world);
    await untilDecided(world);
    const { caseId } = await judged.buyer.openDrawnCase({ job: judged.job });
    return { ...judged, caseId };
  }

  it("audits a drawn job, acquits it, and pays provider, seats and opener", async () => {
    const { job, buyer, provider } = await judgedJob(world);
    expect(await buyer.getDraw({ job })).to.equal(Draw.Pending);
    expect(await failureOf(buyer.settleJob({ job }))).to.include({ errorName: "JobDrawPending", retryable: true });
    await untilDecided(world);
    expect(await buyer.getDraw({ job })).to.equal(Draw.Drawn);
    const refused = await failureOf(provider.settleJob({ job }));
    expect(refused).to.include({ errorName: "JobDrawn", retryable: false });
    expect(refused.message).to.include("openDrawnCase");

    const opener = await newBuyer(world);
    const { caseId } = await opener.openDrawnCase({ job });
    expect(await buyer.getJob({ job })).to.include({ status: JobStatus.InCase, deadline: undefined });
    const seated = await buyer.getCase({ job });
    expect(seated).to.include({ caseId, job, key: DRAW_KEY, status: CaseStatus.Commit, tier: 1, demands: 0, bond: 0n });
    expect(seated.opener).to.equal(opener.account.address);
    expect(seated.times.commitBy).to.equal(seated.since + localCourtParameters.commitWindow);
    expect(seatedIn(seated)).to.have.length(3);

    await speak(panel, seated, () => FINE);
    const revealed = await buyer.getCase({ caseId });
    expect(revealed).to.include({ status: CaseStatus.Revealed });
    expect(revealed.times).to.deep.equal({ appealBy: revealed.since + appealWindow });
    expect(decodeWord(revealed.positions[0]!.word!)).to.include({ tokens: 40, margin: 3 });
    expect(await failureOf(buyer.closeCase({ job }))).to.include({ errorName: "CaseTooEarly", retryable: true });
    await world.pass(appealWindow);
    expect(await buyer.closeCase({ job })).to.include({ caseId, verdict: Verdict.Acquitted, slashed: 0n });

    const closed = await buyer.waitForCase({ job, until: "closed" });
    expect(closed).to.include({ status: CaseStatus.Closed });
    expect(closed.ending).to.deep.equal({ verdict: Verdict.Acquitted, slashed: 0n });
    expect(await buyer.getDraw({ job })).to.equal(Draw.NotDrawn);
    await world.pass(20);
    const waiting = buyer.waitForJob({ job, until: "settled" });
    expect(await provider.settleJob({ job })).to.include({ outcome: Outcome.Completed });
    expect((await waiting).ending).to.include({ outcome: Outcome.Completed });

    const first = panel.byNumber.get(seated.positions[0]!.seat)!;
    expect((await first.getSeat()).credit).to.equal(seatFee);
    const empty = await failureOf(first.claimCredit());
    expect(empty).to.include({ errorName: "SeatsNothingToClaim", retryable: true });
    await buyer.fundPool({ amount: 200_000n });
    expect((await first.claimCredit()).paid).to.equal(seatFee);
    expect((await first.claimCredit({ account: opener.account.address })).paid).to.equal(openReward);
    expect(await failureOf(first.claimCredit())).to.include({ errorName: "SeatsNothingToClaim" });
  });

  it("tells all that happened in a case and when", async () => {
    const { job, buyer, caseId } = await drawnCase();
    await speak(panel, await buyer.getCase({ job }), () => FINE);
    await world.pass(appealWindow);
    await buyer.closeCase({ job });
    const history = await buyer.getCaseHistory({ job });
    expect(history.map(({ eventName }) => eventName)).to.deep.equal([
      ...["CaseOpened", "CaseSeated", "WordCommitted", "WordCommitted", "WordCommitted"],
      ...["WordRevealed", "WordRevealed", "WordRevealed", "CaseClosed"],
    ]);
    expect(history.at(-1)!.time - history[0]!.time).to.be.at.least(appealWindow);
    const listed = await buyer.listCases({ job });
    expect(listed.map((one) => one.caseId)).to.deep.equal([caseId]);
    expect(await buyer.listCases({ opener: panel.seats[0]!.account.address })).to.deep.equal([]);
  });

  it("convicts in tier two: the client is repaid, the provider slashed, the seats of tier one that were wrong pay", async () => {
    const { job, buyer, provider, spec } = await drawnCase();
    const before = await provider.getAccount();
    await speak(panel, await buyer.getCase({ job }), (position) => (position === 1 ? GUILTY : FINE));
    expect(await buyer.closeCase({ job })).to.include({ verdict: Verdict.None });
    const pinned = await buyer.getCase({ job });
    expect(pinned).to.include({ status: CaseStatus.Pinned, tier: 2 });
    expect((await provider.getAccount()).exposure > before.exposure).to.equal(true);
    expect(await failureOf(buyer.seatPanel({ job }))).to.include({ errorName: "CaseSeedPending", retryable: true });
    await untilDecided(world);
    expect((await buyer.seatPanel({ job })).seats).to.have.length(9);
    const second = await buyer.getCase({ job });
    expect(second.seed).to.equal(pinned.seed);
    expect(second.secondSeed).to.not.equal(second.seed);
    await speak(panel, second, () => GUILTY);
    const { verdict, slashed } = await buyer.closeCase({ job });
    expect(verdict).to.equal(Verdict.Convicted);
    expect(slashed).to.equal(25_000_000n);

    const { positions, ending } = await buyer.getCase({ job });
    expect(ending).to.deep.equal({ verdict, slashed });
    expect(positions.map(({ penalty }) => penalty)).to.deep.equal([
      ...[contradictionPenalty, 0n, contradictionPenalty],
      ...[0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    ]);
    expect((await buyer.getJob({ job })).status).to.equal(JobStatus.Rejected);
    const ended = await failureOf(buyer.waitForJob({ job, until: "settled" }));
    expect(ended).to.include({ code: "JOB_ENDED" });
    expect(ended.details).to.include({ outcome: "Rejected" });
    expect((await provider.getAccount()).stake).to.equal(before.stake - slashed);
    expect(spec.price).to.equal(DRAWN_PRICE);
    for (const { seat } of [positions[0]!, positions[2]!]) {
      await panel.byNumber.get(seat)!.stakeSeat({ amount: contradictionPenalty });
    }
  });

  it("takes an acquittal to tier two for a bond, which the acquitted keeps", async () => {
    const { job, buyer, provider } = await drawnCase();
    await speak(panel, await buyer.getCase({ job }), () => FINE);
    expect(await failureOf(provider.appealCase({ job }))).to.include({ errorName: "CaseNotClient" });
    await buyer.appealCase({ job });
    expect(await buyer.getCase({ job })).to.include({ tier: 2, isAppealed: true, bond: challengeBond });
    await untilDecided(world);
    await buyer.seatPanel({ job });
    await speak(panel, await buyer.getCase({ job }), (position) => (position === 5 ? GUESSED : FINE));
    expect((await buyer.closeCase({ job })).verdict).to.equal(Verdict.Acquitted);
    const { positions } = await buyer.getCase({ job });
    const fined = positions.filter(({ penalty }) => penalty > 0n);
    expect(fined.map(({ position }) => position)).to.deep.equal([5]);
    await panel.byNumber.get(fined[0]!.seat)!.stakeSeat({ amount: localCourtParameters.outlierPenalty });
  });

  it("lets the client challenge an item for a bond, within the window", async () => {
    const { job, buyer, provider } = await judgedJob(world, { price: 1_000n });
    expect(await failureOf(provider.challengeResult({ job, item: 1 }))).to.include({ errorName: "CaseNotClient" });
    expect(await failureOf(buyer.challengeResult({ job, item: 2 }))).to.include({ errorName: "CaseNoSuchItem" });
    const { caseId, key } = await buyer.challengeResult({ job, item: 1 });
    expect(key).to.equal(1n);
    const pinned = await buyer.getCase({ job, key });
    expect(pinned).to.include({ caseId, status: CaseStatus.Pinned, bond: challengeBond });
    expect(pinned.times).to.deep.equal({});
    await untilDecided(world);
    await buyer.seatPanel({ job, key });
    expect(await buyer.getCase({ caseId })).to.include({ startItem: 1 });
    const late = await judgedJob(world, { price: 1_000n, challengeWindow: 2 });
    await world.pass(2);
    const error = await failureOf(late.buyer.challengeResult({ job: late.job, item: 0 }));
    expect(error).to.include({ errorName: "CaseTooLate", retryable: false });
  });

  it("closes without a verdict when too few seats reveal: the client is repaid, the absent pay", async () => {
    const { job, buyer } = await drawnCase();
    await speak(panel, await buyer.getCase({ job }), () => undefined);
    await world.pass(localCourtParameters.commitWindow + localCourtParameters.revealWindow);
    await buyer.closeCase({ job });
    await untilDecided(world);
    await buyer.seatPanel({ job });
    await world.pass(localCourtParameters.commitWindow + localCourtParameters.revealWindow);
    expect((await buyer.closeCase({ job })).verdict).to.equal(Verdict.NoQuorum);
    expect((await buyer.getJob({ job })).ending).to.include({ outcome: Outcome.Undecidable, refund: DRAWN_PRICE });
    const { positions } = await buyer.getCase({ job });
    for (const { seat, penalty } of positions) {
      expect(penalty).to.equal(localCourtParameters.absentPenalty);
      await panel.byNumber.get(seat)!.stakeSeat({ amount: penalty });
    }
  });

  it("denounces a seat that told its word before the reveals", async () => {
    const { job, buyer } = await drawnCase();
    const record = await buyer.getCase({ job });
    const { position, seat } = record.positions[0]!;
    const said = { caseId: record.caseId, position, seat, word: FINE, salt: saltOf(position) };
    const loose = panel.byNumber.get(seat)!;
    expect(await failureOf(buyer.denounceSeat(said))).to.include({ errorName: "CaseWrongReveal" });
    expect(await failureOf(buyer.commitWord(said))).to.include({ errorName: "CaseNotSeat" });
    await loose.commitWord(said);
    expect(await failureOf(loose.commitWord(said))).to.include({ errorName: "CaseAlreadyCommitted" });
    expect(await failureOf(loose.revealWord(said))).to.include({ errorName: "CaseTooEarly" });
    const { penalty } = await buyer.denounceSeat(said);
    expect(penalty).to.equal(localCourtParameters.seatStake);
    const [first] = (await buyer.getCase({ job })).positions;
    expect(first).to.include({ denouncedBy: buyer.account.address, penalty });
    expect((await loose.getSeat()).stake).to.equal(0n);
    await loose.stakeSeat({ amount: localCourtParameters.seatStake });
  });

  it("tells the events of cases as they happen, of one job or of one case", async () => {
    const { job, buyer } = await judgedJob(world);
    const since = (await world.tester.getBlockNumber({ cacheTime: 0 })) + 1n;
    const watch = buyer.watchCases({ job, since, pollingInterval: 20 });
    const other = await drawnCase();
    const { caseId } = await other.buyer.openDrawnCase({ job });
    await speak(panel, await buyer.getCase({ job }), () => FINE);
    const told: CaseEvent[] = [];
    while (told.length < 8) {
      const { value } = await watch.next();
      told.push(value as CaseEvent);
    }
    expect(new Set(told.map((event) => event.caseId))).to.deep.equal(new Set([caseId]));
    expect(told.map(({ eventName }) => eventName)).to.deep.equal([
      ...["CaseOpened", "CaseSeated", "WordCommitted", "WordCommitted", "WordCommitted"],
      ...["WordRevealed", "WordRevealed", "WordRevealed"],
    ]);
    const only = buyer.watchCases({ caseId: other.caseId, since, pollingInterval: 20 });
    const { value } = await only.next();
    expect(value).to.include({ eventName: "CaseOpened", caseId: other.caseId });
  });

  it("waits for a case, and says when that is in vain", async () => {
    const { job, buyer, caseId } = await drawnCase();
    expect(await buyer.waitForCase({ job, until: "seated" })).to.include({ caseId });
    const impatient = buyer.waitForCase({ job, until: "closed", timeoutMs: 100 });
    expect(await failureOf(impatient)).to.include({ code: "CASE_WAIT_TIMEOUT", retryable: true });
    await speak(panel, await buyer.getCase({ job }), () => FINE);
    await world.pass(appealWindow);
    await buyer.closeCase({ job });
    const vain = buyer.waitForCase({ caseId, until: "revealed" });
    expect(await failureOf(vain)).to.include({ code: "CASE_ENDED", caseId });
  });

  it("draws an old job anew, whose block cannot be read any more, and lets it go where it is not chosen", async () => {
    const { job, buyer, provider } = await judgedJob(world, { price: 1n });
    // Without the history contract of EIP-2935 a block can be read for 256 blocks only, with it for 8,191.
    await world.tester.setCode({ address: "0x0000F90827F1C53a10cb7A02335B175320002935", bytecode: "0x" });
    await world.tester.mine({ blocks: 300 });
    expect(await buyer.getDraw({ job })).to.equal(Draw.Drawn);
    await provider.openDrawnCase({ job });
    expect((await provider.getSeat()).credit).to.equal(0n);
    expect(await buyer.getCase({ job })).to.include({ status: CaseStatus.Pinned, tier: 1 });
    await untilDecided(world);
    expect(await buyer.seatPanel({ job })).to.deep.include({ seats: [], verdict: Verdict.None });
    expect((await buyer.getCase({ job })).ending).to.deep.equal({ verdict: Verdict.None, slashed: 0n });
    await world.pass(20);
    expect(await buyer.settleJob({ job })).to.include({ outcome: Outcome.Completed });
  });

  it("opens no case of a job that is not verified, and knows no draw before the submission", async () => {
    const { job, buyer, provider } = await judgedJob(world, { sealed: true });
    await untilDecided(world);
    expect(await buyer.getDraw({ job })).to.equal(Draw.NotDrawn);
    expect(await failureOf(buyer.openDrawnCase({ job }))).to.include({ errorName: "CaseNotDrawn" });
    const open = await buyer.postJob({ model: JUDGED_MODEL, input: job, items: 1, price: DRAWN_PRICE });
    expect(await buyer.getDraw(open)).to.equal(Draw.NotDrawn);
    await provider.acceptJob(open);
    expect(await buyer.getDraw(open)).to.equal(Draw.Pending);
  });

  it("opens no case of a job that is not drawn or not known", async () => {
    const cheap = await judgedJob(world, { price: 1n });
    await untilDecided(world);
    expect(await cheap.buyer.getDraw(cheap)).to.equal(Draw.NotDrawn);
    expect(await failureOf(cheap.buyer.openDrawnCase(cheap))).to.include({ errorName: "CaseNotDrawn" });
    expect(await failureOf(cheap.buyer.getCase(cheap))).to.include({ code: "CASE_UNKNOWN" });
    expect(await failureOf(cheap.buyer.closeCase(cheap))).to.include({ errorName: "CaseWrongStatus" });
    const frozen = { ...(await cheap.buyer.getJob(cheap)).frozen!, price: 2n };
    expect(await failureOf(cheap.buyer.openDrawnCase({ ...cheap, frozen }))).to.include({ errorName: "CaseWrongJob" });
    expect(JUDGED_MODEL).to.equal(cheap.spec.model);
  });
});
