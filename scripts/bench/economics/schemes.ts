import { type CaseGas, drawProbability, type Rules, type World } from "./economy.ts";
import { panelOdds } from "./odds.ts";
import { slashOf } from "./provider.ts";
import { captured } from "./steering.ts";

/** A way to profit that only works where a rule is missing. Gains in tokens, for the unit named. */
export interface Scheme {
  readonly name: string;
  readonly unit: string;
  readonly without: number;
  readonly withRule: number;
  readonly rule: string;
}

interface Context {
  readonly rules: Rules;
  readonly world: World;
  readonly gas: CaseGas;
}

/** Share of the seats that the schemer holds where a scheme needs some. */
const SHARE = 0.2;

/** Calldata gas of answering with one full chunk of trace, 1,024 tokens of 52 bytes, at the floor of EIP-7623: 40 gas a byte. */
export const ANSWER_GAS = 21_000 + 40 * 1_024 * 52;
/** Answering with an item of one token. */
const SMALL_ANSWER_GAS = 100_000;
/** Demands that one case allows. */
export const MOST_DEMANDS = 12;

/** Jobs of one's own, priced so that the draw is certain, for the opener's reward and the fees of own seats. */
function farmDraws({ rules, world, gas }: Context): Scheme {
  const price = rules.auditValue;
  const fees = rules.firstTier * rules.seatFee;
  const earned = rules.openReward + SHARE * fees;
  const spent = (gas.job + gas.open + SHARE * rules.firstTier * gas.word) * world.gasPrice;
  const fee = rules.feeShare * price;
  return {
    name: "buy from oneself at the audit value, so that each job is drawn",
    unit: "a job",
    without: earned - spent,
    withRule: earned - spent - fee,
    rule: "the fee on each settled price: 2 % of the audit value is more than a case pays out",
  };
}

/** Draws that nobody read in time count as drawn, whatever the price. */
function farmOldDraws({ rules, world, gas }: Context): Scheme {
  const price = 0.01;
  const fees = SHARE * rules.firstTier * rules.seatFee;
  const words = SHARE * rules.firstTier * gas.word * world.gasPrice;
  const spent = (gas.job + gas.open) * world.gasPrice + rules.feeShare * price;
  return {
    name: "leave own jobs of 0.01 unsettled until their block hash is gone, and open them as drawn",
    unit: "a job",
    without: rules.openReward + fees - words - spent,
    withRule: drawProbability(rules, price) * (fees - words) - spent,
    rule: "a draw that can no longer be read pays no opener, and is made anew at the job's own price",
  };
}

/** The provider serves nobody over HTTP; each demand's deposit is its income. */
function farmDemands({ rules, world }: Context): Scheme {
  const answer = SMALL_ANSWER_GAS * world.gasPrice;
  return {
    name: "serve seats only on demand, and collect the deposits",
    unit: "a case",
    without: MOST_DEMANDS * (rules.demandDeposit - answer),
    withRule: -MOST_DEMANDS * answer,
    rule: "the deposit of a seat's demand goes back to the seat, and the pool adds nothing",
  };
}

/** Demands of one's own, at the same chunk again and again, use up the case's; the penalties of the absent go to the provider. */
function starveSeats({ rules, world, gas }: Context): Scheme {
  const fines = (rules.firstTier + rules.secondTier) * rules.absentPenalty;
  const spent = (gas.job + gas.open + 4 * gas.demand) * world.gasPrice + ANSWER_GAS * world.gasPrice;
  return {
    name: "starve the seats of a self-dealt job's case of data, and collect their penalties",
    unit: "a case",
    without: fines - spent,
    withRule: -spent - rules.challengeBond,
    rule: "a seat can always demand: each case has demands of its own, which stop its clock and go through its items in order, so that none is wasted",
  };
}

