import type { Detection } from "./detection.ts";
import { type CaseGas, missProbability, type Rules, type World, wordCost } from "./economy.ts";
import { type Grief, griefs } from "./griefing.ts";
import { breakEvenVolume, type LazyBalance, lazyBalance } from "./lazy.ts";
import { liveTables } from "./live-tables.ts";
import { panelOdds } from "./odds.ts";
import { falsePositiveCost, streamingGain, worstBurst } from "./provider.ts";
import { type Bound, bounds, poolIncome, seatIncome, WORST_CHEAT } from "./regions.ts";
import { clientRows, providerRows, type RoleRow, seatRows } from "./roles.ts";
import { ANSWER_GAS, challengerAward, MOST_DEMANDS, type Scheme, schemes } from "./schemes.ts";
import {
  boundTable,
  clientTable,
  detectionTable,
  griefTable,
  oddsTable,
  roleTable,
  schemeTable,
  shown,
} from "./tables.ts";

/** All that the bench found: what bench/economics.json holds. */
export interface Report {
  readonly rules: Rules;
  readonly world: World;
  readonly gas: CaseGas;
  readonly detection: Detection;
  readonly providers: readonly RoleRow[];
  readonly seats: readonly RoleRow[];
  readonly clients: readonly RoleRow[];
  readonly bounds: readonly Bound[];
  readonly schemes: readonly Scheme[];
  readonly griefs: readonly Grief[];
  readonly lazy: readonly LazyBalance[];
  readonly breakEvenVolume: number;
}

/** Interest that a seat's stake could earn elsewhere, a year. */
const INTEREST = 0.05;

/**
 * Runs the whole bench.
 * @param hours Simulated hours of each market; fewer are faster and coarser.
 */
export function runBench(rules: Rules, world: World, gas: CaseGas, detection: Detection, hours?: number): Report {
  const context = { rules, world, gas };
  const handed = { saving: 1, detection: 1 };
  return {
    rules,
    world,
    gas,
    detection,
    providers: providerRows(context, hours),
    seats: seatRows(context, hours),
    clients: clientRows(context),
    bounds: bounds(context),
    schemes: schemes(context),
    griefs: griefs(context),
    lazy: [rules.contradictionPenalty, rules.absentPenalty].map((fine) => lazyBalance(rules, world, handed, fine)),
    breakEvenVolume: breakEvenVolume(rules, world, gas, INTEREST),
  };
}

/** The generated parts of docs/economics.md, by name. */
export function sections(report: Report): ReadonlyMap<string, string> {
  const { rules, world, detection } = report;
  return new Map([
    ["assumptions", assumptions(report)],
    ["providers", roleTable(report.providers)],
    ["seats", roleTable(report.seats)],
    ["clients", clientTable(report.clients)],
    ["detection", `Detection rates: ${detection.source}.\n\n${detectionTable(rules, world.costShare, detection)}`],
    ["panels", oddsTable(rules)],
    ["bounds", boundTable(report.bounds)],
    ["copying", copying(report)],
    ["schemes", schemeTable(report.schemes)],
    ["griefing", griefTable(report.griefs)],
    ["parameters", parameters(report)],
    ["live", liveTables(rules, world, report.gas)],
  ]);
}

/** Puts the generated parts into the text between their markers. Throws where a marker is missing. */
export function withSections(text: string, parts: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [name, part] of parts) {
    const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [result.indexOf(start), result.indexOf(end)];
    if (from < 0 || to < from) {
      throw new RangeError(`The document has no lines "${start}" and "${end}": add them where the table belongs.`);
    }
    result = `${result.slice(0, from + start.length)}\n${part}\n${result.slice(to)}`;
  }
  return result;
}

