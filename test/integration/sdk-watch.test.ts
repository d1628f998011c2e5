import { type JobEvent, type JobEventName, JobStatus, type TouchstoneError } from "@touchstone/sdk";
import { expect } from "chai";
import { type Hex, http, keccak256 } from "viem";
import { type ContentServer, startContentServer } from "./support/content-server.ts";
import { failureOf } from "./support/failure.ts";
import { type FlakyProxy, startFlakyProxy } from "./support/flaky-proxy.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { draft, MODEL, newBuyer, newProvider, type Person, submitted } from "./support/trade.ts";

const ROOT = keccak256("0x01");

describe("SDK: watching and waiting", () => {
  let world: World;
  let proxy: FlakyProxy;
  let server: ContentServer;
  let buyer: Person;
  let provider: Person;
  let watcher: Person;
  before(async () => {
    world = await startWorld();
    proxy = await startFlakyProxy(world.rpcUrl);
    server = await startContentServer();
    buyer = await newBuyer(world);
    provider = await newProvider(world);
    watcher = world.person(0, http(proxy.rpcUrl, { retryCount: 0 }));
  });
  afterEach(() => {
    proxy.fault = () => undefined;
    proxy.alter = (_, result) => result;
    server.faults.clear();
  });
  after(async () => {
    await Promise.all([proxy.stop(), server.stop()]);
    await world.stop();
  });

  /** Watches from the present on; `until` ends when an event fits and tells all that came. */
  async function watch(parameters: Parameters<Person["watchJobs"]>[0] = {}) {
    const since = parameters.since ?? (await world.tester.getBlockNumber({ cacheTime: 0 })) + 1n;
    const events = watcher.watchJobs({ pollingInterval: 20, ...parameters, since });
    const told: JobEvent[] = [];
    return {
      told,
      async until(job: Hex, name: JobEventName): Promise<JobEvent[]> {
        for (;;) {
          const { value, done } = await events.next();
          if (done) {
            throw new Error("The watch ended.");
          }
          told.push(value);
          if (value.job === job && value.eventName === name) {
            return told;
          }
        }
      },
    };
  }

  const namesOf = (events: readonly JobEvent[]) => events.map(({ eventName }) => eventName);

  it("tells the life of a job, each event once and in order", async () => {
    const events = await watch();
    const { job } = await submitted(server, buyer, provider);
    await world.pass(2);
    await buyer.settleJob({ job });
    const told = await events.until(job, "JobSettled");
    expect(namesOf(told)).to.deep.equal(["JobPosted", "JobAccepted", "JobSubmitted", "JobSettled"]);
  });

  it("tells only of the client, the provider, the model or the job asked for", async () => {
    const stranger = await newBuyer(world);
    const before = await stranger.postJob(draft({ provider: provider.account.address }));
    const watches = {
      client: await watch({ client: stranger.account.address }),
      provider: await watch({ provider: provider.account.address }),
      model: await watch({ model: ROOT }),
      job: await watch({ job: before.job }),
    };
    const open = await buyer.postJob(draft());
    await provider.acceptJob(before);
    const other = await buyer.postJob({ ...draft(), model: ROOT });
    const last = await stranger.postJob({ ...draft({ provider: provider.account.address }), model: ROOT });
    await provider.submitResult({ job: before.job, resultRoot: ROOT });
    const jobsOf = (events: readonly JobEvent[]) => events.map(({ job, eventName }) => [job, eventName]);
    const accepted = [before.job, "JobAccepted"];
    const submittedLast = [before.job, "JobSubmitted"];
    const posted = [last.job, "JobPosted"];
    expect(jobsOf(await watches.client.until(before.job, "JobSubmitted"))).to.deep.equal([
      accepted,
      posted,
      submittedLast,
    ]);
    expect(jobsOf(await watches.provider.until(before.job, "JobSubmitted"))).to.deep.equal([
      accepted,
      posted,
      submittedLast,
    ]);
    expect(jobsOf(await watches.model.until(last.job, "JobPosted"))).to.deep.equal([[other.job, "JobPosted"], posted]);
    expect(jobsOf(await watches.job.until(before.job, "JobSubmitted"))).to.deep.equal([accepted, submittedLast]);
    expect(open.job).to.not.equal(other.job);
  });

  it("loses nothing and repeats nothing when the RPC server fails", async () => {
    const errors: TouchstoneError[] = [];
    const events = await watch({ onError: (error) => errors.push(error) });
    let times = 0;
    proxy.fault = (method) => {
      times += 1;
      if (times % 3 === 0) {
        return "drop";
      }
      return times % 5 === 0 ? { error: { code: -32_000, message: `${method} failed` } } : undefined;
    };
    const jobs: Hex[] = [];
    for (let index = 0; index < 5; index += 1) {
      jobs.push((await buyer.postJob(draft())).job);
      const seen = events.told.length;
      await events.until(jobs[index]!, "JobPosted");
      expect(events.told.length).to.equal(seen + 1);
    }
    expect(events.told.map(({ job }) => job)).to.deep.equal(jobs);
    expect(errors.length).to.be.greaterThan(0);
    expect(errors.every(({ code, retryable }) => code === "RPC_FAILED" && retryable)).to.equal(true);
  });

  it("asks in halves where the server finds a range too long", async () => {
    const first = (await world.tester.getBlockNumber({ cacheTime: 0 })) + 1n;
    const { job } = await buyer.postJob(draft());
    await world.tester.mine({ blocks: 40 });
    const { job: later } = await buyer.postJob(draft());
    proxy.fault = (method, [query]) => {
      const { fromBlock, toBlock } = (query ?? {}) as { fromBlock: Hex; toBlock: Hex };
      const isTooLong = method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) >= 16;
      return isTooLong ? { error: { code: -32_005, message: "query returned more than 16 blocks" } } : undefined;
    };
    const jobs = await watcher.listJobs({ fromBlock: first });
    expect(jobs.map((one) => one.job)).to.deep.equal([job, later]);
  });

  it("does not believe a server that leaves events out or changes them", async () => {
    const { job } = await submitted(server, buyer, provider);
    const alterLogs = (change: (logs: { data: string }[]) => unknown) => {
      proxy.alter = (method, result) => (method === "eth_getLogs" ? change(result as { data: string }[]) : result);
    };
    expect((await watcher.getJob({ job })).status).to.equal(JobStatus.Submitted);
    alterLogs((logs) => logs.slice(0, 2));
    expect(await failureOf(watcher.getJob({ job }))).to.include({ code: "JOB_EVENTS_INCONSISTENT", retryable: true });
    alterLogs(([posted, accepted, ...rest]) => [
      posted,
      { ...accepted, data: accepted!.data.replace(/0$/, "1") },
      ...rest,
    ]);
    expect(await failureOf(watcher.getJob({ job }))).to.include({ code: "JOB_EVENTS_INCONSISTENT" });
    alterLogs(([posted, ...rest]) => [
      { ...posted, data: posted!.data.replace(MODEL.slice(2), ROOT.slice(2)) },
      ...rest,
    ]);
    expect(await failureOf(watcher.getJob({ job }))).to.include({ code: "JOB_EVENTS_INCONSISTENT" });
    const cancelled = await buyer.postJob(draft());
    await buyer.cancelJob(cancelled);
    alterLogs(([posted]) => [posted]);
    expect(await failureOf(watcher.getJob(cancelled))).to.include({ code: "JOB_EVENTS_INCONSISTENT" });
    alterLogs(() => []);
    expect(await failureOf(watcher.getJob({ job }))).to.include({ code: "JOB_UNKNOWN" });
  });

  it("does not repeat an event that a reorganisation moved", async () => {
    const events = await watch();
    const { job } = await buyer.postJob(draft());
    const [posted] = await events.until(job, "JobPosted");
    const raw = await world.tester.request({
      method: "eth_getRawTransactionByHash" as never,
      params: [posted!.transactionHash] as never,
    });
    await world.tester.request({ method: "anvil_reorg" as never, params: [1, [[raw, 0]]] as never });
    const moved = await buyer.getJobHistory({ job });
    expect(moved[0]?.blockHash).to.not.equal(posted!.blockHash);
    const { job: next } = await buyer.postJob(draft());
    const told = await events.until(next, "JobPosted");
    expect(told.map((event) => event.job)).to.deep.equal([job, next]);
  });

  it("tells an event only under so many confirmations", async () => {
    const events = await watch({ confirmations: 2 });
    const { job } = await buyer.postJob(draft());
    const first = events.until(job, "JobPosted");
    const looks = proxy.asked.length;
    await until(() => proxy.asked.length >= looks + 10);
    expect(events.told).to.deep.equal([]);
    await world.tester.mine({ blocks: 2 });
    expect((await first).map((event) => event.job)).to.deep.equal([job]);
  });

  it("ends when its signal is aborted", async () => {
    const controller = new AbortController();
    const events = watcher.watchJobs({ signal: controller.signal, pollingInterval: 60_000 });
    const next = events.next();
    controller.abort();
    expect(await next).to.deep.equal({ value: undefined, done: true });
  });

  it("waits with progress from the chain and from the node", async () => {
    const { job, spec } = await buyer.postJob({ ...draft(), uri: server.url });
    const reports: string[] = [];
    const waiting = watcher.waitForJob({
      ...{ job, until: "submitted", url: server.url, pollingInterval: 10 },
      onProgress({ status, node }) {
        reports.push(`${status} ${node?.stage ?? "-"} ${node?.done ?? "-"}`);
      },
    });
    const report = (text: string) => until(() => reports.includes(text));
    await report(`${JobStatus.Open} - -`);
    await provider.acceptJob({ spec });
    server.answers.set(`/jobs/${job}`, { job, stage: "execute", done: 1, items: 2 });
    await report(`${JobStatus.Accepted} execute 1`);
    await provider.submitResult({ job, resultRoot: ROOT });
    expect((await waiting).status).to.equal(JobStatus.Submitted);
    expect(new Set(reports).size).to.equal(reports.length);
  });

  it("waits through a failing RPC server, for the settlement and for any end", async () => {
    const { job } = await submitted(server, buyer, provider);
    let failures = 0;
    proxy.fault = () => (failures < 5 ? "drop" : undefined);
    const options = { job, pollingInterval: 10, onError: () => (failures += 1) } as const;
    const waiting = Promise.all([
      watcher.waitForJob({ ...options, until: "settled" }),
      watcher.waitForJob({ ...options, until: "ended" }),
    ]);
    await until(() => failures >= 5);
    await world.pass(2);
    await buyer.settleJob({ job });
    expect((await waiting).map(({ status }) => status)).to.deep.equal([JobStatus.Settled, JobStatus.Settled]);
  });

  it("says that a job ended otherwise", async () => {
    const { job } = await buyer.postJob(draft());
    await buyer.cancelJob({ job });
    const error = await failureOf(buyer.waitForJob({ job, until: "submitted" }));
    expect(error).to.include({ code: "JOB_ENDED", retryable: false });
    expect(error.details.outcome).to.equal("Cancelled");
    expect((await buyer.waitForJob({ job, until: "ended" })).status).to.equal(JobStatus.Refunded);
  });

  it("says that the node gave an order up", async () => {
    const { job } = await buyer.prepareJob(draft());
    const error = { code: "ENGINE_FAILED", message: "The engine failed." };
    server.answers.set(`/jobs/${job}`, { job, stage: "failed", done: 0, items: 2, error });
    const failure = await failureOf(buyer.waitForJob({ job, until: "submitted", url: server.url }));
    expect(failure).to.include({ code: "JOB_GIVEN_UP" });
  });

  it("stops waiting after the time given, or with the reason of a signal", async () => {
    const { job } = await buyer.postJob(draft());
    const wait = { job, until: "submitted" as const, pollingInterval: 10 };
    expect(await failureOf(buyer.waitForJob({ ...wait, timeoutMs: 30 }))).to.include({
      code: "JOB_WAIT_TIMEOUT",
      retryable: true,
    });
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    expect(await buyer.waitForJob({ ...wait, signal }).catch((error: unknown) => error)).to.equal(reason);
  });

  /** Looks again and again until something holds. */
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
});
