import path from "node:path";
import { caseId, type ModelTerms, termsId } from "@touchstone/sdk/protocol";
import type { Hex, LocalAccount } from "viem";
import type { NodeSettings } from "../../../../provider-node/src/assembly.ts";
import type { Engine } from "../../../../provider-node/src/engine/engine.ts";
import { type CourtParameters, localCourtParameters } from "../../../../scripts/network/parameters.ts";
import { type NodeUnderTest, runNode, until } from "./running.ts";
import { accountAt, type World } from "./world.ts";

/** Fast, and every verified job is drawn. */
export const SWIFT_COURT: CourtParameters = {
  ...localCourtParameters,
  auditValue: 1n,
  seatMinAge: 1,
  commitWindow: 60,
  revealWindow: 60,
  appealWindow: 2,
  answerWindow: 15,
};

/** Development accounts from this one on are seats: number 1 is the first. */
export const FIRST_SEAT = 20;
/** Development accounts with coins that a world with seats needs. */
export const ACCOUNTS = 40;

/** The account of a seat, which also is the key of its node. */
export function seatAccount(index: number): LocalAccount {
  return accountAt(FIRST_SEAT + index);
}

/** Opens the panel of a model and seats as many on it as it takes for the model to be verified. */
export async function openPanel(world: World, terms: ModelTerms, seats: number): Promise<void> {
  const model = termsId(terms);
  await world.asCourt(accountAt(0), "openPanel", [terms]);
  const accounts = Array.from({ length: seats }, (_, index) => seatAccount(index));
  await Promise.all(accounts.map((account) => world.fund(account)));
  for (const account of accounts) {
    await world.asCourt(account, "stakeSeat", [SWIFT_COURT.seatStake]); // One by one: they are numbered in this order.
  }
  await Promise.all(accounts.map((account) => world.asCourt(account, "joinPanel", [account.address, model])));
  const joined = await world.now();
  await until(
    () => world.now(),
    (now) => now > joined + SWIFT_COURT.seatMinAge,
  );
  await world.asCourt(accountAt(0), "refreshPanel", [model]);
}

/** Settings of a node that only judges. */
export function seatSettings(world: World, index: number): Partial<NodeSettings> {
  const { address } = seatAccount(index);
  return {
    seat: address,
    provider: address,
    serve: false,
    dataDir: path.join(world.folder, `seat${index}`),
    pollIntervalMs: 200,
    downloadTimeoutMs: 500,
  };
}

/** Starts the node of a seat. */
export function runSeat(
  world: World,
  index: number,
  engine: Engine,
  overrides: Partial<NodeSettings> = {},
): Promise<NodeUnderTest> {
  return runNode(world, [engine], { ...seatSettings(world, index), ...overrides }, { account: seatAccount(index) });
}

/** The case that the draw opens of a job. */
export function drawnCase(job: Hex): Hex {
  return caseId({ job });
}
