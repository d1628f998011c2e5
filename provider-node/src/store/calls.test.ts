import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { type Hex, keccak256, numberToHex, zeroAddress, zeroHash } from "viem";
import type { NewCall } from "./calls.ts";
import { openStore, type Store } from "./store.ts";

const A = numberToHex(1, { size: 20 });
const CHANNEL = numberToHex(9, { size: 32 });

describe("stored live calls", () => {
  let dataDir: string;
  let store: Store;

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), "touchstone-calls-"));
    await open();
  });

  afterEach(() => {
    store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function open(): Promise<void> {
    store = await openStore({ chainId: 1, market: A, provider: A, dataDir, maxBytes: 1_000_000, minFreeBytes: 0 });
  }

  function call(seq: bigint, payment: string): NewCall {
    const parties = { provider: A, payer: A, model: zeroHash, channelId: CHANNEL, requestHash: zeroHash };
    const counts = { promptTokens: 1, completionTokens: 2, amount: 2n ** 63n, cumulative: 2n ** 64n - 1n, issuedAt: 5 };
    const receipt = { ...parties, ...counts, seq, resultRoot: zeroHash };
    const hashes = { outputHash: zeroHash, traceRoot: zeroHash, traceHash: zeroHash };
    return { receipt, payment, job: numberToHex(seq, { size: 32 }), ...hashes, finishReason: "stop", operator: A };
  }

  function putChannel(): void {
    const config = { payer: A, payerAuthorizer: A, receiver: A, receiverAuthorizer: A, token: A, salt: zeroHash };
    const money = { charged: 7n, ceiling: 2n ** 100n, balance: 9n, claimed: 1n, withdrawalAt: 3, refundNonce: 4n };
    const rest = { signature: "0x12" as Hex, reservedSeq: 32, refund: { amount: 5n, nonce: 4n }, unclaimedSince: 6 };
    store.channels.put({ id: CHANNEL, config: { ...config, withdrawDelay: 86_400 }, ...money, ...rest });
  }

  it("come back as they were put in, to the last bit, by number, by payment and by job, after a restart", async () => {
    store.calls.add(call(1n, "100"), 10);
    store.calls.setSignature(CHANNEL, 1n, "0x1234");
    store.close();
    await open();
    const row = { ...call(1n, "100"), signature: "0x1234" };
    expect(store.calls.get(CHANNEL, 1n)).to.deep.equal(row);
    expect(store.calls.ofPayment(CHANNEL, "100")).to.deep.equal(row);
    expect(store.calls.byJob(row.job)).to.deep.equal(row);
    expect(store.calls.get(CHANNEL, 2n)).to.equal(undefined);
  });

  it("have each number and each payment of a channel once", () => {
    store.calls.add(call(1n, "100"), 10);
    const codeOf = (again: NewCall) => {
      try {
        store.calls.add(again, 10);
        return "none";
      } catch (error) {
        return (error as { readonly code?: unknown }).code;
      }
    };
    expect(codeOf(call(1n, "200"))).to.equal("STORE_UNUSABLE");
    expect(codeOf(call(2n, "100"))).to.equal("STORE_UNUSABLE");
    expect(codeOf(call(2n, "200"))).to.equal("none");
  });

  it("are pruned by age, their bytes once no younger call needs them, and their payments count as used for ever", () => {
    putChannel();
    const [shared, own] = [new Uint8Array([1, 2]), new Uint8Array([3])];
    store.calls.add(call(1n, "100"), 10);
    store.calls.keep(keccak256(own), own, 10);
    store.calls.keep(keccak256(shared), shared, 10);
    store.calls.add(call(2n, "300"), 20);
    store.calls.keep(keccak256(shared), shared, 20);
    expect(store.calls.usedBytes).to.equal(3);
    expect(store.calls.prune(20)).to.deep.equal({ calls: 1, blobs: 1 });
    expect(store.calls.usedBytes).to.equal(2);
    expect(store.calls.get(CHANNEL, 1n)).to.equal(undefined);
    expect(store.calls.blob(keccak256(shared))).to.deep.equal(Buffer.from(shared));
    expect(store.channels.get(CHANNEL)?.floor).to.equal(100n);
    putChannel(); // What is written of a channel later leaves that mark as it is.
    expect(store.channels.get(CHANNEL)).to.deep.include({ floor: 100n, ceiling: 2n ** 100n, unclaimedSince: 6 });
    expect(store.channels.refunding().map(({ refund }) => refund)).to.deep.equal([{ amount: 5n, nonce: 4n }]);
  });

  it("have their bytes found like any other blob", async () => {
    const bytes = new Uint8Array([7, 8, 9]);
    store.calls.keep(keccak256(bytes), bytes, 10);
    expect(await store.blobs.get(keccak256(bytes))).to.deep.equal(Buffer.from(bytes));
  });

  it("are written together with what comes at the same time, all or none", async () => {
    const works = [1n, 2n, 3n].map((seq) => store.commit(() => store.calls.add(call(seq, `${seq}`), 10)));
    await Promise.all(works);
    expect(store.calls.get(CHANNEL, 3n)?.payment).to.equal("3");
    const broken = [4n, 3n].map((seq) => store.commit(() => store.calls.add(call(seq, `${seq}`), 10)));
    const results = await Promise.allSettled(broken);
    expect(results.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect(store.calls.get(CHANNEL, 4n)).to.equal(undefined);
    await store.commit(() => store.calls.add(call(5n, "5"), 10));
    expect(store.calls.get(CHANNEL, 5n)?.operator).not.to.equal(zeroAddress);
  });
});
