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
import { fresh, openGasWorld } from "./world.ts";

const FILE = path.join(ROOT, "bench", "gas.json");

/** What a job may cost at most. */
const GOALS: Gas = { job4tx: 190_000, job3tx: 155_000, job2tx: 125_000, settleMany50PerJob: 25_000, perItem1000: 200 };

/** Times and signatures differ from run to run, and a zero byte of calldata is 12 gas cheaper; a change of code is more. */
const NOISE = 100;

const MEASURES = [measureLife, measureAgreements, measureBatches, measureExits, measureMoney, measureProvider];

async function measure(): Promise<Gas> {
  const world = await openGasWorld();
  try {
    // One job stays under way, so that the exposure never falls to zero.
    const standing = { model: fresh(), input: fresh(), items: 1, price: 1_000_000n, provider: world.providerAddress };
    const { spec } = await world.client.postJob({ ...standing, submitWithin: 30 * 86_400 });
    await world.operator.acceptJob({ spec, provider: world.providerAddress });
    await world.client.reserve({ amount: 100_000_000n });
    const gas: Record<string, number> = {};
    // The first round writes slots for the first time; the second is what counts.
    for (const round of [1, 2]) {
      for (const part of MEASURES) {
        Object.assign(gas, round === 1 && part === measureBatches ? {} : await part(world));
      }
    }
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
    const isFresh = is !== undefined && was !== undefined && Math.abs(is - was) <= NOISE;
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
