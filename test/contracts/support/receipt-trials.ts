import { expect } from "chai";
import type { JobStatus, Verdict } from "../../../client-sdk/src/protocol/generated/enums.ts";
import { all, closes, escalated, GUILTY, SECOND_TIER, speak, type Trial } from "./cases.ts";
import type { CourtWorld } from "./court-world.ts";
import { brought, type Signed } from "./receipts.ts";

/** Closing a case ends with this verdict, and slashes so much. */
export async function closesWith(world: CourtWorld, trial: Trial, verdict: Verdict, slashed: bigint): Promise<void> {
  await expect(closes(world, trial))
    .to.emit(world.court, "CaseClosed")
    .withArgs(trial.caseId, trial.id, verdict, slashed);
}

/** A case whose tier two found the provider guilty; `close` convicts. */
export async function convictable(world: CourtWorld, call: Signed): Promise<Trial & Signed> {
  const trial = await brought(world, call);
  await guilty(world, trial);
  return trial;
}

/** Tier two finds the provider guilty. */
export async function guilty(world: CourtWorld, trial: Trial): Promise<void> {
  await escalated(world, trial);
  await speak(world, trial, all(SECOND_TIER, GUILTY));
}

/** Nothing holds the receipt any more, nor the bond. */
export async function isOver({ court, provider }: CourtWorld, trial: Trial, status: JobStatus): Promise<void> {
  expect((await court.receiptJobOf(trial.id)).status).to.equal(status);
  expect(await court.holdsOf(trial.id)).to.equal(0n);
  expect((await court.bondOf(provider)).openCases).to.equal(0n);
}
