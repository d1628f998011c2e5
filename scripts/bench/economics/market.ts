import { type Random, seededRandom } from "./chance.ts";
import { type Evidence, judge, newSeats, type SeatAgent, type SeatKind } from "./court.ts";
import { type CaseGas, checkCost, drawProbability, type Rules, type World } from "./economy.ts";
import { slashOf } from "./provider.ts";

/** How a provider behaves. */
export interface ProviderKind {
  readonly name: string;
  /** Share of its jobs that it cheats in, what such a job saves of the honest cost, and how likely honest seats see it. */
  readonly cheats?: { readonly share: number; readonly saving: number; readonly detection: number };
  /** Takes jobs and delivers nothing. */
  readonly isLazy?: boolean;
  /** Posts a root and shows no answer; this share of its clients demands one on chain. */
  readonly withheld?: number;
  /** Fills its cap every hour with nothing but cheats, instead of a steady flow. */
  readonly isBurst?: boolean;
  /** Colluding seats belong to it. */
  readonly isProtected?: boolean;
  /** It hands acquitting words to copying seats. */
  readonly isHanding?: boolean;
  /** Its clients are itself: what it earns, it paid. */
  readonly isSelfDealing?: boolean;
  /** Somebody challenges and appeals that much of its honest work, for attacking seats to convict. */
  readonly harassed?: number;
}

/** A whole market of one model. */
export interface Setup {
  readonly seed: number;
  readonly hours: number;
  readonly providers: readonly ProviderKind[];
  readonly seats: Readonly<Partial<Record<SeatKind, number>>>;
  readonly jobPrice: number;
  /** Tokens of jobs that a provider does in an hour. */
  readonly hourlyVolume: number;
}

/** What an agent was left with, for each token of price that went through it. */
export interface Earning {
  readonly name: string;
  readonly volume: number;
  readonly net: number;
  readonly perToken: number;
  readonly convictions: number;
}

export interface Outcome {
  readonly providers: readonly Earning[];
  readonly seats: readonly SeatAgent[];
  readonly challenger: number;
  readonly pool: number;
  readonly burned: number;
  /** Sum over all accounts, the world outside among them: zero but for rounding. */
  readonly residue: number;
  readonly cases: { readonly tierOne: number; readonly tierTwo: number };
}

type Account = string;

/** Double entry: what one account gains another loses. */
class Book {
  readonly #balances = new Map<Account, number>();

  move(from: Account, to: Account, amount: number): void {
    this.#balances.set(from, this.of(from) - amount);
    this.#balances.set(to, this.of(to) + amount);
  }

  of(account: Account): number {
    return this.#balances.get(account) ?? 0;
  }