function assumptions({ world, gas }: Report): string {
  const lines: readonly (readonly [string, string])[] = [
    ["price of gas", `${shown(world.gasPrice * 1e9)} nanotokens a unit (0.01 gwei, 3,000 tokens an ether)`],
    ["gas of a case of tier one", `${gas.firstTierCase.toLocaleString("en")} (from ${gas.source})`],
    ["honest cost", `${world.costShare * 100} % of the price`],
    ["price of a million output tokens", `${world.pricePerMillion} token`],
    ["checking pass", `${world.checkRatio} of decoding the same tokens`],
    ["false convictions", `${world.falsePositive} a case`],
    ["honest words beyond the tolerance", `${world.honestOutlier}`],
    [
      "honest outages",
      `one in ${world.outageEvery / 1_440} days, ${world.outageLength} minutes on average, exponential`,
    ],
  ];
  return ["| assumed | value |", "| --- | --- |", ...lines.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");
}

function copying({ lazy, breakEvenVolume: volume }: Report): string {
  const rows = lazy.map(
    ({ penalty, cheated, cheatsGain, tips }) =>
      `| ${[penalty, cheated, cheatsGain, tips].map((value) => shown(value)).join(" | ")} |`,
  );
  return [
    "| a contradicted copier loses | a lone copier gains below this share of cheated cases | cheats gain from this share of copiers on | the honest lose more than copiers from this share on |",
    "| ---: | ---: | ---: | ---: |",
    ...rows,
    "",
    `At ${INTEREST * 100} % interest, the seats of the smallest panel earn what their stakes cost from ${shown(volume)} tokens of volume a year on.`,
  ].join("\n");
}

/** Every parameter with its line of arithmetic. */
function parameters(report: Report): string {
  const lines = [...ofProviders(report), ...ofSeats(report), ...ofCases(report)];
  return [
    "| parameter | value | arithmetic |",
    "| --- | ---: | --- |",
    ...lines.map(([name, value, line]) => `| \`${name}\` | ${value} | ${line} |`),
  ].join("\n");
}

type Line = readonly [string, string, string];

function bound({ bounds: all }: Report, quantity: string): string {
  return shown(all.find((one) => one.quantity === quantity)?.bound);
}

function ofProviders(report: Report): Line[] {
  const { rules, world } = report;
  const { minStake: stake, auditValue: value, exposureShare: share, challengerShare } = rules;
  const cap = stake * share;
  const steady = shown(streamingGain(rules, WORST_CHEAT, 1));
  return [
    [
      "auditValue",
      shown(value),
      `a case costs ${shown(rules.openReward)} + 3 x ${shown(rules.seatFee)} = ${shown(rules.openReward + 3 * rules.seatFee)}; / ${value} = ${shown(((rules.openReward + 3 * rules.seatFee) / value) * 100)} % of every price, under the fee; cheating pays above ${bound(report, "audit value V")}`,
    ],
    [
      "minStake",
      shown(stake),
      `steady: 1 - 0.7 x (${stake} x ${1 - challengerShare} + 1) / ${value} = ${steady} a token; all at once, at worst ${shown(worstBurst(rules, WORST_CHEAT))}; cheating pays under ${bound(report, "minimum stake S")}`,
    ],
    [
      "exposureShare",
      `${share * 100} %`,
      `all a minimum stake covers is ${stake} x ${share} = ${cap} = V: one expected case; cheating pays above ${bound(report, "exposure share")}`,
    ],
    [
      "feeShare",
      `${rules.feeShare * 100} %`,
      `less cases of ${shown((rules.feeShare - poolIncome(rules, 0)) * 100)} % leaves the pool ${shown(poolIncome(rules, 0) * 100)} % for tier two: enough for ${bound(report, "share of sound cases that go to tier two")} of all cases`,
    ],
    [
      "noShowShare",
      `${rules.noShowShare * 100} %`,
      `what can be moved to an accomplice at once is ${rules.noShowShare * 100} % of ${share * 100} % = ${shown(rules.noShowShare * share * 100)} % of the stake; what keeps it from leaving round by round is under Schemes`,
    ],
    [
      "tolerances' false positives",
      shown(world.falsePositive),
      `cost ${world.falsePositive} x (${stake} + 1) / ${value} = ${shown(falsePositiveCost(rules, world.falsePositive, 1) * 100)} % of every price; 0.1 % at ${bound(report, "false positives that cost 0.1 % of the price")}`,
    ],
  ];
}

function ofSeats(report: Report): Line[] {
  const { rules, world, gas } = report;
  const cost = wordCost(world, gas);
  const missed = missProbability(world, rules.commitWindow) + missProbability(world, rules.revealWindow);
  return [
    [
      "seatFee",
      shown(rules.seatFee),
      `less work of ${shown(cost)}, outages of ${shown(missed)} x ${rules.absentPenalty} and noise of ${world.honestOutlier} x ${rules.contradictionPenalty} leaves ${shown(seatIncome(report))} a case`,
    ],
    [
      "seatStake",
      shown(rules.seatStake),
      `${rules.seatStake / rules.contradictionPenalty} contradictions, ${rules.seatStake / rules.absentPenalty} absences; two fifths of the smallest panel cost ${shown(rules.minPanel * (2 / 3) * rules.seatStake)} beside 40 honest seats`,
    ],
    [
      "absentPenalty",
      shown(rules.absentPenalty),
      `blocking tier two by silence takes 4 x ${rules.absentPenalty} = ${4 * rules.absentPenalty}, against a slash of ${rules.minStake}`,
    ],
    [
      "outlierPenalty",
      shown(rules.outlierPenalty),
      `as an absence: a made-up word is no cheaper than none, and dearer than the ${shown(cost)} that it saves`,
    ],
    [
      "contradictionPenalty",
      shown(rules.contradictionPenalty),
      `three acquittals overturned take ${3 * rules.contradictionPenalty}, against the ${rules.minStake + rules.auditValue} that an acquittal is worth`,
    ],
    [
      "minPanel",
      shown(rules.minPanel),
      `a fifth in one hand takes tier one in ${shown(panelOdds(rules, rules.minPanel, rules.minPanel / 5).firstTierTaken * 100)} % of cases, tier two in ${shown(panelOdds(rules, rules.minPanel, rules.minPanel / 5).taken * 100)} %`,
    ],
    [
      "commitWindow, revealWindow",
      `${rules.commitWindow}, ${rules.revealWindow} min`,
      `an honest machine is down for all of the one in ${shown(missProbability(world, rules.commitWindow))} of cases, of the other in ${shown(missProbability(world, rules.revealWindow))}`,
    ],
  ];
}

function ofCases(report: Report): Line[] {
  const { rules, world, gas } = report;
  const award = challengerAward(rules, rules.auditValue);
  const waiting = MOST_DEMANDS * (rules.answerWindow + rules.commitWindow);
  const longest =
    waiting + 2 * (rules.commitWindow + rules.revealWindow) + rules.appealWindow + rules.maxChallengeWindow;
  return [
    [
      "unbondingPeriod, seatUnbonding",
      `${rules.unbondingPeriod}, ${rules.seatUnbonding} min`,
      `the longest case: ${MOST_DEMANDS} x (${rules.answerWindow} + ${rules.commitWindow}) + 2 x (${rules.commitWindow} + ${rules.revealWindow}) + ${rules.appealWindow} + ${rules.maxChallengeWindow} = ${longest}`,
    ],
    [
      "maxChallengeWindow",
      `${rules.maxChallengeWindow} min`,
      "a draw can be read for 8,191 blocks: 273 minutes of blocks of 2 seconds, and the job is settled after the window and before that",
    ],
    [
      "openReward",
      shown(rules.openReward),
      `more than the ${shown(gas.open * world.gasPrice)} that opening costs in gas`,
    ],
    [
      "challengeBond",
      shown(rules.challengeBond),
      `pays 3 + 9 seats (${shown(12 * rules.seatFee)}); a false conviction pays ${shown(award)} against two bonds: harassing pays from ${bound(report, "share of own seats")} of the seats on`,
    ],
    [
      "demandDeposit",
      shown(rules.demandDeposit),
      `an answer of one full chunk is ${ANSWER_GAS.toLocaleString("en")} gas = ${shown(ANSWER_GAS * world.gasPrice)}; the deposit covers it up to ${shown((rules.demandDeposit / ANSWER_GAS / world.gasPrice) * 0.01)} gwei`,
    ],
  ];
}
