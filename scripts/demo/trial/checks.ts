import { ok, strictEqual } from "node:assert/strict";
import { decodeWord, enumName, isOver, JobStatus, Outcome, Verdict } from "@touchstone/sdk";
import type { LocalNetwork } from "../../network/network.ts";
import type { Trial } from "./hold.ts";
import { ACCUSED } from "./network.ts";

/**
 * Checks that a trial ended as it should have, by what the chain says of it.
 *
 * @throws AssertionError
 */
export async function checkTrial(network: LocalNetwork, trial: Trial): Promise<void> {
  const { cheat, accused, record, ended } = trial;
  strictEqual(accused.name, ACCUSED, "the cheapest offer won");
  ok(ended.frozen?.verified, "a panel stands behind the job");
  const expected = cheat === "none" ? "Acquitted" : cheat === "withhold" ? "Withheld" : "Convicted";
  strictEqual(enumName(Verdict, record.ending?.verdict ?? 0), expected, "the verdict is the right one");
  ok(
    record.positions.every(({ penalty }) => penalty === 0n),
    "no seat is fined",
  );
  if (cheat === "none") {
    checkAcquittal(trial);
  } else {
    await checkPunishment(network, trial);
  }
  if (expected === "Convicted") {
    checkWords(trial);
  }
}

function checkAcquittal({ record, ended, slashed, burned, repaid }: Trial): void {
  strictEqual(ended.status, JobStatus.Settled, "the job is settled");
  strictEqual(ended.ending?.outcome, Outcome.Completed, "with audits behind it");
  strictEqual(record.tier, 1, "three seats were enough");
  strictEqual(slashed + burned + repaid, 0n, "nothing is taken or given back");
}

async function checkPunishment(
  { buyer }: LocalNetwork,
  { cheat, ended, slashed, burned, repaid }: Trial,
): Promise<void> {
  const { minStake } = await buyer.getParameters();
  strictEqual(ended.status, JobStatus.Rejected, "the job is rejected");
  strictEqual(ended.ending?.outcome, cheat === "withhold" ? Outcome.Withheld : Outcome.Rejected, "for this reason");
  ok(slashed >= minStake, "the provider lost a whole minimum stake at least");
  ok(2n * burned >= slashed, "at least half of it burned");
  ok(repaid >= ended.spec.price, "the buyer has its price back");
}

/** Tier two convicts by six words at least. */
function checkWords({ record, tolerances }: Trial): void {
  strictEqual(record.tier, 2, "nine more seats looked");
  const over = record.positions.filter(({ word }) => word !== undefined && isOver(decodeWord(word), tolerances));
  strictEqual(over.length, record.positions.length, "every seat found it");
}
