import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ROOT } from "../../lib/paths.ts";
import { readDetection } from "./detection.ts";
import { RULES, readCaseGas, WORLD } from "./economy.ts";
import { panelOdds } from "./odds.ts";
import { bestCheatGain, bounds, isKept, poolIncome, WORST_CHEAT } from "./regions.ts";
import { type Report, sections, withSections } from "./report.ts";
import { clientRows, providerRows, type RoleRow, seatRows } from "./roles.ts";
import { schemes } from "./schemes.ts";

const CONTEXT = { rules: RULES, world: WORLD, gas: readCaseGas() };
const HOURS = 400;

/** Fewer seats in one hand than this, and honesty pays. */
const HONEST_MAJORITY = 3 / 5;

function expectBest(rows: readonly RoleRow[]): void {
  const [honest, ...others] = rows as readonly [RoleRow, ...RoleRow[]];
  for (const { strategy, earned } of others) {
    earned.forEach((value, index) => {
      expect(value ?? Number.NEGATIVE_INFINITY, `${strategy}, ${index}`).to.be.below(honest.earned[index] as number);
    });
  }
}

describe("honesty at the shipped parameters", () => {
  it("earns a provider most, at every share of hostile seats up to two fifths", () => {
    expectBest(providerRows(CONTEXT, HOURS));
  });

  it("earns a seat most, whatever others do", () => {
    const rows = seatRows(CONTEXT, 5 * HOURS);
    for (let index = 0; index < rows.length; index += 2) {
      const [deviating, honest] = rows.slice(index, index + 2) as [RoleRow, RoleRow];
      expectBest([honest, deviating]);
    }
  });

  it("leaves a client nothing to win by challenging or demanding without a reason", () => {
    const rows = clientRows(CONTEXT);
    const earned = new Map(rows.map((row) => [row.strategy, row.earned[0] as number]));
    expect(earned.get("challenges what its own check found false")).to.be.above(0);
    for (const [strategy, value] of earned) {
      expect(value > 0, strategy).to.equal(strategy === "challenges what its own check found false");
    }
  });

  it("keeps to every bound that a cheat, a seat, a challenger or the pool sets", () => {
    const broken = bounds(CONTEXT).filter((bound) => bound.role !== "answerer" && !isKept(bound));
    expect(broken).to.deep.equal([]);
  });

  it("leaves the pool more than the cases of the draw take", () => {
    expect(poolIncome(RULES, RULES.firstTier * WORLD.honestOutlier)).to.be.above(0);
  });

  it("makes every scheme a loss that pays without its rule", () => {
    const all = schemes(CONTEXT);
    expect(all).to.have.length.above(5);
    for (const { name, without, withRule } of all) {
      expect(without, name).to.be.above(0);
      expect(withRule, name).to.be.below(0);
    }
  });
});

describe("honesty breaks", () => {
  it("where a case recognises fewer than a quarter of the cheats", () => {
    expect(bestCheatGain(RULES, { saving: 1, detection: 0.2 })).to.be.above(0);
    expect(bestCheatGain(RULES, { saving: 1, detection: 0.3 })).to.be.below(0);
  });

  it("where the stake is ten, or the audit value thirteen", () => {
    expect(bestCheatGain(RULES, WORST_CHEAT)).to.be.below(0);
    expect(bestCheatGain({ ...RULES, minStake: 10 }, WORST_CHEAT)).to.be.above(0);
    expect(bestCheatGain({ ...RULES, auditValue: 13 }, WORST_CHEAT)).to.be.above(0);
  });

  it("where half of the seats are the cheat's own", () => {
    const convictedAt = (share: number) => panelOdds(RULES, RULES.minPanel, share * RULES.minPanel).convicted;
    const gainAt = (share: number) => bestCheatGain(RULES, { ...WORST_CHEAT, convicted: convictedAt(share) });
    expect(gainAt(1 - HONEST_MAJORITY)).to.be.below(0);
    expect(gainAt(0.5)).to.be.above(0);
  });
});

describe("docs/economics.md", () => {
  const report = JSON.parse(readFileSync(path.join(ROOT, "bench", "economics.json"), "utf8")) as Report;

  it("rests on the parameters and detection rates of today", () => {
    expect(report.rules).to.deep.equal(RULES);
    expect(report.detection).to.deep.equal(readDetection());
  });

  it("shows what the bench found", () => {
    const text = readFileSync(path.join(ROOT, "docs", "economics.md"), "utf8");
    expect(withSections(text, sections(report))).to.equal(text);
  });
});
