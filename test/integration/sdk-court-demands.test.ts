import { CaseStatus, type DemandEvent, JobStatus, Outcome, Verdict } from "@touchstone/sdk";
import { expect } from "chai";
import { type Hex, keccak256, stringToBytes } from "viem";
import { localCourtParameters } from "../../scripts/network/parameters.ts";
import { DRAWN_PRICE, FINE, judgedJob, newPanel, type Panel, saltOf, untilDecided } from "./support/court.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";

const { answerWindow, demandDeposit } = localCourtParameters;

describe("SDK: data on demand", function () {
  this.timeout(120_000);
  let world: World;
  let panel: Panel;
  before(async () => {
    world = await startWorld();
    panel = await newPanel(world);
  });
  after(() => world.stop());

  /** A drawn job whose case is open, and the first of its seats. */
  async function drawnCase() {
    const judged = await judgedJob(world);
    await untilDecided(world);
    const { caseId } = await judged.buyer.openDrawnCase(judged);
    const { positions, startItem = 0 } = await judged.buyer.getCase({ caseId });
    const { position, seat } = positions[0]!;
    return { ...judged, caseId, startItem, position, seat, person: panel.byNumber.get(seat)! };
  }

  it("brings the client the exact bytes of an item, and the deposit to whoever answers", async () => {
    const { job, buyer, provider, answer } = await judgedJob(world);
    expect(await buyer.getDemand({ key: job })).to.equal(undefined);
    expect(await failureOf(provider.demandItem({ job, item: 0 }))).to.include({ errorName: "CaseNotClient" });
    const { answerBy } = await buyer.demandItem({ job, item: 1 });
    expect(answerBy).to.equal((await world.now()) + answerWindow);
    expect((await buyer.getJob({ job })).status).to.equal(JobStatus.InCase);
    const demander = buyer.account.address;
    expect(await buyer.getDemand({ key: job })).to.deep.equal({ job, demander, answerBy, item: 1, chunk: 0 });
    expect(await failureOf(buyer.demandItem({ job, item: 0 }))).to.include({
      errorName: "DemandOpen",
      retryable: true,
    });
    expect(await failureOf(buyer.defaultDemand({ job }))).to.include({ errorName: "DemandTooEarly", retryable: true });

    const before = (await provider.getAccount()).balance;
    await provider.answerDemand({ job, answer: answer(1) });
    expect((await provider.getAccount()).balance - before).to.equal(demandDeposit);
    expect((await buyer.getJob({ job })).status).to.equal(JobStatus.Submitted);
    expect(await buyer.getDemand({ key: job })).to.equal(undefined);
    const late = provider.answerDemand({ job, answer: answer(1) });
    expect(await failureOf(late)).to.include({ errorName: "DemandNotOpen" });
  });

  it("refuses bytes that are not those behind the job, and says which part", async () => {
    const { job, buyer, provider, answer } = await judgedJob(world);
    await buyer.demandItem({ job, item: 1 });
    const right = answer(1);
    const wrong: Record<string, object> = {
      result: { resultProof: [] },
      request: { request: "0x00" },
      output: { output: "0x00" },
      trace: { trace: "0x00" },
    };
    for (const [part, change] of Object.entries(wrong)) {
      const error = await failureOf(provider.answerDemand({ job, answer: { ...right, ...change } }));
      expect(error).to.include({ errorName: "DemandWrongAnswer" });
      expect(error.details.args).to.deep.equal([job, part]);
    }
    await provider.answerDemand({ job, answer: right });
  });

  it("brings every chunk of a trace, and the last one for a chunk beyond it", async () => {
    const { job, buyer, provider, answer } = await judgedJob(world);
    const since = (await world.tester.getBlockNumber({ cacheTime: 0 })) + 1n;
    for (const chunk of [1, 2, 7]) {
      await buyer.demandItem({ job, item: 1, chunk });
      await provider.answerDemand({ job, answer: answer(1, chunk) });
    }
    const watch = buyer.watchDemands({ job, since, pollingInterval: 20 });
    const told: DemandEvent[] = [];
    while (told.length < 6) {
      told.push((await watch.next()).value as DemandEvent);
    }
    const answers = told.flatMap((event) => (event.eventName === "Answered" ? [event.args.answer] : []));
    expect(answers.map(({ request }) => request)).to.deep.equal(["0x", "0x", "0x"]);
    expect(answers[0]!.traceChunk).to.equal(1);
    expect(answers[2]).to.deep.equal(answers[1]);
  });

  it("gives a seat what it has to check, while the clock of the commits stands still", async () => {
    const { job, provider, caseId, startItem, position, seat, person, answer } = await drawnCase();
    const stranger = provider.demandForCase({ job, position });
    expect(await failureOf(stranger)).to.include({ errorName: "CaseNotSeat" });
    const before = (await person.getAccount()).balance;
    const { answerBy, ...demanded } = await person.demandForCase({ job, position });
    expect(demanded).to.include({ item: startItem, chunk: 0 });
    expect(await person.getCase({ caseId })).to.include({ status: CaseStatus.Waiting, demands: 1 });
    expect(await person.getDemand({ key: caseId })).to.include({ answerBy, item: startItem });
    const said = { caseId, position, seat, word: FINE, salt: saltOf(position) };
    expect(await failureOf(person.commitWord(said))).to.include({ errorName: "CaseWrongStatus" });
    await provider.answerDemand({ job, key: caseId, answer: answer(startItem) });
    const answered = await person.getCase({ caseId });
    expect(answered).to.include({ status: CaseStatus.Commit, since: await world.now() });
    expect((await person.getAccount()).balance).to.equal(before);
    await person.commitWord(said);
  });

  it("ends a job whose provider does not answer a seat: the client is repaid, the stake slashed", async () => {
    const { job, buyer, provider, caseId, startItem, position, person, answer } = await drawnCase();
    const before = await provider.getAccount();
    await person.demandForCase({ job, position });
    await world.pass(answerWindow);
    const late = provider.answerDemand({ job, key: caseId, answer: answer(startItem) });
    expect(await failureOf(late)).to.include({ errorName: "DemandTooLate", retryable: false });
    const { refund, slashed } = await person.defaultDemand({ job, key: caseId });
    expect(refund).to.equal(DRAWN_PRICE);
    expect((await provider.getAccount()).stake).to.equal(before.stake - slashed);
    const { ending, status } = await buyer.getJob({ job });
    expect({ status, outcome: ending?.outcome }).to.deep.equal({
      status: JobStatus.Rejected,
      outcome: Outcome.Withheld,
    });
    expect((await buyer.getCase({ caseId })).ending).to.deep.equal({ verdict: Verdict.Withheld, slashed });
  });

  it("ends a job whose provider does not answer its client", async () => {
    const { job, buyer } = await judgedJob(world);
    await buyer.demandItem({ job, item: 0 });
    await world.pass(answerWindow);
    const { slashed } = await buyer.defaultDemand({ job });
    expect(slashed).to.equal(25_000_000n);
    expect((await buyer.getJob({ job })).ending?.outcome).to.equal(Outcome.Withheld);
    expect(await failureOf(buyer.defaultDemand({ job }))).to.include({ errorName: "DemandNotOpen" });
  });

  it("knows no demand on a job that is not there", async () => {
    const key: Hex = keccak256(stringToBytes("nothing"));
    const [reader] = panel.seats;
    expect(await reader!.getDemand({ key })).to.equal(undefined);
    expect(await failureOf(reader!.demandItem({ job: key, item: 0 }))).to.include({ code: "JOB_UNKNOWN" });
  });
});
