import { type Hex, pad, toHex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { type Ground, usd } from "./ground.ts";
import { MARKET, viewsOf } from "./market.ts";
import { type Play, type Playwright, seconds, type Wait } from "./play-types.ts";

/** Money, stakes, keys, cards and bonds. */
export const MONEY_PLAYS: Readonly<Record<string, Playwright>> = {
  moves,
  reserves,
  staking,
  newProvider,
  keys,
  pool,
  bonding,
  crowd,
  mischief,
};

/** Somebody of whom nobody has heard. */
function newcomer({ random }: Ground): Hex {
  return privateKeyToAddress(random.hash());
}

async function* moves(ground: Ground): Play {
  const { random, people } = ground;
  const [giver, other] = random.shuffled([...people.clients, ...people.strangers]);
  if (!giver || !other) return;
  const beneficiary = random.pick([giver.address, other.address, newcomer(ground)]);
  await ground.market(giver, "deposit", [beneficiary, random.amount(1n, usd(50))]);
  yield;
  await ground.market(other, "withdraw", [random.pick([other.address, giver.address]), random.amount(1n, usd(20))]);
}

async function* reserves(ground: Ground): Play {
  const { random, people } = ground;
  const client = random.pick(people.clients);
  await ground.market(client, "reserve", [random.amount(usd(5), usd(9))]);
  yield;
  await ground.market(client, "requestRelease", [random.amount(1n, usd(2))]);
  yield;
  if (random.chance(0.5)) await ground.market(client, "requestRelease", [random.amount(1n, usd(2))]);
  yield seconds(ground, MARKET.releaseDelay);
  await ground.market(random.pick(people.strangers), "release", [client.address]);
}

async function* staking(ground: Ground): Play {
  const { random, people } = ground;
  const provider = random.pick(people.providers);
  await ground.market(provider, "stake", [random.amount(usd(10), usd(40))]);
  yield;
  await ground.market(provider, "requestUnstake", [random.amount(1n, usd(10))]);
  yield* until(ground, () => viewsOf(ground).unbondingOf(provider.address));
  await ground.market(random.pick(people.strangers), "withdrawStake", [provider.address]);
}

/** One who stakes, takes nothing on, and goes. */
async function* newProvider(ground: Ground): Play {
  const { random, people } = ground;
  const provider = random.pick(people.strangers);
  if (random.chance(0.5)) await ground.market(provider, "updateProvider", [provider.address, "ipfs://card"]);
  await ground.market(provider, "stake", [usd(25)]);
  yield;
  await ground.market(provider, "requestUnstake", [usd(25)]);
}

async function* keys(ground: Ground): Play {
  const { random, people } = ground;
  const owner = random.pick([...people.providers, ...people.validators]);
  const operator = newcomer(ground);
  await ground.market(owner, "setOperator", [operator, Number(ground.time) + random.between(100, 100_000)]);
  yield;
  const index = people.providers.indexOf(owner);
  const by = people.operators[index] ?? owner;
  await ground.market(by, "updateProvider", [owner.address, `https://cards.example/${random.between(0, 99)}`]);
  yield;
  await ground.tries(ground.market(owner, "setOperator", [operator, 0]));
}

async function* pool(ground: Ground): Play {
  const { random, people } = ground;
  await ground.market(random.pick(people.clients), "fundPool", [random.amount(1n, usd(2))]);
  yield;
  const several = random.shuffled(people.providers).slice(0, 2);
  await ground.market(random.pick(people.strangers), "collectFees", [several.map(({ address }) => address)]);
}

async function* bonding(ground: Ground): Play {
  const { random, people } = ground;
  const provider = random.pick(people.providers);
  await ground.court(provider, "postBond", [random.amount(usd(20), usd(60))]);
  yield;
  await ground.court(provider, "requestBondExit", [random.amount(1n, usd(10))]);
  yield* until(ground, () => viewsOf(ground).bondOf(provider.address));
  await ground.court(random.pick(people.strangers), "withdrawBond", [provider.address]);
}

/** Until what was asked back may be withdrawn: whoever asks more back meanwhile waits longer. */
async function* until(ground: Ground, exit: () => Promise<{ readonly withdrawableAt: number }>): AsyncGenerator<Wait> {
  for (;;) {
    const { withdrawableAt } = await exit();
    if (BigInt(withdrawableAt) <= ground.time) return;
    yield { time: BigInt(withdrawableAt) };
  }
}

/** Several transactions in one block, some of which revert. */
async function* crowd(ground: Ground): Play {
  const { random, people } = ground;
  const [a, b, c] = random.shuffled(people.clients);
  if (!a || !b || !c) return;
  await ground.burst(async () => {
    await ground.market(a, "deposit", [b.address, random.amount(1n, usd(5))]);
    await ground.market(b, "withdraw", [b.address, usd(10_000_000)]);
    await ground.market(b, "fundPool", [random.amount(1n, usd(1))]);
    await ground.market(c, "reserve", [random.amount(1n, usd(3))]);
    await ground.market(random.pick(people.providers), "stake", [random.amount(1n, usd(1))]);
  });
  yield;
}

/** What nobody may do: it changes nothing. */
async function* mischief(ground: Ground): Play {
  const { random, people } = ground;
  const stranger = random.pick(people.strangers);
  const provider = random.pick(people.providers);
  const id = pad(toHex(random.between(1, 1_000)), { size: 32 });
  const attempts = [
    () => ground.market(stranger, "withdraw", [stranger.address, usd(100_000_000)]),
    () => ground.market(stranger, "slash", [provider.address, usd(1), []]),
    () => ground.market(stranger, "pay", [stranger.address, usd(1)]),
    () => ground.market(stranger, "updateProvider", [provider.address, "https://evil.example"]),
    () => ground.market(stranger, "setVerified", [id, true]),
    () => ground.court(stranger, "withdrawBond", [stranger.address]),
    () => ground.court(stranger, "commit", [id, 0n, id]),
  ];
  await ground.tries(random.pick(attempts)());
  yield;
}
