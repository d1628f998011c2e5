import { positionsOf, type Receipt, receiptFrozen, receiptSpec, receiptTypedData } from "@touchstone/sdk/protocol";
import type { TransactionReceipt } from "viem";
import { hardhat } from "viem/chains";
import { publicCourtParameters } from "../network/parameters.ts";
import { type Judges, speak, WORDS } from "./judges.ts";
import type { Gas } from "./measure.ts";
import { fresh, type GasWorld } from "./world.ts";

const AMOUNT = 10_000n;
const BOND = 100_000_000n;
/** Cases that are tried, to find one whose seats have all earned before. */
const TRIES = 8;

const gasOf = ({ receipt }: { readonly receipt: TransactionReceipt }) => Number(receipt.gasUsed);

/** What live bonds and receipts cost: only their exceptions reach the chain. */
export async function measureReceipts(world: GasWorld, judges: Judges): Promise<Gas> {
  const { provider, operator, providerAddress } = world;
  await provider.postBond({ amount: BOND });
  const postBond = gasOf(await provider.postBond({ amount: BOND }));
  // The first ones write slots that later ones find written, and a seat's first credit is dearer.
  let [bringReceipt, receiptCase] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let index = 0; index < TRIES; index++) {
    const judged = await judgeReceipt(world, judges);
    bringReceipt = Math.min(bringReceipt, judged.bringReceipt);
    receiptCase = Math.min(receiptCase, judged.receiptCase);
  }
  await doubleReceipt(world, judges);
  const proveDoubleReceipt = await doubleReceipt(world, judges);
  const requestBondExit = gasOf(await provider.requestBondExit({ amount: AMOUNT }));
  await world.wait(publicCourtParameters.bondDelay);
  const withdrawBond = gasOf(await operator.withdrawBond({ provider: providerAddress }));
  return { postBond, bringReceipt, receiptCase, proveDoubleReceipt, requestBondExit, withdrawBond };
}

/** A receipt that tier one acquits: bring, draw the panel, three commits, three reveals, close. */
async function judgeReceipt(world: GasWorld, judges: Judges) {
  const { client, operator, mine, wait } = world;
  const envelope = await signCall(world, judges);
  const brought = await client.bringReceipt({ envelope });
  const { job, key, caseId } = brought;
  const { drawDelay, appealWindow, receiptLifetime: lifetime } = publicCourtParameters;
  const { receipt } = envelope;
  const step = { job, key, spec: receiptSpec(receipt, lifetime), frozen: receiptFrozen(receipt, lifetime) };
  await mine(drawDelay + 1);
  const seat = gasOf(await operator.seatPanel(step));
  const { positions } = await operator.getCase({ caseId });
  const places = positionsOf(1);
  const numbers = positions.filter(({ position }) => places.includes(position)).map(({ seat: number }) => number);
  const words = await speak(judges, caseId, { first: 0, numbers }, WORDS.honest);
  await wait(appealWindow);
  const close = gasOf(await operator.closeCase(step));
  const bringReceipt = gasOf(brought);
  return { bringReceipt, receiptCase: bringReceipt + seat + words.reduce((sum, gas) => sum + gas, 0) + close };
}

async function doubleReceipt(world: GasWorld, judges: Judges): Promise<number> {
  const first = await signCall(world, judges);
  const second = await signCall(world, judges, { channelId: first.receipt.channelId, cumulative: 2n * AMOUNT });
  return gasOf(await world.client.proveDoubleReceipt({ envelopes: [first, second] }));
}

/** The receipt of a call just now, signed by the provider's operator. */
async function signCall(world: GasWorld, { model }: Judges, changes: Partial<Receipt> = {}) {
  const { client, operator, providerAddress: provider } = world;
  const { timestamp } = await client.getBlock();
  const receipt: Receipt = {
    provider,
    payer: client.account.address,
    model,
    channelId: fresh(),
    seq: 1n,
    cumulative: AMOUNT,
    requestHash: fresh(),
    resultRoot: fresh(),
    promptTokens: 400,
    completionTokens: 200,
    amount: AMOUNT,
    issuedAt: Number(timestamp),
    ...changes,
  };
  const typedData = receiptTypedData({ chainId: hardhat.id, market: world.market, receipt });
  return { receipt, operator: operator.account.address, signature: await operator.signTypedData(typedData) };
}
