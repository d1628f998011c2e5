import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import Sqlite from "better-sqlite3";
import { expect } from "chai";
import { keccak256, numberToHex, zeroAddress, zeroHash } from "viem";
import { openStore, type Store, type StoreOptions } from "./store.ts";

const A = numberToHex(1, { size: 20 });
const B = numberToHex(2, { size: 20 });

describe("the store", () => {
  let dataDir: string;
  let store: Store | undefined;

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), "touchstone-store-"));
  });

  afterEach(() => {
    store?.close();
    store = undefined;
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function open(options: Partial<StoreOptions> = {}): Promise<Store> {
    const identity = { chainId: 1, market: A, provider: B };
    store = await openStore({ ...identity, dataDir, maxBytes: 1_000_000, minFreeBytes: 0, ...options });
    return store;
  }

  /** The code of the error that a call ends with. */
  async function codeOf(work: () => unknown): Promise<unknown> {
    try {
      await work();
      return "none";
    } catch (error) {
      return (error as { readonly code?: unknown }).code;
    }
  }

  const spec = {
    client: zeroAddress,
    provider: zeroAddress,
    model: zeroHash,
    input: keccak256("0x01"),
    items: 1,
    price: 2n ** 64n - 1n,
    acceptBy: 2 ** 40 - 1,
    submitWithin: 1,
    challengeWindow: 1,
    flags: 0,
    callback: zeroAddress,
    callbackGas: 0,
    salt: zeroHash,
  };

  it("belongs to one chain, market and provider for good", async () => {
    (await open()).close();
    expect(await codeOf(() => open({ chainId: 2 }))).to.equal("STORE_FOREIGN");
    expect(await codeOf(() => open({ market: B }))).to.equal("STORE_FOREIGN");
    expect(await codeOf(() => open({ provider: A }))).to.equal("STORE_FOREIGN");
    expect(await codeOf(() => open())).to.equal("none");
  });

  it("is one process's: a second one is refused while the first lives", async () => {
    await open();
    const script = `
      import { openStore } from ${JSON.stringify(path.join(import.meta.dirname, "store.ts"))};
      await openStore(${JSON.stringify({ chainId: 1, market: A, provider: B, dataDir, maxBytes: 1e6, minFreeBytes: 0 })})
        .then(() => console.log("opened"), (error) => console.log(error.code));`;
    const second = () => promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    expect((await second()).stdout.trim()).to.equal("STORE_LOCKED");
    store?.close();
    store = undefined;
    expect((await second()).stdout.trim()).to.equal("opened");
  });

  it("refuses a database of a newer version, and a file that is none", async () => {
    (await open()).close();
    const file = path.join(dataDir, "node.sqlite");
    const sqlite = new Sqlite(file);
    sqlite.pragma("user_version = 999");
    sqlite.close();
    expect(await codeOf(() => open())).to.equal("STORE_TOO_NEW");
    rmSync(file);
    writeFileSync(file, "not a database, but long enough to be read");
    expect(await codeOf(() => open())).to.equal("STORE_UNUSABLE");
  });

  it("moves the cursor and the jobs together or not at all", async () => {
    const { blocks, jobs, transaction } = await open();
    const block = { number: 7, hash: zeroHash, parentHash: zeroHash, timestamp: 1 };
    const attempt = () =>
      transaction(() => {
        blocks.append(block);
        jobs.add({ id: keccak256("0x02"), spec, uri: "" });
        throw new Error("power cut");
      });
    expect(attempt).to.throw("power cut");
    expect(blocks.all()).to.deep.equal([]);
    expect(jobs.active()).to.deep.equal([]);
  });

  it("gives a job back as it was put in, to the last bit, after a restart", async () => {
    const id = keccak256("0x03");
    const uri = "https://example.org/a'b";
    const { jobs } = await open();
    jobs.add({ id, spec, uri, signature: "0x1234" });
    jobs.apply(id, { type: "posted", block: 5, at: 50 });
    jobs.setMeasure(id, { promptTokens: 1, maxOutputTokens: 2, bytes: 3 });
    store?.close();
    const row = (await open()).jobs.get(id);
    expect(row).to.deep.include({ id, spec, uri, signature: "0x1234", attempts: 0 });
    expect(row?.measure).to.deep.equal({ promptTokens: 1, maxOutputTokens: 2, bytes: 3 });
    expect(row?.state.history).to.deep.equal([{ status: "open", block: 5, at: 50 }]);
  });

  it("forgets failed tries when a job moves on, and nothing when it is told twice", async () => {
    const id = keccak256("0x04");
    const { jobs } = await open();
    jobs.add({ id, spec, uri: "" });
    jobs.setAttempts(id, 3);
    jobs.add({ id, spec, uri: "again" });
    expect(jobs.get(id)).to.deep.include({ attempts: 3, uri: "" });
    jobs.apply(id, { type: "fetched" });
    expect(jobs.get(id)?.attempts).to.equal(0);
  });

  it("signs one thing a job: the same again passes, another throws and changes nothing", async () => {
    const { signatures } = await open();
    const quote = { job: zeroHash, kind: "quote", digest: keccak256("0x05"), payload: { validUntil: 9 } } as const;
    signatures.guard(quote);
    signatures.guard(quote);
    expect(await codeOf(() => signatures.guard({ ...quote, digest: keccak256("0x06") }))).to.equal(
      "SIGNATURE_CONFLICT",
    );
    signatures.guard({ ...quote, kind: "result", digest: keccak256("0x06") });
    expect(signatures.of(zeroHash, "quote")).to.deep.equal({ digest: quote.digest, payload: { validUntil: 9 } });
  });

  it("keeps every signed form of an intent, and one open intent a nonce", async () => {
    const { intents } = await open();
    const form = {
      hash: zeroHash,
      raw: "0x01",
      maxFeePerGas: 2n ** 70n,
      maxPriorityFeePerGas: 1n,
      head: 3,
      isWithdrawal: false,
    } as const;
    const draft = { purpose: "accept:1", to: A, data: "0x02", nonce: 4, gas: 21_000n } as const;
    const intent = intents.addAttempt(intents.add(draft, form), {
      ...form,
      hash: keccak256("0x07"),
      isWithdrawal: true,
    });
    expect(await codeOf(() => intents.add({ ...draft, purpose: "other" }, form))).to.equal("STORE_UNUSABLE");
    store?.close();
    const again = (await open()).intents;
    expect(again.open()).to.deep.equal([intent]);
    again.setState(intent, "failed");
    expect(again.open()).to.deep.equal([]);
    expect(again.add({ ...draft, purpose: "other" }, form).nonce).to.equal(4);
    expect(again.latest("accept:1")?.state).to.equal("failed");
  });

  it("records an item once", async () => {
    const { results } = await open();
    results.record(zeroHash, 1, { outputHash: keccak256("0x08"), traceRoot: zeroHash, traceHash: zeroHash, tokens: 5 });
    results.record(zeroHash, 1, { outputHash: keccak256("0x09"), traceRoot: zeroHash, traceHash: zeroHash, tokens: 6 });
    results.record(zeroHash, 0, { outputHash: keccak256("0x0a"), traceRoot: zeroHash, traceHash: zeroHash, tokens: 7 });
    expect([...results.of(zeroHash).keys()]).to.deep.equal([0, 1]);
    expect(results.of(zeroHash).get(1)?.outputHash).to.equal(keccak256("0x08"));
    expect(results.count(zeroHash)).to.equal(2);
  });

  it("prunes an input without the requests that another one shares", async () => {
    const { inputs, blobs } = await open();
    const [shared, own] = [new Uint8Array([1]), new Uint8Array([2])];
    const first = await inputs.save([shared, own], 100);
    const second = await inputs.save([shared], 200);
    expect(inputs.olderThan(150)).to.deep.equal([first.root]);
    await inputs.delete(first.root);
    expect(inputs.list(first.root)).to.equal(undefined);
    expect(inputs.list(second.root)).to.deep.equal({ requests: [keccak256(shared)] });
    expect(await blobs.has(keccak256(shared))).to.equal(true);
    expect(await blobs.has(keccak256(own))).to.equal(false);
  });
});