/** Stake leaves by no-shows while the cases of a burst wait for tier two. */
function evacuate({ rules, world, gas }: Context): Scheme {
  const stake = 40 * rules.minStake;
  const cap = stake * rules.exposureShare;
  const minutes = rules.commitWindow + rules.revealWindow - 15;
  const rounds = Math.floor((minutes * 60) / 6);
  const left = Math.max(rules.minStake, stake * (1 - rules.exposureShare * rules.noShowShare) ** rounds);
  const moved = stake - left;
  const gasSpent = rounds * gas.job * world.gasPrice;
  const gainOf = (kept: number) => cap - left * (1 - rules.challengerShare) - moved * (1 - kept) - gasSpent;
  return {
    name: "cheat in all a stake of 1,000 covers, then move the stake to an accomplice by no-shows",
    unit: "a burst",
    without: gainOf(1),
    withRule: gainOf(rules.challengerShare),
    rule: "of a penalty the client has at most a fifth, the rest goes to the pool: the same fifth as a challenger's",
  };
}

/** Challenges of honest work, appealed, for own seats to convict. Bonds are lost only where the case acquits. */
export function harassGain(
  { rules, world, gas }: Context,
  hostileShare: number,
  award: number,
  bond: number = rules.challengeBond,
): number {
  const odds = panelOdds(rules, rules.minPanel, Math.round(hostileShare * rules.minPanel));
  return odds.taken * award - (1 - odds.blocked) * 2 * bond - 2 * gas.open * world.gasPrice;
}

/** What a false conviction pays the client that brought it: compensation, and the challenger's share. */
export function challengerAward(rules: Rules, price: number, slash: number = slashOf(rules, price)): number {
  return Math.min(price, slash * rules.challengerShare) + slash * rules.challengerShare;
}

function harassTheBig(context: Context): Scheme {
  const { rules } = context;
  const share = 0.3;
  const stake = 40 * rules.minStake;
  return {
    name: "challenge a provider of 1,000 staked, with 30 % of the seats",
    unit: "a challenge",
    without: harassGain(context, share, challengerAward(rules, 1, stake)),
    withRule: harassGain(context, share, challengerAward(rules, 1)),
    rule: "a conviction takes what the judged job's price demands, not what the provider's whole exposure does",
  };
}

/** Twelve seats behind two hundred dead slots of a panel of forty honest ones. */
function steer({ rules }: Context): Scheme {
  const [dead, own, honest] = [200, 12, 28];
  const award = challengerAward(rules, rules.auditValue);
  const gainOf = (taken: number) => taken * award - (1 - taken) * 2 * rules.challengeBond;
  const probing = captured(rules, { dead, own, honest, isProbing: true });
  const hashing = captured(rules, { dead, own, honest, isProbing: false });
  return {
    name: "join and leave a panel 200 times, and sit behind the dead slots",
    unit: "a challenge",
    without: gainOf(probing),
    withRule: gainOf(hashing),
    rule: "a seat has one slot of a panel, and a slot that cannot judge leads to a fresh hash, not to its neighbour",
  };
}

/** Bonds come back where another case ends the job, and the pool pays the seats of them all. */
function makeMoot({ rules, world, gas }: Context): Scheme {
  const cases = 250;
  const share = 0.5;
  const fees = cases * (rules.firstTier + rules.secondTier) * rules.seatFee;
  const lost = rules.minStake * (1 - rules.challengerShare);
  const spent = cases * (2 * gas.open + share * (rules.firstTier + rules.secondTier) * gas.word) * world.gasPrice;
  return {
    name: "challenge and appeal 250 times on an own job, end it by one default, hold half of the seats",
    unit: "a job",
    without: share * fees - spent - lost,
    withRule: share * fees - fees - spent - lost,
    rule: "a bond that comes back has paid the fees of its own case first; a seat that did not reveal is not paid",
  };
}

/** All schemes, those first that pay most without their rule. */
export function schemes(context: Context): Scheme[] {
  const all = [farmDraws, farmOldDraws, farmDemands, starveSeats, evacuate, harassTheBig, steer, makeMoot];
  return all.map((scheme) => scheme(context)).sort((a, b) => b.without - a.without);
}
