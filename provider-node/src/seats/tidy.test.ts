import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { keccak256, zeroAddress, zeroHash } from "viem";
import { silentLogger } from "../logger.ts";
import { openStore, type Store } from "../store/store.ts";
import { awaitsDraw, type DossierFact, frozenIn, isOver } from "./dossier.ts";
import { tidy } from "./tidy.ts";

const JOB = keccak256("0x01");
const CASE = keccak256("0x02");

const SPEC = {
  client: zeroAddress,
  provider: zeroAddress,
  model: zeroHash,
  input: zeroHash,
  items: 1,
  price: 5n,
  acceptBy: 1_000,
  submitWithin: 60,
  challengeWindow: 60,
  flags: 0,
  callback: zeroAddress,
  callbackGas: 0,
  salt: zeroHash,
};

const POSTED: DossierFact = { name: "posted", block: 1 };
const ACCEPTED: DossierFact = { name: "accepted", block: 2, provider: zeroAddress, verified: true };
const SUBMITTED: DossierFact = { name: "submitted", block: 3, at: 30, root: JOB };
const TRIED: DossierFact = { name: "tried", block: 5 };

describe("what a seat keeps of jobs and cases", () => {
  let dataDir: string;
  let store: Store;

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), "touchstone-seats-"));
    const identity = { chainId: 1, market: zeroAddress, provider: zeroAddress } as const;
    store = await openStore({ ...identity, dataDir, maxBytes: 1_000_000, minFreeBytes: 0 });
    store.dossiers.add(JOB, SPEC);
  });

  afterEach(() => {
    store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const note = (...facts: readonly DossierFact[]) => {
    for (const fact of facts) {
      store.dossiers.note(JOB, fact);
    }
  };
  const history = () => store.dossiers.get(JOB)!.history;
  const finalize = (number: number, timestamp = 500) =>
    store.blocks.append({ number, hash: zeroHash, parentHash: zeroHash, timestamp });

  it("is frozen values once there is a result, and goes back with the chain", () => {
    note(POSTED, ACCEPTED);
    expect(frozenIn(SPEC, history())).to.equal(undefined);
    note(SUBMITTED);
    expect(frozenIn(SPEC, history())).to.include({ price: 5n, verified: true, submitBlock: 3n, resultRoot: JOB });
    store.dossiers.rewind(2);
    expect(history()).to.deep.equal([POSTED, ACCEPTED]);
  });

  it("is a draw to be looked at: of a verified result, once, and not when its case is open or the job over", () => {
    note(POSTED, ACCEPTED);
    expect(awaitsDraw(history())).to.equal(false);
    note(SUBMITTED);
    expect(awaitsDraw(history())).to.equal(true);
    for (const fact of [TRIED, { name: "looked", block: 5, isDrawn: false }, { name: "paid", block: 5 }] as const) {
      expect(awaitsDraw([...history(), fact]), fact.name).to.equal(false);
    }
    expect(awaitsDraw([POSTED, { ...ACCEPTED, verified: false }, SUBMITTED])).to.equal(false);
    expect(isOver([POSTED, { name: "repaid", block: 2 }])).to.equal(true);
  });

  it("stays while anything about it may still change, and is gone with its evidence when all is final", async () => {
    note(POSTED, ACCEPTED, SUBMITTED, TRIED);
    store.cases.add({ id: CASE, job: JOB, key: 2n ** 256n - 1n });
    store.cases.apply(CASE, { name: "closed", block: 8, verdict: Verdict.Acquitted });
    note({ name: "paid", block: 9 });
    const hash = await (await store.evidence.of(CASE)).put(new Uint8Array([1, 2, 3]));
    finalize(7);
    await tidy(store, silentLogger);
    expect(await (await store.evidence.of(CASE)).has(hash)).to.equal(true);
    expect(store.cases.get(CASE)).to.include({ job: JOB, key: 2n ** 256n - 1n });
    store.blocks.dropBelow(8);
    finalize(8);
    await tidy(store, silentLogger);
    expect(store.cases.get(CASE)).to.equal(undefined);
    expect(await (await store.evidence.of(CASE)).has(hash)).to.equal(false);
    expect(store.dossiers.get(JOB)).to.not.equal(undefined);
    store.blocks.dropBelow(9);
    finalize(9);
    await tidy(store, silentLogger);
    expect(store.dossiers.get(JOB)).to.equal(undefined);
  });

  it("is nothing of a job that nobody accepted in time", async () => {
    note(POSTED);
    finalize(5, 999);
    await tidy(store, silentLogger);
    expect(store.dossiers.get(JOB)).to.not.equal(undefined);
    finalize(6, 1_000);
    store.blocks.dropBelow(6);
    await tidy(store, silentLogger);
    expect(store.dossiers.get(JOB)).to.equal(undefined);
  });
});
