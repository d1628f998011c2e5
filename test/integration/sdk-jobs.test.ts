import { EMPTY_FROZEN, JobStatus, Obstacle, Outcome, requestBytes, requestHash } from "@touchstone/sdk";
import { expect } from "chai";
import { keccak256, zeroAddress } from "viem";
import { type ContentServer, startContentServer } from "./support/content-server.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { draft, MODEL, newBuyer, newProvider, type Person, PRICE, REQUESTS, submitted } from "./support/trade.ts";

const ROOT = keccak256("0x01");

describe("SDK: jobs", () => {
  let world: World;
  let server: ContentServer;
  let buyer: Person;
  let provider: Person;
  before(async () => {
    world = await startWorld();
    server = await startContentServer();
    buyer = await newBuyer(world);
    provider = await newProvider(world);
  });
  after(async () => {
    await server.stop();
    await world.stop();
  });

  it("posts, accepts, submits and settles, and reads the job on its way", async () => {
    const { job, spec } = await buyer.postJob({ ...draft(), uri: server.url });
    const open = await buyer.getJob({ job });
    expect(open).to.include({ status: JobStatus.Open, uri: server.url, deadline: spec.acceptBy });
    expect(open.spec).to.deep.equal(spec);

    const { frozen } = await provider.acceptJob({ spec });
    const accepted = await buyer.getJob({ job });
    expect(accepted).to.include({ status: JobStatus.Accepted, deadline: accepted.since + spec.submitWithin });
    expect(accepted.frozen).to.deep.equal(frozen);

    const after = await provider.submitResult({ job, resultRoot: ROOT });
    const inWindow = await buyer.getJob({ job });
    expect(inWindow).to.include({ status: JobStatus.Submitted, deadline: inWindow.since + 2 });
    expect(inWindow.frozen).to.deep.equal(after.frozen);

    expect(await failureOf(buyer.settleJob({ job }))).to.include({ errorName: "JobTooEarly", retryable: true });
    await world.pass(2);
    expect(await buyer.settleJob({ job })).to.include({ outcome: Outcome.Unverified, paid: 9_800n, fee: 200n });
    const { status, ending, deadline } = await buyer.getJob({ job });
    expect({ status, deadline }).to.deep.equal({ status: JobStatus.Settled, deadline: undefined });
    expect(ending).to.deep.equal({ outcome: Outcome.Unverified, paid: 9_800n, fee: 200n, refund: 0n, penalty: 0n });

    const history = await buyer.getJobHistory({ job });
    expect(history.map(({ eventName }) => eventName)).to.deep.equal([
      "JobPosted",
      "JobAccepted",
      "JobSubmitted",
      "JobSettled",
    ]);
    expect(history[3]!.time - history[2]!.time).to.be.at.least(2);
    expect((await provider.getAccount()).fees).to.equal(200n);
    const { collected } = await buyer.collectFees({ providers: [provider.account.address] });
    expect(collected).to.equal(200n);
  });

  it("uploads the requests to the address that it posts", async () => {
    const { spec } = await buyer.postJob({ ...draft(), uri: server.url });
    const { requests } = await buyer.fetchInput({ root: spec.input, urls: [server.url] });
    expect(requests.map(requestHash)).to.deep.equal(REQUESTS.map((text) => requestHash(requestBytes(text))));
  });

  it("posts a job by the root of an input that is stored already, with all that a buyer may choose", async () => {
    const acceptBy = (await world.now()) + 50;
    const { spec } = await buyer.prepareJob({
      ...{ model: MODEL, input: ROOT, items: 9, price: 5n, provider: provider.account.address, acceptBy },
      ...{ submitWithin: 60, challengeWindow: 5, sealed: true, salt: ROOT },
    });
    const { job } = await buyer.postJob({ spec });
    expect((await buyer.getJob({ job })).spec).to.deep.equal({
      ...{ client: buyer.account.address, provider: provider.account.address, model: MODEL, input: ROOT, items: 9 },
      ...{ price: 5n, acceptBy, submitWithin: 60, challengeWindow: 5, flags: 1 },
      ...{ callback: zeroAddress, callbackGas: 0, salt: ROOT },
    });
    expect(await failureOf(buyer.postJob({ spec }))).to.include({ errorName: "JobWrongStatus" });
  });

  it("refuses a bad request before anything is paid", async () => {
    const requests = [{ messages: [{ role: "user" as const, content: "hi" }], temperature: 3 }];
    const error = await failureOf(buyer.postJob({ ...draft(), requests, uri: server.url }));
    expect(error).to.include({ code: "REQUEST_INVALID_FIELD" });
  });

  it("posts many in one transaction and says which were passed over", async () => {
    const fresh = await Promise.all([buyer.prepareJob(draft()), buyer.prepareJob(draft())]);
    const old = await buyer.prepareJob({ ...draft(), acceptBy: (await world.now()) - 1 });
    const specs = [fresh[0], old, fresh[1]];
    const { jobs } = await buyer.postJobs({ jobs: specs.map(({ spec }) => ({ spec, uri: server.url })) });
    expect(jobs.map(({ job }) => job)).to.deep.equal(specs.map(({ job }) => job));
    expect(jobs.map(({ obstacle }) => obstacle)).to.deep.equal([undefined, Obstacle.TooLate, undefined]);
  });

  it("settles many in one transaction and says which were passed over", async () => {
    const first = await submitted(server, buyer, provider);
    const second = await submitted(server, buyer, provider);
    const { job: open } = await buyer.postJob(draft());
    await world.pass(2);
    const { settled, skipped } = await provider.settleJobs({ jobs: [first, { job: open }, second] });
    expect(settled.map(({ job, paid }) => [job, paid])).to.deep.equal([
      [first.job, 9_800n],
      [second.job, 9_800n],
    ]);
    expect(skipped).to.deep.equal([{ job: open, obstacle: Obstacle.WrongStatus }]);
  });

  it("declines for good, free at first and then for a fee", async () => {
    const { job, spec } = await buyer.postJob(draft());
    await provider.acceptJob({ spec });
    expect(await provider.declineJob({ job })).to.include({ refund: PRICE, penalty: 0n });
    const late = await buyer.postJob(draft());
    const { frozen } = await provider.acceptJob(late);
    await world.pass(10);
    expect(await provider.declineJob({ ...late, frozen })).to.include({ refund: PRICE, penalty: 20n });
    expect((await buyer.getJob({ job })).ending?.outcome).to.equal(Outcome.Declined);
  });

  it("cancels what nobody accepted", async () => {
    const { job } = await buyer.postJob(draft());
    expect(await failureOf(provider.cancelJob({ job }))).to.include({ errorName: "JobNotClient" });
    expect((await buyer.cancelJob({ job })).refund).to.equal(PRICE);
    expect((await buyer.getJob({ job })).status).to.equal(JobStatus.Refunded);
  });

  it("ends what nobody accepted, and what was accepted and not submitted", async () => {
    const unwanted = await buyer.postJob({ ...draft(), acceptBy: (await world.now()) + 20 });
    const dropped = await buyer.postJob(draft({ submitWithin: 20 }));
    await provider.acceptJob(dropped);
    expect(await failureOf(buyer.expireJob(unwanted))).to.include({ errorName: "JobTooEarly" });
    await world.pass(30);
    expect(await buyer.expireJob({ job: unwanted.job })).to.include({ outcome: Outcome.NotAccepted, penalty: 0n });
    const noShow = await provider.expireJob({ job: dropped.job });
    expect(noShow).to.include({ outcome: Outcome.NoShow, refund: PRICE, penalty: 2_000n }); // a fifth of the floor
  });

  it("says which accounts may do what", async () => {
    const { job, spec } = await buyer.postJob(draft({ provider: provider.account.address }));
    const other = await newProvider(world);
    expect(await failureOf(other.acceptJob({ spec }))).to.include({ errorName: "JobProviderMismatch" });
    const poor = await world.newcomer();
    const accept = poor.acceptJob({ spec: { ...spec, provider: poor.account.address } });
    expect(await failureOf(accept)).to.include({ errorName: "JobWrongStatus" });
    await provider.acceptJob({ spec });
    const stolen = other.submitResult({ job, resultRoot: ROOT });
    expect(await failureOf(stolen)).to.include({ errorName: "StakingNotOperator" });
    const wrong = provider.submitResult({ job, resultRoot: ROOT, frozen: EMPTY_FROZEN });
    expect(await failureOf(wrong)).to.include({ errorName: "StakingNotOperator" });
    const zero = provider.submitResult({ job, resultRoot: `0x${"00".repeat(32)}` });
    expect(await failureOf(zero)).to.include({ errorName: "JobZeroRoot" });
  });

  it("knows no job that was not posted", async () => {
    expect(await failureOf(buyer.getJob({ job: ROOT }))).to.include({ code: "JOB_UNKNOWN" });
    expect(await failureOf(buyer.getJobHistory({ job: ROOT }))).to.include({ code: "JOB_UNKNOWN" });
    expect(await failureOf(buyer.settleJob({ job: ROOT }))).to.include({ code: "JOB_UNKNOWN" });
  });

  it("settles when the window is over though no block was mined since", async () => {
    const { job } = await submitted(server, buyer, provider);
    await world.tester.increaseTime({ seconds: 2 });
    expect(await buyer.settleJob({ job })).to.include({ outcome: Outcome.Unverified });
  });

  it("posts on a chain whose clock is ahead", async () => {
    await world.pass(7200);
    const { job } = await buyer.postJob(draft());
    expect((await buyer.getJob({ job })).status).to.equal(JobStatus.Open);
  });

  it("lists jobs by client, provider and model", async () => {
    const client = await newBuyer(world);
    const seller = await newProvider(world);
    const open = await client.postJob(draft());
    const taken = await submitted(server, client, seller);
    const named = await client.postJob(draft({ provider: seller.account.address }));
    const ids = async (query: Parameters<Person["listJobs"]>[0]) => (await buyer.listJobs(query)).map(({ job }) => job);
    const mine = { client: client.account.address };
    const theirs = { provider: seller.account.address };
    expect(await ids(mine)).to.have.members([open.job, taken.job, named.job]);
    expect(await ids(theirs)).to.have.members([taken.job, named.job]);
    expect(await ids({ ...mine, ...theirs, model: MODEL })).to.have.members([taken.job, named.job]);
    expect(await ids({ ...mine, model: ROOT })).to.deep.equal([]);
    const [first] = await buyer.listJobs(mine);
    expect(first).to.include({ job: open.job, status: JobStatus.Open });
    expect((await buyer.listJobs({})).length).to.be.greaterThan(10);
  });
});