  residue(): number {
    return [...this.#balances.values()].reduce((total, amount) => total + amount, 0);
  }
}

interface Run {
  readonly setup: Setup;
  readonly rules: Rules;
  readonly world: World;
  readonly gas: CaseGas;
  readonly random: Random;
  readonly book: Book;
  readonly seats: readonly SeatAgent[];
  readonly cases: { tierOne: number; tierTwo: number };
}

interface ProviderState {
  readonly kind: ProviderKind;
  readonly account: Account;
  volume: number;
  convictions: number;
}

/** Plays a market hour by hour, an hour being the challenge window; a provider that was slashed stakes anew. */
export function simulate(rules: Rules, world: World, gas: CaseGas, setup: Setup): Outcome {
  const run: Run = {
    setup,
    rules,
    world,
    gas,
    random: seededRandom(setup.seed),
    book: new Book(),
    seats: newSeats(setup.seats),
    cases: { tierOne: 0, tierTwo: 0 },
  };
  const providers = setup.providers.map((kind, i) => ({ kind, account: `provider ${i}`, volume: 0, convictions: 0 }));
  for (let hour = 0; hour < setup.hours; hour++) {
    for (const provider of providers) {
      playHour(run, provider);
    }
  }
  settleSeats(run);
  return {
    providers: providers.map((state) => earningOf(run, state)),
    seats: run.seats,
    challenger: run.book.of("challenger"),
    pool: run.book.of("pool"),
    burned: run.book.of("burned"),
    residue: run.book.residue(),
    cases: run.cases,
  };
}

function earningOf({ book }: Run, { kind, account, volume, convictions }: ProviderState): Earning {
  const net = book.of(account);
  return { name: kind.name, volume, net, perToken: net / volume, convictions };
}

function playHour(run: Run, provider: ProviderState): void {
  const { rules, setup } = run;
  const cap = rules.minStake * rules.exposureShare;
  const wanted = provider.kind.isBurst === true ? cap : Math.min(cap, setup.hourlyVolume);
  const jobs = Math.floor(wanted / setup.jobPrice + 1e-9);
  // The stake that this hour's convictions can take: the rest of them find nothing.
  const stake = { left: rules.minStake };
  for (let job = 0; job < jobs; job++) {
    playJob(run, provider, stake);
  }
}

function playJob(run: Run, provider: ProviderState, stake: { left: number }): void {
  const { rules, world, gas, book, random, setup } = run;
  const { kind, account } = provider;
  const price = setup.jobPrice;
  const client = kind.isSelfDealing === true ? account : "clients";
  provider.volume += price;
  book.move(account, "outside", gas.job * world.gasPrice);
  if (kind.isLazy === true) {
    book.move(account, client, price * rules.noShowShare);
    return;
  }
  if (kind.withheld !== undefined) {
    if (random() < kind.withheld) sentence(run, provider, client, stake, undefined);
    else payProvider(run, account, client);
    return;
  }
  const isCheating = kind.cheats !== undefined && random() < kind.cheats.share;
  const saving = isCheating ? (kind.cheats?.saving ?? 0) : 0;
  if (kind.isSelfDealing !== true) {
    book.move(account, "outside", price * world.costShare * (1 - saving));
  }
  const isSeen = isCheating ? random() < (kind.cheats?.detection ?? 0) : random() < world.falsePositive;
  const evidence: Evidence = {
    finding: isSeen ? "fault" : "sound",
    isHanded: isCheating && kind.isHanding === true,
    isProtected: isCheating && kind.isProtected === true,
  };
  if (random() < drawProbability(rules, price)) {
    openDrawn(run, provider, client, evidence, stake);
  } else if (random() < (kind.harassed ?? 0)) {
    harass(run, provider, client, stake);
  } else {
    payProvider(run, account, client);
  }
}

function payProvider({ rules, book, setup }: Run, account: Account, client: Account): void {
  book.move(client, account, setup.jobPrice);
  book.move(account, "pool", setup.jobPrice * rules.feeShare);
}

function openDrawn(run: Run, provider: ProviderState, client: Account, evidence: Evidence, stake: { left: number }) {
  const { rules, world, gas, book } = run;
  const opener = provider.kind.isSelfDealing === true ? provider.account : "opener";
  book.move("pool", opener, rules.openReward);
  book.move(opener, "outside", gas.open * world.gasPrice);
  holdCase(run, provider, client, evidence, stake, undefined);
}

/** A challenge of sound work, appealed where tier one acquits: two bonds, unless it convicts. */
function harass(run: Run, provider: ProviderState, client: Account, stake: { left: number }): void {
  const { rules, world, gas, book } = run;
  book.move("challenger", "pool", 2 * rules.challengeBond);
  book.move("challenger", "outside", 2 * gas.open * world.gasPrice);
  const evidence: Evidence = { finding: "sound", isTarget: true, isAppealed: true };
  if (holdCase(run, provider, client, evidence, stake, "challenger")) {
    book.move("pool", "challenger", 2 * rules.challengeBond);
  }
}

/** @returns Whether the case convicted. */
function holdCase(
  run: Run,
  provider: ProviderState,
  client: Account,
  evidence: Evidence,
  stake: { left: number },
  challenger: Account | undefined,
): boolean {
  const { rules, world, book, random, setup, cases } = run;
  const { verdict, tier, fees, penalties } = judge(random, rules, world, run.seats, evidence);
  cases[tier === 1 ? "tierOne" : "tierTwo"] += 1;
  book.move("pool", "seats", fees);
  book.move("seats", "burned", penalties);
  if (verdict === "convicted") {
    sentence(run, provider, client, stake, challenger);
    return true;
  }
  if (verdict === "noQuorum") {
    book.move("burned", provider.account, Math.min(setup.jobPrice, penalties));
  } else {
    payProvider(run, provider.account, client);
  }
  return false;
}

/** Slashes: the client is compensated by at most a price and a fifth, whoever brought the case has a fifth, the rest burns. */
function sentence(
  { rules, book, setup }: Run,
  provider: ProviderState,
  client: Account,
  stake: { left: number },
  challenger: Account | undefined,
): void {
  const slashed = Math.min(stake.left, slashOf(rules, setup.jobPrice));
  const fifth = slashed * rules.challengerShare;
  const compensation = Math.min(setup.jobPrice, fifth);
  const award = challenger === undefined ? 0 : fifth;
  stake.left -= slashed;
  provider.convictions += 1;
  book.move(provider.account, client, compensation);
  book.move(provider.account, challenger ?? "burned", award);
  book.move(provider.account, "burned", slashed - compensation - award);
}

/** What the seats spent outside: gas for each word they revealed, a pass for each they checked. */
function settleSeats({ book, seats, gas, world }: Run): void {
  for (const seat of seats) {
    book.move("seats", "outside", seat.words * gas.word * world.gasPrice + seat.checks * checkCost(world));
  }
}

/** What a seat of a kind was left with for each case it sat in. Tokens. */
export function seatEarning(
  { seats }: Outcome,
  kind: SeatKind,
  { world, gas }: { readonly world: World; readonly gas: CaseGas },
): number {
  const ours = seats.filter((seat) => seat.kind === kind);
  const total = (of: (seat: SeatAgent) => number) => ours.reduce((all, seat) => all + of(seat), 0);
  const spent =
    total(({ words }) => words) * gas.word * world.gasPrice + total(({ checks }) => checks) * checkCost(world);
  return (total(({ fees }) => fees) - total(({ penalties }) => penalties) - spent) / total(({ cases }) => cases);
}
