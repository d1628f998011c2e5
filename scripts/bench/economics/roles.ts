import type { SeatKind } from "./court.ts";
import type { CaseGas, Rules, World } from "./economy.ts";
import { type Outcome, type ProviderKind, seatEarning, simulate } from "./market.ts";
import { slashOf } from "./provider.ts";
import { challengerAward } from "./schemes.ts";

interface Context {
  readonly rules: Rules;
  readonly world: World;
  readonly gas: CaseGas;
}

/** What a way of acting earns: for each share of hostile seats, in tokens for the unit named. */
export interface RoleRow {
  readonly role: string;
  readonly strategy: string;
  readonly unit: string;
  /** None where the share leaves nobody of the kind. */
  readonly earned: readonly (number | null)[];
}

/** Shares of hostile seats that the simulation runs through. */
export const HOSTILE_SHARES = [0, 0.05, 0.1, 0.2, 0.3, 0.4] as const;

const DETECTION = 0.7;
const HOURS = 4_000;
const SEED = 20_260_301;
const PRICE = 0.5;
const whole = { share: 1, saving: 1, detection: DETECTION };

/** Providers, the honest one first. */
const PROVIDERS: readonly ProviderKind[] = [
  { name: "honest" },
  { name: "takes jobs and delivers nothing", isLazy: true },
  { name: "shows no answer, every second client demands it", withheld: 0.5 },
  { name: "cheats in every job", cheats: whole },
  { name: "cheats in every fifth job", cheats: { ...whole, share: 0.2 } },
  { name: "cheats in a fifth of every answer", cheats: { share: 1, saving: 0.2, detection: 0.2 * DETECTION } },
  { name: "fills its cap, cheats in all at once, leaves", cheats: whole, isBurst: true },
  { name: "cheats in every job, the hostile seats are its own", cheats: whole, isProtected: true },
  { name: "buys from itself", isSelfDealing: true },
];

/** Seats of one kind that deviate, the rest being honest. */
const SEATS: readonly (readonly [SeatKind, string])[] = [
  ["absent", "does not reveal"],
  ["dissenting", "calls every result false"],
  ["inventing", "makes its words up"],
  ["copying", "passes on what it is handed"],
];

/** Hostile seats of a panel of the smallest size. */
function panelOf(rules: Rules, kind: SeatKind, share: number): Partial<Record<SeatKind, number>> {
  const count = Math.round(rules.minPanel * share);
  return { honest: rules.minPanel - count, [kind]: count };
}

/** Simulated earnings of each kind of provider, for each token of price, by share of colluding seats. */
export function providerRows({ rules, world, gas }: Context, hours: number = HOURS): RoleRow[] {
  const outcomes = HOSTILE_SHARES.map((share) =>
    simulate(rules, world, gas, {
      seed: SEED,
      hours,
      jobPrice: PRICE,
      hourlyVolume: 1,
      providers: PROVIDERS,
      seats: panelOf(rules, "colluding", share),
    }),
  );
  return PROVIDERS.map(({ name }, index) => ({
    role: "provider",
    strategy: name,
    unit: "a token of price",
    earned: outcomes.map(({ providers }) => providers[index]?.perToken ?? null),
  }));
}

/**
 * Simulated earnings for each case, of each kind of seat and of the honest ones beside it, by its share of the seats; one case
 * in fifty is cheated.
 */
export function seatRows(context: Context, hours: number = HOURS): RoleRow[] {
  const { rules, world, gas } = context;
  const handing: ProviderKind = { name: "hands out", cheats: { ...whole, share: 0.02, detection: 1 }, isHanding: true };
  return SEATS.flatMap(([kind, strategy]) => {
    const outcomes = HOSTILE_SHARES.map((share) =>
      simulate(rules, world, gas, {
        seed: SEED,
        hours,
        jobPrice: PRICE,
        hourlyVolume: 1,
        providers: Array.from({ length: 5 }, () => handing),
        seats: panelOf(rules, kind, share),
      }),
    );
    const row = (name: string, of: SeatKind): RoleRow => ({
      role: "seat",
      strategy: name,
      unit: "a case",
      earned: outcomes.map((outcome) => (has(outcome, of) ? seatEarning(outcome, of, context) : null)),
    });
    return [row(strategy, kind), row("- honest beside it", "honest")];
  });
}

const has = ({ seats }: Outcome, kind: SeatKind) => seats.some((seat) => seat.kind === kind);

/** What clients earn beyond the service, by hand: no chance in it but that the provider cheats. */
export function clientRows({ rules, world, gas }: Context): RoleRow[] {
  const opening = gas.open * world.gasPrice;
  const award = challengerAward(rules, PRICE, slashOf(rules, PRICE));
  const row = (strategy: string, unit: string, earned: number): RoleRow => ({
    role: "client",
    strategy,
    unit,
    earned: HOSTILE_SHARES.map(() => earned),
  });
  return [
    row("pays and leaves", "a job", 0),
    row(
      "challenges what its own check found false",
      "a case",
      DETECTION * award - (1 - DETECTION) * rules.challengeBond - opening,
    ),
    row("challenges sound work", "a case", -rules.challengeBond - opening),
    row("challenges sound work and appeals", "a case", -2 * rules.challengeBond - 2 * opening),
    row("demands what it was given already", "a demand", -rules.demandDeposit - gas.demand * world.gasPrice),
  ];
}
