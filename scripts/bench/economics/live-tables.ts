import type { CaseGas, Rules, World } from "./economy.ts";
import {
  bringingGain,
  caseHours,
  harassingPays,
  LIVE,
  leastBond,
  leastBringing,
  penaltyOf,
  steadyGain,
} from "./live.ts";
import { shown, table } from "./tables.ts";

const PRICES = [0.0001, 0.001, 0.01, 0.1, 5];
const SALES = [1, 10, 100, 1_000];

const percent = (share: number) => `${shown(share * 100)} %`;

/** The tables of the live lane. */
export function liveTables(rules: Rules, world: World, gas: CaseGas): string {
  const cost = gas.firstTierCase * world.gasPrice;
  const saving = world.costShare;
  const calls = table(
    [
      "a call of",
      "a false receipt costs",
      "cheating gains, all buyers bring",
      "one in ten brings",
      "a payer who brings it gains",
      "harassing pays from false convictions of",
    ],
    PRICES.map((price) => [
      shown(price),
      shown(penaltyOf(LIVE, price)),
      shown(steadyGain(LIVE, price, saving, 1)),
      shown(steadyGain(LIVE, price, saving, 0.1)),
      shown(bringingGain(rules, LIVE, price, LIVE.detection, cost)),
      percent(harassingPays(rules, LIVE, price)),
    ]),
  );
  const hours = [caseHours(rules, false), caseHours(rules, true)] as const;
  const sales = table(
    [
      "sells a day",
      `least bond, case of ${shown(hours[0])} hours`,
      `least bond, every demand answered late: ${shown(hours[1])} hours`,
    ],
    SALES.map((sold) => [
      shown(sold),
      ...hours.map((one) => shown(leastBond(LIVE, { sold, price: 0.001, saving, bringing: 1, hours: one }))),
    ]),
  );
  const least = `A cheat that saves ${percent(saving)} of the price pays where less than ${percent(leastBringing(LIVE, saving))} of the sales are to buyers who check and bring.`;
  return `${calls}\n\n${least}\n\n${sales}`;
}
