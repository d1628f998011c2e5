import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  frozenDigest,
  inputLeaf,
  type JobSpec,
  jobId,
  type Receipt,
  receiptFrozen,
  receiptJob,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { keccak256, numberToHex, zeroAddress, zeroHash } from "viem";
import { Head } from "../chain/head.ts";
import type { ChainLog } from "../chain/watcher.ts";
import { systemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { frozenOf } from "../stages/calls.ts";
import type { StageContext } from "../stages/context.ts";
import { openStore, type Store } from "../store/store.ts";
import { Intake } from "./intake.ts";
import { demandsOf, dutyOf, statusOf } from "./machine.ts";

const MARKET = numberToHex(1, { size: 20 });
const PROVIDER = numberToHex(2, { size: 20 });
const CASE = keccak256("0x0c");

describe("the intake", () => {
  let dataDir: string;
  let store: Store;
  let intake: Intake;
  let number = 0;

  const spec: JobSpec = {
    client: numberToHex(3, { size: 20 }),
    provider: PROVIDER,
    model: zeroHash,
    input: zeroHash,
    items: 2,
    price: 1n,
    acceptBy: 10,
    submitWithin: 1,
    challengeWindow: 1,
    flags: 0,
    callback: zeroAddress,
    callbackGas: 0,
    salt: zeroHash,
  };
  const id = jobId({ chainId: 1, market: MARKET, spec });

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), "touchstone-intake-"));
    store = await openStore({
      chainId: 1,
      market: MARKET,
      provider: PROVIDER,
      dataDir,
      maxBytes: 1_000,
      minFreeBytes: 0,
    });
    const place = { chainId: 1, market: MARKET, provider: PROVIDER, models: new Set([zeroHash]), receiptLifetime: 100 };
    intake = new Intake({ ...place, store, head: new Head(systemClock), logger: silentLogger });
    number = 0;
  });

  afterEach(() => {
    store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Tells a block with these events, and that it is final. */
  function tell(...events: readonly (readonly [string, object])[]): void {
    number += 1;
    const block = { number, hash: numberToHex(number, { size: 32 }), parentHash: zeroHash, timestamp: 1_000 + number };
    const logs = events.map(([eventName, args]) => ({ eventName, args }) as ChainLog);
    intake.take({ type: "block", block, logs });
    intake.take({ type: "finalized", block });
  }

  const state = () => store.jobs.get(id)!.state;

  it("keeps a job, and with it all that can be demanded, until nothing can happen to it any more", () => {
    const { callback: _, callbackGas: __, ...posted } = spec;
    tell(["JobPosted", { id, ...posted, uri: "" }], ["JobAccepted", { id, provider: PROVIDER, verified: true }]);
    tell(["JobSubmitted", { id, provider: PROVIDER, resultRoot: zeroHash }]);
    tell(["JobLocked", { id }], ["CaseOpened", { caseId: CASE, job: id, opener: zeroAddress, key: 0n }]);
    tell(["Demanded", { job: id, key: CASE, demander: zeroAddress, item: 1n, chunk: 0n, answerBy: 2_000n }]);
    expect(demandsOf(state())).to.deep.equal([{ key: CASE, item: 1, chunk: 0, answerBy: 2_000 }]);
    tell(["Answered", { job: id, key: CASE, item: 1n, chunk: 0n }]);
    expect([statusOf(state()), demandsOf(state())]).to.deep.equal(["locked", []]);
    tell(["JobReleased", { id }]);
    expect(store.jobs.active()).to.have.length(1);
    tell(["JobSettled", { id, provider: PROVIDER, outcome: 1, paid: 1n, fee: 0n }]);
    expect(store.jobs.active()).to.deep.equal([]);
    expect(store.jobs.retired()).to.have.length(1);
  });

  it("takes a demand that comes before the lock of its job, and a client's beside a seat's", () => {
    const { callback: _, callbackGas: __, ...posted } = spec;
    const demand = { job: id, demander: zeroAddress, item: 0n, chunk: 0n };
    tell(["JobPosted", { id, ...posted, uri: "" }], ["JobSubmitted", { id, provider: PROVIDER, resultRoot: zeroHash }]);
    tell(["Demanded", { ...demand, key: id, answerBy: 3_000n }], ["JobLocked", { id }]);
    tell(["Demanded", { ...demand, key: CASE, answerBy: 2_000n }]);
    expect(demandsOf(state()).map(({ key }) => key)).to.deep.equal([CASE, id]);
    tell(["Answered", { ...demand, key: CASE }]);
    expect([statusOf(state()), demandsOf(state()).map(({ key }) => key)]).to.deep.equal(["demanded", [id]]);
  });

  describe("of receipts", () => {
    const receipt: Receipt = {
      provider: PROVIDER,
      payer: numberToHex(3, { size: 20 }),
      model: zeroHash,
      channelId: keccak256("0x01"),
      seq: 1n,
      cumulative: 5n,
      requestHash: keccak256("0x02"),
      resultRoot: keccak256("0x03"),
      promptTokens: 2,
      completionTokens: 3,
      amount: 5n,
      issuedAt: 1_000,
    };
    const job = receiptJob({ chainId: 1, market: MARKET, receipt, lifetime: 100 });
    const brought = ["ReceiptBrought", { job, receipt, operator: PROVIDER }] as const;
    const opened = ["CaseOpened", { caseId: CASE, job, opener: receipt.payer, key: 0n }] as const;

    function sign(): void {
      const hashes = { outputHash: keccak256("0x04"), traceRoot: keccak256("0x05"), traceHash: keccak256("0x06") };
      store.calls.add({ receipt, payment: "5", job, ...hashes, operator: PROVIDER }, 1_000);
    }

    it("has the data of one that is in court demanded like a job's, under what the court froze", () => {
      sign();
      tell(brought, opened);
      tell(["Demanded", { job, key: CASE, demander: zeroAddress, item: 0n, chunk: 0n, answerBy: 2_000n }]);
      const row = store.jobs.get(job)!;
      expect(dutyOf(row.state, row.spec, { now: 1_500, head: 2, confirmations: 1 })).to.equal("answer");
      expect(frozenDigest(frozenOf(row, { provider: PROVIDER } as StageContext))).to.equal(
        frozenDigest(receiptFrozen(receipt, 100)),
      );
      expect(store.inputs.list(row.spec.input)).to.deep.equal({ requests: [receipt.requestHash] });
      expect(row.spec.input).to.equal(inputLeaf({ index: 0, requestHash: receipt.requestHash }));
      expect(store.results.of(job).get(0)!.tokens).to.equal(3);
    });

    it("is done with one when its case is closed", () => {
      sign();
      tell(brought, opened);
      tell(["CaseClosed", { caseId: CASE, job, verdict: 1, slashed: 0n }]);
      expect(store.jobs.active()).to.deep.equal([]);
    });

    it("leaves those alone that this node did not sign, or another provider did", () => {
      tell(brought, opened);
      expect(store.jobs.get(job)).to.equal(undefined);
      sign();
      tell(["ReceiptBrought", { job, receipt: { ...receipt, provider: receipt.payer }, operator: PROVIDER }]);
      expect(store.jobs.get(job)).to.equal(undefined);
    });
  });
});
