import { crossing } from "./chance.ts";
import type { Detection } from "./detection.ts";
import type { Rules } from "./economy.ts";
import type { Grief } from "./griefing.ts";
import { panelOdds } from "./odds.ts";
import { streamingGain, worstBurst } from "./provider.ts";
import { type Bound, bestCheatGain } from "./regions.ts";
import { HOSTILE_SHARES, type RoleRow } from "./roles.ts";
import type { Scheme } from "./schemes.ts";

/** A number as a reader wants it: three digits that count. */
export function shown(value: number | null | undefined): string {
  if (value === undefined || value === null) return "-";
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  if (magnitude < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(magnitude >= 100 ? 4 : 3)));
}

const percent = (share: number) => `${shown(share * 100)} %`;

/** A table of Markdown, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** Earnings by share of hostile seats. */
export function roleTable(rows: readonly RoleRow[]): string {
  const unit = rows[0]?.unit ?? "";
  const shares = HOSTILE_SHARES.map((share) => `${share * 100} %`);
  return table(
    [`tokens for ${unit}`, ...shares],
    rows.map(({ strategy, earned }) => [strategy, ...earned.map(shown)]),
  );
}

/** Earnings that no seat changes. */
export function clientTable(rows: readonly RoleRow[]): string {
  return table(
    ["a client that", "for", "earns, tokens"],
    rows.map(({ strategy, unit, earned }) => [strategy, unit, shown(earned[0])]),
  );
}

/** Where honesty stops paying. */
export function boundTable(bounds: readonly Bound[]): string {
  return table(
    ["role", "quantity", "honesty pays", "bound", "shipped or assumed"],
    bounds.map(({ role, quantity, holds, bound, shipped }) => [role, quantity, holds, shown(bound), shown(shipped)]),
  );
}

/** Every cheat the verifier was measured on. */
export function detectionTable(rules: Rules, costShare: number, { rows }: Detection): string {
  return table(
    ["cheat", "model", "tokens", "detection", "saves of the cost", "gain, steady", "gain, all at once", "pays"],
    rows.map(({ cheat, model, tokens, detection, saving }) => {
      const gains = [0.01, 1, 5].map((price) => streamingGain(rules, { saving: saving * costShare, detection }, price));
      const steady = Math.max(...gains);
      const burst = worstBurst(rules, { saving: saving * costShare, detection });
      const pays = steady > 0 || burst > 0 ? "**yes**" : "no";
      return [cheat, model, String(tokens), shown(detection), percent(saving), shown(steady), shown(burst), pays];
    }),
  );
}

/** What one hand with a share of the seats can do. */
export function oddsTable(rules: Rules): string {
  return table(
    [
      "share of the seats",
      "cheat convicted",
      "tier one theirs",
      "tier two blocked",
      "tier two theirs",
      "least detection",
    ],
    HOSTILE_SHARES.filter((share) => share > 0).map((share) => {
      const odds = panelOdds(rules, rules.minPanel, Math.round(share * rules.minPanel));
      const { convicted, firstTierTaken, blocked, taken } = odds;
      const least = crossing((detection) => bestCheatGain(rules, { saving: 1, detection, convicted }), 0, 1);
      return [percent(share), ...[convicted, firstTierTaken, blocked, taken].map(percent), shown(least)];
    }),
  );
}

/** Ways to profit, and the rules that end them. */
export function schemeTable(schemes: readonly Scheme[]): string {
  return table(
    ["scheme", "without the rule", "with it", "the rule"],
    schemes.map(({ name, unit, without, withRule, rule }) => [
      name,
      `${shown(without)} ${unit}`,
      shown(withRule),
      rule,
    ]),
  );
}

/** Harm without profit. */
export function griefTable(griefs: readonly Grief[]): string {
  return table(
    ["what", "costs its author", "costs others", "whom"],
    griefs.map(({ name, victim, cost, harm }) => [name, shown(cost), shown(harm), victim]),
  );
}
