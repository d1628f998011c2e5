import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Receipt } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { type Hex, numberToHex } from "viem";
import type { LiveCall } from "../../../provider-node/src/live/desk.ts";
import { admitted, channelOf, Till, voucherHeader } from "./support/till.ts";

const BALANCE = 3_000n;
const made = (completionTokens: number) => ({
  output: {
    finishReason: "stop" as const,
    promptTokens: 10,
    text: "",
    tokens: Array<number>(completionTokens).fill(1),
  },
  trace: new Uint8Array(),
  promptTokens: 10,
  completionTokens,
});

/** What may happen to a node that sells calls of two channels. */
type Step =
  | { readonly type: "ask"; readonly channel: number; readonly ceiling: number; readonly text: number }
  | { readonly type: "finish" | "cut"; readonly which: number; readonly tokens: number }
  | { readonly type: "fail"; readonly which: number }
  | { readonly type: "crash" };

const index = fc.nat(20);
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("ask" as const),
      channel: fc.nat(1),
      ceiling: fc.integer({ min: 1, max: 35 }),
      text: fc.nat(2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom("finish" as const, "cut" as const),
      which: index,
      tokens: fc.nat(150),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("fail" as const), which: index }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("crash" as const) }) },
);

/** Signing takes longest, so each voucher is signed once for all runs. */
const vouchers = new Map<string, Promise<string>>();
function voucher(channel: number, ceiling: number): Promise<string> {
  const name = `${channel}/${ceiling}`;
  const known = vouchers.get(name) ?? voucherHeader(BigInt(ceiling) * 100n, numberToHex(channel, { size: 32 }));
  vouchers.set(name, known);
  return known;
}

