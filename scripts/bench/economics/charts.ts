import { lineChart } from "./chart.ts";
import type { Rules } from "./economy.ts";
import { panelOdds } from "./odds.ts";
import { streamingGain, worstBurst } from "./provider.ts";
import { stakeNeeded } from "./regions.ts";
import type { RoleRow } from "./roles.ts";
import { HOSTILE_SHARES } from "./roles.ts";

const range = (from: number, to: number, steps: number) =>
  Array.from({ length: steps + 1 }, (_, index) => from + ((to - from) * index) / steps);

/** All charts by file name. */
export function charts(rules: Rules, providers: readonly RoleRow[]): ReadonlyMap<string, string> {
  return new Map([
    ["cheating.svg", cheating(rules)],
    ["panels.svg", panels(rules)],
    ["stake.svg", stake(rules)],
    ["providers.svg", earnings(providers)],
  ]);
}

function cheating(rules: Rules): string {
  const detections = range(0, 1, 50);
  return lineChart({
    title: "What cheating adds, where all that a job costs is saved",
    x: "probability that a case recognises the cheat",
    y: "tokens",
    hasZero: true,
    series: [
      {
        name: "steady, for 5 tokens of price",
        points: detections.map((detection) => [detection, 5 * streamingGain(rules, { saving: 1, detection }, 1)]),
      },
      {
        name: "all at once, a stake of 25",
        points: detections.map((detection) => [detection, worstBurst(rules, { saving: 1, detection })]),
      },
    ],
  });
}

function panels(rules: Rules): string {
  const hostile = range(0, rules.minPanel / 2, rules.minPanel / 2);
  const odds = hostile.map((count) => ({ share: count / rules.minPanel, ...panelOdds(rules, rules.minPanel, count) }));
  return lineChart({
    title: `Hostile seats of one hand on a panel of ${rules.minPanel}`,
    x: "share of the seats",
    y: "probability in a case",
    series: [
      { name: "a cheat is convicted", points: odds.map(({ share, convicted }) => [share, convicted]) },
      { name: "tier two blocked", points: odds.map(({ share, blocked }) => [share, blocked]) },
      { name: "tier two theirs", points: odds.map(({ share, taken }) => [share, taken]) },
      { name: "tier one theirs", points: odds.map(({ share, firstTierTaken }) => [share, firstTierTaken]) },
    ],
  });
}

function stake(rules: Rules): string {
  const detections = range(0.25, 1, 30);
  return lineChart({
    title: "Least stake that deters, for 5 tokens of exposure, by audit value V",
    x: "probability that a case recognises the cheat",
    y: "tokens",
    series: [2.5, rules.auditValue, 10].map((value) => ({
      name: `V = ${value}`,
      points: detections.flatMap((detection) => {
        const needed = stakeNeeded(rules, value, detection);
        return needed === undefined ? [] : [[detection, needed] as const];
      }),
    })),
  });
}

function earnings(providers: readonly RoleRow[]): string {
  const names = ["honest", "every job", "every fifth", "its own"];
  const rows = [0, 3, 4, 7].map((index) => providers[index]).filter((row) => row !== undefined);
  return lineChart({
    title: "Simulated earnings of providers, for each token of price",
    x: "share of colluding seats",
    y: "tokens",
    hasZero: true,
    series: rows.map(({ earned }, index) => ({
      name: names[index] as string,
      points: HOSTILE_SHARES.map((share, at) => [share, earned[at] as number]),
    })),
  });
}
