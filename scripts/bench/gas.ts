// Measures the gas of every entry point in the steady state: `npm run bench:gas` rewrites bench/gas.json, and
// `--check` fails where it is not what is committed, or above a goal.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../lib/paths.ts";
import {
  type Gas,
  measureAgreements,
  measureBatches,
  measureExits,
  measureLife,
  measureMoney,
  measureProvider,
} from "./measure.ts";
import { measureCourt } from "./measure-court.ts";
import { openGasWorld } from "./world.ts";

const FILE = path.join(ROOT, "bench", "gas.json");

/** What a job may cost at most. */
const GOALS: Gas = {
  job4tx: 190_000,
  job3tx: 155_000,
  job2tx: 125_000,
  settleMany50PerJob: 25_000,
  perItem1000: 200,
  caseTier1: 600_000,
  undrawnOverhead: 12_000,
};

/** Times and signatures differ from run to run, and a zero byte of calldata is 12 gas cheaper; a change of code is more. */
const NOISE = 100;

/** Block hashes draw the panels of cases: some slots are tried twice, and in tier two some seats have never earned before. An answer has kilobytes of hashes. */
const CASE_NOISE: Gas = {
  caseTier1: 5_000,
  caseTier1First: 15_000,
  caseTier2: 150_000,
  receiptCase: 5_000,
  demandAnswer: 1_000,
};

const MEASURES = [measureLife, measureAgreements, measureBatches, measureExits, measureMoney, measureProvider];

/** The job lane in a market without a court. */
async function measureLane(): Promise<Record<string, number>> {
  const world = await openGasWorld(false);
  try {
    const gas: Record<string, number> = {};
    // The first round writes slots for the first time; the second is what counts.
    for (const round of [1, 2]) {
      for (const part of MEASURES) {
        Object.assign(gas, round === 1 && part === measureBatches ? {} : await part(world));
      }
    }
    return gas;
  } finally {
    await world.close();
  }
}

async function measure(): Promise<Gas> {
  const lane = await measureLane();
  const world = await openGasWorld(true);
  try {
    const { undrawn = 0, ...court } = await measureCourt(world);
    const gas = { ...lane, ...court, undrawnOverhead: undrawn - (lane.accept ?? 0) - (lane.settle ?? 0) };
    return Object.fromEntries(Object.entries(gas).sort(([a], [b]) => (a < b ? -1 : 1)));
  } finally {
    await world.close();
  }
}

function check(now: Gas): void {
  const committed = JSON.parse(readFileSync(FILE, "utf8")) as Gas;
  const names = [...new Set([...Object.keys(now), ...Object.keys(committed)])];
  let failed = 0;
  for (const name of names) {
    const [is, was] = [now[name], committed[name]];
    const isFresh = is !== undefined && was !== undefined && Math.abs(is - was) <= (CASE_NOISE[name] ?? NOISE);
    const isBelow = (is ?? 0) <= (GOALS[name] ?? Number.POSITIVE_INFINITY);
    if (!isFresh || !isBelow) {
      failed += 1;
      console.log(`${name}: ${is}, committed ${was}, goal ${GOALS[name] ?? "none"}. Run \`npm run bench:gas\`.`);
    }
  }
  console.log(`${names.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

const gas = await measure();
if (process.argv.includes("--check")) {
  check(gas);
} else {
  writeFileSync(FILE, `${JSON.stringify(gas, null, 2)}\n`);
  console.log(gas);
}