describe("the ledger of live calls", () => {
  let dataDir: string;
  let till: Till;

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), "touchstone-ledger-"));
    till = await Till.open(dataDir, () => ({ balance: BALANCE }));
  });

  afterEach(() => {
    till.store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** What buyers hold and what they signed, as a run goes on. */
  class Run {
    readonly calls: LiveCall[] = [];
    readonly receipts: Receipt[] = [];
    readonly ceilings = new Map<Hex, bigint>();
    readonly paid = new Set<string>();

    async take(step: Step): Promise<void> {
      if (step.type === "ask") {
        await this.#ask(step);
      } else if (step.type === "crash") {
        await this.#crash();
      } else {
        await this.#end(step);
      }
      this.check();
    }

    async #ask({ channel, ceiling, text }: Extract<Step, { type: "ask" }>): Promise<void> {
      const { id } = channelOf(numberToHex(channel, { size: 32 }));
      const admission = await till.ask(await voucher(channel, ceiling), { text: `${text}` });
      const name = `${id}/${ceiling}`;
      if (admission.kind === "admitted") {
        expect(this.paid.has(name), "a payment served twice").to.equal(false);
        this.calls.push(admission.call);
        const before = this.ceilings.get(id) ?? 0n;
        this.ceilings.set(id, before > BigInt(ceiling) * 100n ? before : BigInt(ceiling) * 100n);
      } else if (admission.kind === "replay") {
        const { receipt } = admission.settled.envelope;
        expect(this.receipts.find((one) => one.channelId === id && one.seq === receipt.seq)).to.deep.equal(receipt);
      }
    }

    async #end(step: Exclude<Step, { type: "ask" | "crash" }>): Promise<void> {
      const [call] = this.calls.splice(step.which % Math.max(1, this.calls.length), 1);
      if (call === undefined) {
        return;
      }
      if (step.type === "fail") {
        await call.fail();
        return;
      }
      const counted = { promptTokens: 10, completionTokens: step.tokens };
      const settled = await (step.type === "cut" ? call.cut(counted) : call.finish(made(step.tokens)));
      const { receipt } = settled.envelope;
      expect(receipt.amount <= call.reserve, "more than the reserve").to.equal(true);
      this.receipts.push(receipt);
      this.paid.add(
        `${receipt.channelId}/${Number(till.store.calls.get(receipt.channelId, receipt.seq)!.payment) / 100}`,
      );
    }

    /** Nothing is finished and nothing is said: only what is on the disk is there again. */
    async #crash(): Promise<void> {
      this.calls.length = 0;
      till.store.close();
      till = await Till.open(dataDir, () => ({ balance: BALANCE }));
    }

    check(): void {
      const seqs = this.receipts.map(({ channelId, seq }) => `${channelId}/${seq}`);
      expect(new Set(seqs).size, "a number given twice").to.equal(seqs.length);
      for (const [id, ceiling] of this.ceilings) {
        const charged = till.store.channels.get(id)?.charged ?? 0n;
        const own = this.receipts.filter(({ channelId }) => channelId === id);
        expect(own.reduce((sum, { amount }) => sum + amount, 0n)).to.equal(charged);
        expect(own.at(-1)?.cumulative ?? 0n).to.equal(charged);
        expect(charged <= ceiling && charged <= BALANCE, "more than was signed or is there").to.equal(true);
      }
    }
  }

  it("charges what receipts say, never more than was signed or is there, and no payment or number twice, whatever crashes", async () => {
    const steps = fc.array(stepArbitrary, { minLength: 10, maxLength: 60 });
    await fc.assert(
      fc
        .asyncProperty(steps, async (planned) => {
          const run = new Run();
          for (const step of planned) {
            await run.take(step);
          }
        })
        .beforeEach(async () => {
          till.store.close();
          rmSync(dataDir, { recursive: true, force: true });
          till = await Till.open(dataDir, () => ({ balance: BALANCE }));
        }),
      { numRuns: 30 },
    );
  }).timeout(60_000);

  it("serves a thousand identical payments once, half of them after a restart", async () => {
    const header = await voucherHeader(1_000n);
    const first = await Promise.all(Array.from({ length: 500 }, () => till.ask(header)));
    const calls = first.filter(({ kind }) => kind === "admitted").map(admitted);
    expect(calls).to.have.lengthOf(1);
    expect(first.filter((one) => one.kind === "refused" && one.status === 409)).to.have.lengthOf(499);
    const { envelope } = await calls[0]!.finish(made(20));
    till.store.close();
    till = await Till.open(dataDir, () => ({ balance: BALANCE }));
    const second = await Promise.all(Array.from({ length: 500 }, () => till.ask(header)));
    expect(
      second.every((one) => one.kind === "replay" && one.settled.envelope.signature === envelope.signature),
    ).to.equal(true);
    expect(till.store.channels.get(envelope.receipt.channelId)?.charged).to.equal(30n);
  });

  it("holds reserves of calls side by side up to the last unit of the channel, and not one call more", async () => {
    const headers = await Promise.all(Array.from({ length: 40 }, (_, step) => voucherHeader(BALANCE + BigInt(step))));
    const admissions = await Promise.all(headers.map((header) => till.ask(header)));
    const calls = admissions.filter(({ kind }) => kind === "admitted").map(admitted);
    expect(calls).to.have.lengthOf(30);
    const settled = await Promise.all(calls.map((call) => call.finish(made(1_000))));
    expect(
      settled
        .map(({ envelope }) => envelope.receipt.cumulative)
        .sort((a, b) => Number(a - b))
        .at(-1),
    ).to.equal(BALANCE);
    expect(till.ledger.known(channelOf().id)).to.deep.include({ charged: BALANCE, held: 0n });
  });

  it("signs one receipt of two that contradict each other, though a thousand are wanted by two processes", async () => {
    const call = admitted(await till.ask(await voucherHeader(1_000n)));
    const ends = Array.from({ length: 500 }, (_, tokens) => () => call.finish(made(tokens)));
    const results = await Promise.allSettled(ends.map((end) => end()));
    const signed = results.flatMap((one) => (one.status === "fulfilled" ? [one.value.envelope] : []));
    expect(signed).to.have.lengthOf(1);
    expect(await rivalsSigned(dataDir)).to.equal("STORE_LOCKED");
    till.store.close();
    expect(await rivalsSigned(dataDir)).to.equal(signed[0]!.signature);
    till = await Till.open(dataDir, () => ({ balance: BALANCE }));
    const stored = till.store.calls.get(channelOf().id, call.seq);
    expect(() => till.store.calls.setSignature(channelOf().id, call.seq, "0x1234"))
      .to.throw()
      .with.property("code", "SIGNATURE_CONFLICT");
    expect(stored?.receipt).to.deep.equal(signed[0]!.receipt);
  });

  it("gives no number out again that a crash swallowed, and lets the buyer see the gap", async () => {
    const calls = [
      admitted(await till.ask(await voucherHeader(1_000n))),
      admitted(await till.ask(await voucherHeader(1_100n))),
    ];
    const [first = 0n, second] = calls.map(({ seq }) => seq);
    expect(second).to.equal(first + 1n);
    till.store.close();
    till = await Till.open(dataDir, () => ({ balance: BALANCE }));
    expect(admitted(await till.ask(await voucherHeader(1_000n))).seq > first + 1n).to.equal(true);
  });

  it("starts behind all numbers that it may have given out, where its database was lost", async () => {
    till.store.close();
    rmSync(dataDir, { recursive: true, force: true });
    till = await Till.open(dataDir, () => ({ balance: BALANCE, claimed: 0n }));
    expect(admitted(await till.ask(await voucherHeader(1_000n))).seq > 1_000_000n).to.equal(true);
  });

  it("goes on from what was claimed where its database was lost", async () => {
    till.store.close();
    rmSync(dataDir, { recursive: true, force: true });
    till = await Till.open(dataDir, () => ({ balance: BALANCE, claimed: 500n }));
    const call = admitted(await till.ask(await voucherHeader(1_000n)));
    expect(call.seq > 1_000_000n).to.equal(true);
    expect((await call.finish(made(10))).envelope.receipt.cumulative).to.equal(520n);
  });
});

/** Another process asks 500 times for the same call with other outcomes: what it got signed, or why it got nothing. */
async function rivalsSigned(dataDir: string): Promise<string> {
  const script = `
    import { admitted, Till, voucherHeader } from ${JSON.stringify(path.join(import.meta.dirname, "support/till.ts"))};
    const header = await voucherHeader(1000n);
    const open = () => Till.open(${JSON.stringify(dataDir)}, () => ({ balance: 3000n }));
    const till = await open().catch((error) => console.log(error.code));
    if (till) {
      const all = await Promise.all(Array.from({ length: 500 }, () => till.ask(header)));
      console.log([...new Set(all.map((one) => one.kind === "replay" ? one.settled.envelope.signature : one.kind))].join());
      till.store.close();
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, "close");
  return text.trim();
}
