import type { ServerResponse } from "node:http";
import { type ContentError, completionText, encodeOutput, errorOutput, type HttpError } from "@touchstone/sdk";
import { expect } from "chai";
import { stringToBytes } from "viem";
import { type ContentServer, refusal, startContentServer } from "./support/content-server.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import {
  cardOf,
  draft,
  newBuyer,
  newProvider,
  OUTPUTS,
  type Person,
  publish,
  REQUESTS,
  submitted,
} from "./support/trade.ts";

describe("SDK: inputs and results", () => {
  let world: World;
  let server: ContentServer;
  let other: ContentServer;
  let buyer: Person;
  let provider: Person;
  before(async () => {
    world = await startWorld();
    server = await startContentServer();
    other = await startContentServer();
    buyer = await newBuyer(world);
    provider = await newProvider(world);
  });
  afterEach(() => server.faults.clear());
  after(async () => {
    await Promise.all([server.stop(), other.stop()]);
    await world.stop();
  });

  const fetchFrom = (job: `0x${string}`, ...urls: string[]) => buyer.fetchResults({ job, urls, retries: 0 });

  it("fetches results, each with its bytes and what they say", async () => {
    const { job, root } = await submitted(server, buyer, provider);
    const results = await fetchFrom(job, server.url);
    expect(results).to.include({ provider: provider.account.address, root });
    expect(results.items.map(({ output }) => output)).to.deep.equal(OUTPUTS);
    expect(results.items[0]?.bytes).to.deep.equal(encodeOutput(OUTPUTS[0]!));
    expect(completionText(results.items[0]?.output)).to.equal("A fox slept.");
    expect(() => completionText(results.items[1]?.output))
      .to.throw()
      .with.property("code", "RESULT_WITHOUT_TEXT");
  });

  it("finds the provider's server by its card", async () => {
    const { job } = await submitted(server, buyer, provider);
    expect(await failureOf(buyer.fetchResults({ job }))).to.include({ code: "CARD_UNPUBLISHED" });
    server.answers.set("/card", cardOf(world, provider, server.url));
    await provider.updateProvider({ uri: `${server.url}/card` });
    expect((await buyer.fetchResults({ job })).items).to.have.length(2);
  });

  it("says that there is no result yet", async () => {
    const { job, spec } = await buyer.postJob(draft());
    expect(await failureOf(fetchFrom(job, server.url))).to.include({ code: "RESULT_NOT_SUBMITTED", retryable: true });
    await provider.acceptJob({ spec });
    expect(await failureOf(fetchFrom(job, server.url))).to.include({ code: "RESULT_NOT_SUBMITTED" });
  });

  it("refuses a list that is not behind the root on chain", async () => {
    const { job } = await submitted(server, buyer, provider);
    publish(server, { job, provider: provider.account.address, outputs: [OUTPUTS[0]!, errorOutput("OTHER", "")] });
    expect(await failureOf(fetchFrom(job, server.url))).to.include({ code: "CONTENT_ROOT_MISMATCH", retryable: false });
    publish(server, { job, provider: provider.account.address, outputs: [OUTPUTS[0]!] });
    expect(await failureOf(fetchFrom(job, server.url))).to.include({ code: "CONTENT_ROOT_MISMATCH" });
  });

  it("says that the provider answered only part of the job", async () => {
    const { job, spec } = await buyer.postJob({ ...draft(), uri: server.url });
    await provider.acceptJob({ spec });
    const root = publish(server, { job, provider: provider.account.address, outputs: [OUTPUTS[0]!] });
    await provider.submitResult({ job, resultRoot: root });
    expect(await failureOf(fetchFrom(job, server.url))).to.include({ code: "RESULT_INCOMPLETE", retryable: false });
  });

  it("refuses bytes that are not those of their hash", async () => {
    const { job } = await submitted(server, buyer, provider);
    server.faults.set("/blobs/", (response) => response.end("other bytes"));
    const error = await failureOf(fetchFrom(job, server.url));
    expect(error).to.include({ code: "CONTENT_HASH_MISMATCH", retryable: false });
  });

  it("cuts a server off that sends without end", async () => {
    const { job } = await submitted(server, buyer, provider);
    let sent = 0;
    server.faults.set("/blobs/", (response) => flood(response, (bytes) => (sent += bytes)));
    const error = await failureOf(buyer.fetchResults({ job, urls: [server.url], maxItemBytes: 1000, retries: 0 }));
    expect(error).to.include({ code: "HTTP_TOO_LARGE", retryable: false });
    expect(sent).to.be.lessThan(64 * 1024 * 1024);
  });

  it("does not wait for a server that drips", async () => {
    const { job } = await submitted(server, buyer, provider);
    server.faults.set("/results/", (response) => response.write("{"));
    const error = await failureOf(buyer.fetchResults({ job, urls: [server.url], timeoutMs: 100, retries: 0 }));
    expect(error).to.include({ code: "HTTP_TIMEOUT", retryable: true });
  });

  it("asks again after a failure that may pass, and not after one that stays", async () => {
    const { job } = await submitted(server, buyer, provider);
    let times = 0;
    server.faults.set("/results/", (response, request) => {
      times += 1;
      server.faults.clear();
      refusal(503, "AT_CAPACITY")(response, request);
    });
    await buyer.fetchResults({ job, urls: [server.url], retries: 1 });
    expect(times).to.equal(1);

    server.faults.set("/results/", refusal(404, "NOT_FOUND"));
    const before = server.asked.length;
    const error = await failureOf(buyer.fetchResults({ job, urls: [server.url], retries: 5 }));
    expect(error).to.include({ code: "HTTP_STATUS", status: 404, remoteCode: "NOT_FOUND", retryable: false });
    expect(server.asked.length - before).to.equal(1);
  });

  it("takes from a second server what the first does not have, or lies about", async () => {
    const { job, root } = await submitted(other, buyer, provider);
    publish(server, { job, provider: provider.account.address, outputs: [OUTPUTS[0]!] });
    server.faults.set("/blobs/", refusal(404, "NOT_FOUND"));
    expect((await fetchFrom(job, "http://127.0.0.1:1", server.url, other.url)).root).to.equal(root);
  });

  it("lists what each server did when none has it", async () => {
    const { job } = await submitted(other, buyer, provider);
    const error = (await failureOf(fetchFrom(job, "http://127.0.0.1:1", server.url))) as ContentError;
    expect(error.code).to.equal("CONTENT_UNAVAILABLE");
    const failures = error.details.failures as { url: string; code: string }[];
    expect(failures.map(({ url, code }) => [url, code])).to.deep.equal([
      ["http://127.0.0.1:1", "HTTP_UNREACHABLE"],
      [server.url, "HTTP_STATUS"],
    ]);
  });

  it("keeps bytes that the provider answers for though they are no output", async () => {
    const { job, spec } = await buyer.postJob({ ...draft(), requests: [REQUESTS[0]], uri: server.url });
    await provider.acceptJob({ spec });
    const bytes = stringToBytes('{"text": "not canonical"');
    const root = publish(server, { job, provider: provider.account.address, outputs: [bytes] });
    await provider.submitResult({ job, resultRoot: root });
    const { items } = await fetchFrom(job, server.url);
    expect(items[0]).to.include({ output: undefined });
    expect(items[0]?.bytes).to.deep.equal(bytes);
    expect(() => completionText(items[0]?.output))
      .to.throw()
      .with.property("code", "RESULT_WITHOUT_TEXT");
  });

  it("ends with the reason of an aborted signal", async () => {
    const { job } = await submitted(server, buyer, provider);
    const reason = new Error("enough");
    const controller = new AbortController();
    server.faults.set("/results/", () => controller.abort(reason));
    const fetching = buyer.fetchResults({ job, urls: [server.url], signal: controller.signal });
    expect(await fetching.catch((error: unknown) => error)).to.equal(reason);
    const again = new AbortController();
    server.faults.set("/inputs", () => again.abort(reason));
    const upload = buyer.uploadInput({ url: server.url, requests: REQUESTS, signal: again.signal, retries: 0 });
    expect(await upload.catch((error: unknown) => error)).to.equal(reason);
  });

  it("names an address that is none", async () => {
    const { job } = await submitted(server, buyer, provider);
    expect(await failureOf(fetchFrom(job, "localhost"))).to.include({ code: "HTTP_BAD_URL" });
    expect(await failureOf(fetchFrom(job, "ftp://example.org"))).to.include({ code: "HTTP_BAD_URL" });
  });

  it("refuses an upload that was stored as something else", async () => {
    server.faults.set("/inputs", (response) => response.end(JSON.stringify({ root: ZERO, requests: [ZERO] })));
    const error = await failureOf(buyer.uploadInput({ url: server.url, requests: REQUESTS }));
    expect(error).to.include({ code: "CONTENT_ROOT_MISMATCH" });
  });

  it("refuses to upload bytes that are not UTF-8, and uploads bad requests as they are", async () => {
    const upload = (bytes: Uint8Array) => buyer.uploadInput({ url: server.url, requests: [bytes] });
    expect(await failureOf(upload(Uint8Array.of(255)))).to.include({ code: "CONTENT_NOT_TEXT" });
    const { root } = await upload(stringToBytes("no JSON"));
    const { requests } = await buyer.fetchInput({ root, urls: [server.url] });
    expect(requests).to.deep.equal([stringToBytes("no JSON")]);
  });

  it("refuses an input list that is not behind its root", async () => {
    const { root } = await buyer.uploadInput({ url: server.url, requests: REQUESTS });
    server.answers.set(`/inputs/${root}`, { requests: [ZERO] });
    expect(await failureOf(buyer.fetchInput({ root, urls: [server.url] }))).to.include({
      code: "CONTENT_ROOT_MISMATCH",
    });
    server.answers.set(`/inputs/${root}`, { requests: "none" });
    expect(await failureOf(buyer.fetchInput({ root, urls: [server.url] }))).to.include({ code: "INVALID_DATA" });
  });

  it("tells what a server said when it refused", async () => {
    server.faults.set("/inputs", refusal(413, "INPUT_TOO_LARGE"));
    const error = (await failureOf(buyer.uploadInput({ url: server.url, requests: REQUESTS }))) as HttpError;
    expect(error).to.include({ code: "HTTP_STATUS", status: 413, remoteCode: "INPUT_TOO_LARGE", retryable: false });
    server.faults.set("/inputs", (response) => response.writeHead(500).end("<html>"));
    const plain = await failureOf(buyer.uploadInput({ url: server.url, requests: REQUESTS, retries: 0 }));
    expect(plain).to.include({ code: "HTTP_STATUS", status: 500, remoteCode: undefined, retryable: true });
  });
});

const ZERO = `0x${"00".repeat(32)}`;

/** Sends as much as is taken. */
function flood(response: ServerResponse, told: (bytes: number) => void): void {
  const chunk = Buffer.alloc(65_536);
  const push = () => {
    while (!response.destroyed && response.write(chunk)) {
      told(chunk.length);
    }
    told(chunk.length);
  };
  response.on("drain", push);
  response.on("error", () => undefined);
  push();
}
