import {
  DISTANCE_SCALE,
  DRAW_KEY,
  decodeWord,
  enumName,
  isOver,
  MARGIN_SCALE,
  Outcome,
  Verdict,
} from "@touchstone/sdk";
import type { LocalNetwork } from "../../network/network.ts";
import { balances, plainTable, tokens } from "../report.ts";
import { tierOf, whoIs } from "./follow.ts";
import type { Trial } from "./hold.ts";
import { statisticsOf } from "./statistics.ts";

/** What `--json` prints, in one line: token amounts as decimal strings of token units. */
export function trialAsJson(network: LocalNetwork, trial: Trial): string {
  const { cheat, record, ended, accused, slashed, repaid, burned } = trial;
  const { price } = ended.spec;
  const report = {
    cheat,
    job: { id: ended.job, provider: accused.provider, price: price.toString(), outcome: outcomeOf(trial) },
    opened: {
      by: record.key === DRAW_KEY ? "draw" : "client",
      seed: record.seed,
      opener: record.opener,
      caseId: record.caseId,
      startItem: record.startItem,
    },
    seats: record.positions.map(({ position, seat, word }) => ({
      address: accountOf(network, seat),
      tier: tierOf(position),
      stats: word === undefined ? null : factsOf(word),
      word: word ?? null,
    })),
    verdict: verdictOf(trial),
    slashed: slashed.toString(),
    repaid: repaid.toString(),
    burned: burned.toString(),
  };
  return JSON.stringify(report);
}

function factsOf(word: `0x${string}`) {
  const { line: _, ...facts } = statisticsOf(word);
  return facts;
}

/** What people see. */
export function trialAsTables(network: LocalNetwork, trial: Trial): string {
  return [words(network, trial), summary(network, trial), balances(trial)].join("\n\n");
}

function words(network: LocalNetwork, { record, tolerances }: Trial): string {
  const table = plainTable({
    head: ["tier", "seat", "account", "tokens", "differ", "margin", "distance", "says", "word"],
    colAligns: ["right", "right", "left", "right", "right", "right", "right", "left", "left"],
    style: { compact: true },
  });
  const limits = [tolerances.marginThreshold / MARGIN_SCALE, tolerances.traceThreshold / DISTANCE_SCALE] as const;
  for (const { position, seat, word } of record.positions) {
    const who = [tierOf(position), seat, accountOf(network, seat)];
    if (word === undefined) {
      table.push([...who, "", "", "", "", "nothing", ""]);
      continue;
    }
    const { tokens: covered, mismatches, margin, distance } = statisticsOf(word);
    const says = isOver(decodeWord(word), tolerances) ? "over" : "within";
    table.push([...who, covered, mismatches, margin.toFixed(5), distance.toFixed(4), says, `${word.slice(0, 18)}…`]);
  }
  table.push(["", "", "limits", "", "", limits[0].toFixed(5), limits[1].toFixed(4), "", ""]);
  return table.toString();
}

function summary(network: LocalNetwork, trial: Trial): string {
  const { ended, record, accused, model, slashed, repaid, burned } = trial;
  const table = plainTable({ style: { compact: true } });
  table.push(
    { job: ended.job },
    { provider: `${accused.name} (${accused.provider})` },
    { model },
    { case: record.caseId },
    { "opened by": `the draw, through ${whoIs(network, record.opener)}` },
    { seed: record.seed ?? "" },
    { verdict: verdictOf(trial) },
    { outcome: outcomeOf(trial) },
    { "paid to the provider": tokens(ended.ending?.paid ?? 0n) },
    { "slashed from its stake": tokens(slashed) },
    { "repaid to the buyer": `${tokens(repaid)} of a price of ${tokens(ended.spec.price)}` },
    { burned: tokens(burned) },
  );
  return table.toString();
}

function accountOf({ seats }: LocalNetwork, number: number): string {
  return seats.find(({ seat }) => seat === number)?.account ?? `seat ${number}`;
}

function verdictOf({ record }: Trial): string {
  return enumName(Verdict, record.ending?.verdict ?? Verdict.None) ?? "None";
}

function outcomeOf({ ended }: Trial): string {
  return enumName(Outcome, ended.ending?.outcome ?? Outcome.None) ?? "None";
}
