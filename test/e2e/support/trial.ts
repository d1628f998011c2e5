import { decodeWord, MARGIN_SCALE } from "@touchstone/sdk";
import { expect } from "chai";
import { type Hex, isAddress, isHash } from "viem";
import { runDemo } from "./demo.ts";

/** One seat as `--json` tells of it. */
interface ToldSeat {
  readonly address: string;
  readonly tier: 1 | 2;
  readonly stats: { readonly tokens: number; readonly mismatches: number; readonly margin: number } | null;
  readonly word: Hex | null;
}

/** What `npm run demo -- --cheat NAME --json` prints. */
export interface ToldTrial {
  readonly cheat: string;
  readonly job: { readonly id: Hex; readonly provider: string; readonly price: string; readonly outcome: string };
  readonly opened: { readonly by: string; readonly seed: Hex };
  readonly seats: readonly ToldSeat[];
  readonly verdict: string;
  readonly slashed: string;
  readonly repaid: string;
  readonly burned: string;
}

/** Runs the demo of a cheat, and checks what holds of every one. */
export async function runTrial(cheat: string): Promise<ToldTrial> {
  const { code, stdout, output } = await runDemo("--json", "--items", "4", "--cheat", cheat);
  expect(code, output).to.equal(0);
  const told = JSON.parse(stdout) as ToldTrial;
  expect(told.cheat).to.equal(cheat);
  expect(told.opened.by).to.equal("draw");
  expect(isHash(told.opened.seed)).to.equal(true);
  expect(new Set(told.seats.map(({ address }) => address)).size).to.equal(told.seats.length);
  for (const { address, stats, word } of told.seats) {
    expect(isAddress(address)).to.equal(true);
    expect(stats === null).to.equal(word === null);
    if (stats !== null && word !== null) {
      const { tokens, mismatches, margin } = decodeWord(word);
      expect(stats).to.include({ tokens, mismatches, margin: margin / MARGIN_SCALE });
    }
  }
  return told;
}

/** That nothing happened to anyone. */
export function expectAcquittal({ verdict, job, seats, slashed, repaid, burned }: ToldTrial): void {
  expect({ verdict, outcome: job.outcome }).to.deep.equal({ verdict: "Acquitted", outcome: "Completed" });
  expect(seats.map(({ tier, word }) => [tier, word !== null])).to.deep.equal([1, 1, 1].map((tier) => [tier, true]));
  expect({ slashed, repaid, burned }).to.deep.equal({ slashed: "0", repaid: "0", burned: "0" });
}

/** That twelve seats found it, and that it cost more than it brought. */
export function expectConviction(told: ToldTrial): void {
  expect({ verdict: told.verdict, outcome: told.job.outcome }).to.deep.equal({
    verdict: "Convicted",
    outcome: "Rejected",
  });
  expect(told.seats.filter(({ tier, word }) => tier === 2 && word !== null)).to.have.length.greaterThanOrEqual(6);
  expectPunishment(told);
}

/** That the stake was cut, the buyer repaid, and at least half of it burned. */
export function expectPunishment({ job, slashed, repaid, burned }: ToldTrial): void {
  expect(BigInt(repaid) >= BigInt(job.price)).to.equal(true);
  expect(2n * BigInt(burned) >= BigInt(slashed)).to.equal(true);
  expect(BigInt(slashed) > 100n * BigInt(job.price)).to.equal(true);
}
