import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Outcome } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type Hex, keccak256, numberToHex, zeroAddress, zeroHash } from "viem";
import { systemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { openStore, type Store } from "../store/store.ts";
import { prune } from "./pruner.ts";

describe("the pruner", () => {
  let dataDir: string;
  let store: Store;

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), "touchstone-pruner-"));
    const identity = { chainId: 1, market: zeroAddress, provider: zeroAddress };
    store = await openStore({ ...identity, dataDir, maxBytes: 1_000, minFreeBytes: 0 });
  });

  afterEach(() => {
    store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const bytes = (fill: number) => new Uint8Array(8).fill(fill);

  /** A job that was settled in second 100, and is over for good. */
  async function endedJob(salt: number, input: Hex, output: Uint8Array): Promise<Hex> {
    const id = keccak256(numberToHex(salt));
    const spec = {
      client: zeroAddress,
      provider: zeroAddress,
      model: zeroHash,
      input,
      items: 1,
      price: 1n,
      acceptBy: 50,
      submitWithin: 1,
      challengeWindow: 1,
      flags: 0,
      callback: zeroAddress,
      callbackGas: 0,
      salt: numberToHex(salt, { size: 32 }),
    };
    store.jobs.add({ id, spec, uri: "" });
    store.jobs.apply(id, { type: "settled", block: 1, at: 100, outcome: Outcome.Unverified });
    store.results.record(id, 0, {
      outputHash: await store.blobs.put(output),
      traceRoot: zeroHash,
      traceHash: zeroHash,
      tokens: 1,
    });
    store.jobs.retire(id);
    return id;
  }

  const pruneAt = (now: number, unixTime = 0) =>
    prune({
      store,
      uploadTtl: 60,
      retention: 1_000,
      clock: { ...systemClock, unixTime: () => unixTime },
      now: () => now,
      logger: silentLogger,
    });

  it("keeps what belongs to a job for its time, and then nothing of it", async () => {
    const { root } = await store.inputs.save([bytes(1)], 0);
    const id = await endedJob(1, root, bytes(2));
    await pruneAt(1_099);
    expect(store.jobs.get(id)).not.to.equal(undefined);
    expect(store.blobs.usedBytes).to.equal(16);
    await pruneAt(1_100);
    expect(store.jobs.get(id)).to.equal(undefined);
    expect(store.inputs.list(root)).to.equal(undefined);
    expect(store.results.count(id)).to.equal(0);
    expect(store.blobs.usedBytes).to.equal(0);
  });

  it("keeps what another job shares", async () => {
    const { root } = await store.inputs.save([bytes(1)], 0);
    await endedJob(1, root, bytes(2));
    const other = await endedJob(2, root, bytes(2));
    store.jobs.apply(other, { type: "reorged", ancestor: 0 }); // It is active again.
    await pruneAt(5_000, 5_000);
    expect(store.jobs.get(other)).not.to.equal(undefined);
    expect(store.inputs.list(root)).to.deep.equal({ requests: [keccak256(bytes(1))] });
    expect(store.blobs.usedBytes).to.equal(16);
  });

  it("drops uploads that became no job after their time, and only those", async () => {
    const unused = await store.inputs.save([bytes(3)], 1_000);
    const used = await store.inputs.save([bytes(4)], 1_000);
    await endedJob(1, used.root, bytes(5));
    await pruneAt(0, 1_060);
    expect(store.inputs.list(unused.root)).not.to.equal(undefined);
    await pruneAt(0, 1_061);
    expect(store.inputs.list(unused.root)).to.equal(undefined);
    expect(store.inputs.list(used.root)).not.to.equal(undefined);
  });

  it("forgets transactions that are long done, and never one that is open", async () => {
    const form = {
      hash: zeroHash,
      raw: "0x",
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      head: 1,
      isWithdrawal: false,
    } as const;
    store.transaction(() => {
      for (let nonce = 0; nonce < 1_003; nonce++) {
        const call = { purpose: `p${nonce}`, to: zeroAddress, data: "0x", nonce, gas: 1n } as const;
        const intent = store.intents.add(call, form);
        if (nonce !== 1) {
          store.intents.setState(intent, "done");
        }
      }
    });
    await pruneAt(0);
    expect([0, 1, 2, 3].map((nonce) => store.intents.latest(`p${nonce}`)?.state)).to.deep.equal([
      undefined,
      "open",
      undefined,
      "done",
    ]);
  });
});
