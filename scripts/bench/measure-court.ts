import {
  answerOf,
  Draw,
  inputRoot,
  positionsOf,
  resultRoot,
  TRACE_ENTRY_BYTES,
  traceRoot,
} from "@touchstone/sdk/protocol";
import { type Hex, keccak256, type TransactionReceipt } from "viem";
import { publicCourtParameters, publicParameters } from "../network/parameters.ts";
import { DRAWN_PRICE, type DueJob, type Judges, seatJudges, speak, submitJob, WORDS } from "./judges.ts";
import type { Gas } from "./measure.ts";
import { measureReceipts } from "./measure-receipts.ts";
import type { GasWorld } from "./world.ts";

/** Cases of tier two before the ones that count: after them most seats have earned before. */
const WARM_UP = 4;
/** Cases of tier one that are tried, to find one whose seats have all earned before. */
const TRIES = 8;
/** Drawn once in 500 times. */
const SMALL_PRICE = 10_000n;
const WINDOW = publicParameters.minChallengeWindow;

const gasOf = ({ receipt }: { readonly receipt: TransactionReceipt }) => Number(receipt.gasUsed);
const sum = (gas: readonly number[]) => gas.reduce((total, part) => total + part, 0);

/** What cases, an undrawn job, an answer and receipts cost. */
export async function measureCourt(world: GasWorld): Promise<Gas> {
  const judges = await seatJudges(world);
  const caseTier1First = await tierOne(world, judges);
  let caseTier2 = 0;
  for (let index = 0; index < WARM_UP; index++) {
    caseTier2 = await tierTwo(world, judges);
  }
  const caseTier1 = await steadyTierOne(world, judges);
  return {
    caseTier1First,
    caseTier1,
    caseTier2,
    undrawn: await undrawn(world, judges),
    demandAnswer: await demandAnswer(world, judges),
    ...(await measureReceipts(world, judges)),
  };
}

/** A case that acquits: open, three commits, three reveals, close. */
async function tierOne(world: GasWorld, judges: Judges): Promise<number> {
  const due = await submitJob(world, { model: judges.model, price: DRAWN_PRICE, challengeWindow: WINDOW });
  const { caseId, gas } = await openCase(world, due);
  const spoken = await speak(judges, caseId, await tierOf(world, caseId, 1), WORDS.honest);
  await world.wait(publicCourtParameters.appealWindow);
  const close = gasOf(await world.operator.closeCase(due));
  await world.wait(WINDOW);
  await world.operator.settleJob(due);
  return gas + sum(spoken) + close;
}

/** The same with seats that have all earned before, as in a running market: the least of several, for a seat's first credit is dearer. */
async function steadyTierOne(world: GasWorld, judges: Judges): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < TRIES; index++) {
    least = Math.min(least, await tierOne(world, judges));
  }
  return least;
}

/** A case that tier one does not acquit and tier two convicts: also the second panel, nine commits, nine reveals. */
async function tierTwo(world: GasWorld, judges: Judges): Promise<number> {
  const due = await submitJob(world, { model: judges.model, price: DRAWN_PRICE, challengeWindow: WINDOW });
  const { caseId, gas } = await openCase(world, due);
  const first = await speak(judges, caseId, await tierOf(world, caseId, 1), WORDS.guilty);
  const escalate = gasOf(await world.operator.closeCase(due));
  await world.mine(publicCourtParameters.drawDelay + 1);
  const seat = gasOf(await world.operator.seatPanel(due));
  const second = await speak(judges, caseId, await tierOf(world, caseId, 2), WORDS.guilty);
  return gas + sum(first) + escalate + seat + sum(second) + gasOf(await world.operator.closeCase(due));
}

async function openCase({ operator }: GasWorld, due: DueJob) {
  const opened = await operator.openDrawnCase(due);
  return { caseId: opened.caseId, gas: gasOf(opened) };
}

async function tierOf({ operator }: GasWorld, caseId: Hex, tier: number) {
  const places = positionsOf(tier);
  const { positions } = await operator.getCase({ caseId });
  const numbers = positions.filter(({ position }) => places.includes(position)).map(({ seat }) => seat);
  return { first: places[0] ?? 0, numbers };
}

/** Accepting and settling a verified job that the draw passes over. */
async function undrawn(world: GasWorld, { model }: Judges): Promise<number> {
  const terms = { model, price: SMALL_PRICE, challengeWindow: WINDOW };
  let due = await submitJob(world, terms);
  while ((await world.operator.getDraw(due)) !== Draw.NotDrawn) {
    due = await submitJob(world, terms);
  }
  await world.wait(WINDOW);
  return due.acceptGas + gasOf(await world.operator.settleJob(due));
}

/** An answer with all of an item of 200 tokens: a request of 400 bytes, an output of 2,400, a trace of 10,400. */
async function demandAnswer(world: GasWorld, { model }: Judges): Promise<number> {
  const [request, output, trace] = [bytes(400), bytes(2_400), bytes(200 * TRACE_ENTRY_BYTES)];
  const items = Array.from({ length: 8 }, () => ({ outputHash: keccak256(output), traceRoot: traceRoot(trace) }));
  const requestHashes = items.map(() => keccak256(request));
  const provider = world.providerAddress;
  const due = await submitJob(
    world,
    { model, price: SMALL_PRICE, challengeWindow: WINDOW },
    { input: inputRoot(requestHashes), items: 8, rootOf: (job) => resultRoot({ job, provider, items }) },
  );
  await world.client.demandItem({ ...due, item: 3 });
  const source = { job: due.job, provider, items, requestHashes, item: 3, chunk: 0 };
  return gasOf(await world.operator.answerDemand({ ...due, answer: answerOf({ ...source, request, output, trace }) }));
}

/** Bytes none of which is zero, for those are cheaper. */
function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => 1 + (index % 255));
}
