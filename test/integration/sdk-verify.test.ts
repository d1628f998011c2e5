import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {
  type ContentError,
  decodeEvidence,
  EMPTY_WORD,
  encodeEvidence,
  encodeOutput,
  encodeTrace,
  FAULT_WORD,
  type ItemClaim,
  type ItemOutput,
  resultRoot,
  type Tolerances,
  traceRoot,
} from "@touchstone/sdk";
import { expect } from "chai";
import { type Hex, keccak256, stringToBytes, zeroHash } from "viem";
import { type ContentServer, startContentServer } from "./support/content-server.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { touchstone } from "./support/touchstone.ts";
import { cardOf, draft, newBuyer, newProvider, OUTPUTS, type Person, REQUESTS } from "./support/trade.ts";

const TOLERANCES: Tolerances = {
  marginTolerance: 1,
  marginThreshold: 2,
  traceTolerance: 1,
  traceThreshold: 2,
  probeTolerance: 1,
};
const WRITTEN: ItemOutput = { finishReason: "stop", promptTokens: 7, text: "A fox slept.", tokens: [1, 2, 3] };
/** An entry for each token, and one for the end. */
const TRACE = encodeTrace(
  [1, 2, 3, 0].map((token) => ({
    token,
    candidates: Array.from({ length: 8 }, (_, rank) => ({ id: rank, logit: -rank })),
  })),
);

describe("SDK: verifying results", () => {
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

  /** A job whose provider answers with these bytes, each with this trace. */
  async function answered(outputs: readonly Uint8Array[], trace = TRACE): Promise<Hex> {
    const { job, spec } = await buyer.postJob({ ...draft(), uri: server.url });
    await provider.acceptJob({ spec });
    const traceHash = trace.length === 0 ? zeroHash : server.keep(trace);
    const items = outputs.map((bytes) => ({ outputHash: server.keep(bytes), traceRoot: traceRoot(trace), traceHash }));
    const root = resultRoot({ job, provider: provider.account.address, items });
    server.answers.set(`/results/${job}`, { job, provider: provider.account.address, root, items });
    await provider.submitResult({ job, resultRoot: root });
    return job;
  }

  const verify = (job: Hex, judge?: Parameters<Person["verifyResult"]>[0]["judge"]) =>
    buyer.verifyResult({ job, urls: [server.url], retries: 0, judge });
  const written = () => REQUESTS.map(() => encodeOutput(WRITTEN));

  it("finds by hashes alone nothing against a result that is in order, and hands out all there is", async () => {
    const job = await answered(written());
    const { verdict, faults, cases, evidence } = await verify(job);
    expect([verdict, faults, cases]).to.deep.equal(["plausible", [], []]);
    expect(evidence.job).to.equal(job);
    expect(evidence.items.map(({ trace }) => trace)).to.deep.equal([TRACE, TRACE]);
  });

  it("finds by hashes alone what contradicts itself", async () => {
    const job = await answered([encodeOutput(WRITTEN), stringToBytes("nonsense")]);
    const { verdict, faults } = await verify(job);
    expect(verdict).to.equal("refuted");
    expect(faults.map(({ item, code }) => [item, code])).to.deep.equal([[1, "OUTPUT_UNREADABLE"]]);
    const other = await answered([encodeOutput(WRITTEN), encodeOutput({ ...WRITTEN, tokens: [1, 2, 9] })]);
    expect((await verify(other)).faults.map(({ code }) => code)).to.deep.equal(["TOKENS_MISMATCH"]);
  });

  it("asks a model of one's own, once for what a case would cover", async () => {
    const job = await answered(written());
    const asked: ItemClaim[][] = [];
    const judgeWith = (word = EMPTY_WORD) => ({
      tolerances: TOLERANCES,
      judge: (claims: readonly ItemClaim[]) => {
        asked.push([...claims]);
        return Promise.resolve({ word, faults: [] });
      },
    });
    expect((await verify(job, judgeWith())).verdict).to.equal("confirmed");
    expect(asked.map((claims) => claims.map(({ index }) => index))).to.deep.equal([[0, 1]]);
    expect(new Set(asked[0]?.map(({ seed }) => seed)).size).to.equal(2);
    const refuted = await verify(job, judgeWith(FAULT_WORD));
    expect(refuted.verdict).to.equal("refuted");
    expect(refuted.cases.map(({ items, isRefuted }) => ({ items, isRefuted }))).to.deep.equal([
      { items: [0, 1], isRefuted: true },
    ]);
    expect((await verify(job, judgeWith({ ...EMPTY_WORD, margin: 2, distance: 2 }))).verdict).to.equal("confirmed");
  });

  it("refutes a result without traces where the model asks for them", async () => {
    const job = await answered(written(), new Uint8Array());
    expect((await verify(job)).verdict).to.equal("plausible");
    const judge = { tolerances: TOLERANCES, judge: () => Promise.reject(new Error("not asked")) };
    const { verdict, faults } = await verify(job, judge);
    expect([verdict, faults[0]?.code]).to.deep.equal(["refuted", "TRACE_MISSING"]);
  });

  it("cannot judge what a server keeps back or bends, and says so", async () => {
    const job = await answered(written());
    server.blobs.delete(keccak256(TRACE));
    expect(await failureOf(verify(job))).to.include({ code: "HTTP_STATUS" });
    const list = server.answers.get(`/results/${job}`) as { items: object[] };
    const bent = server.keep(TRACE.slice(52));
    server.answers.set(`/results/${job}`, { ...list, items: list.items.map((item) => ({ ...item, traceHash: bent })) });
    const failure = (await failureOf(verify(job))) as ContentError;
    expect(failure).to.include({ code: "CONTENT_ROOT_MISMATCH" });
    expect(failure.details).to.include({ item: 0 });
    const { job: posted } = await buyer.postJob(draft());
    expect(await failureOf(verify(posted))).to.include({ code: "RESULT_NOT_SUBMITTED" });
  });

  it("is behind touchstone verify, which takes a job's id, and holds files against the chain", async () => {
    server.answers.set("/card", cardOf(world, provider, server.url));
    await provider.updateProvider({ uri: `${server.url}/card` });
    const [job, other] = [await answered(written()), await answered([written()[0]!, encodeOutput(OUTPUTS[1]!)])];
    const folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-sdk-verify-"));
    const file = path.join(folder, "result.json");
    const settings = ["--market", world.market, "--rpc-urls", world.rpcUrl, "--data-dir", folder];
    try {
      const { code, stdout } = await touchstone(["verify", job, "--save", file, "--json", ...settings]);
      expect([code, JSON.parse(stdout)]).to.have.nested.property("[1].verdict", "plausible");
      expect(code).to.equal(0);
      expect((await touchstone(["verify", file, ...settings])).code).to.equal(0);
      const evidence = decodeEvidence(await readFile(file, "utf8"));
      await writeFile(file, encodeEvidence({ ...evidence, verified: true }));
      const bent = await touchstone(["verify", file, ...settings]);
      expect(bent).to.include({ code: 2, stdout: "" });
      expect(bent.stderr).to.include("CONTENT_ROOT_MISMATCH");
      expect((await touchstone(["verify", other, ...settings])).code).to.equal(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  }).timeout(60_000);

  it("judges evidence that was kept, with no server left", async () => {
    const job = await answered([encodeOutput(OUTPUTS[0]!), encodeOutput(OUTPUTS[0]!)]);
    const evidence = await buyer.fetchEvidence({ job, urls: [server.url] });
    server.answers.delete(`/results/${job}`);
    expect((await buyer.verifyResult({ job, evidence })).verdict).to.equal("plausible");
  });
});
