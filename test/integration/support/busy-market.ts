import type { Hex } from "viem";
import { localCourtParameters } from "../../../scripts/network/parameters.ts";
import { FINE, GUILTY, judgedJob, newPanel, type Panel, speak, untilDecided } from "./court.ts";
import { liveCall } from "./receipts.ts";
import type { World } from "./sdk-world.ts";
import { draft, newBuyer, newProvider, PRICE } from "./trade.ts";

const ROOT: Hex = `0x${"ab".repeat(32)}`;

/** Has one of everything happen in a market: each way in which a job or a case ends, orders, demands, receipts, bonds, reserves. */
export async function makeBusy(world: World): Promise<Panel> {
  const panel = await newPanel(world);
  await tradeJobs(world);
  await moveMoney(world);
  await judgeJobs(world, panel);
  await judgeReceipts(world, panel);
  const [leaver] = panel.seats;
  await leaver!.leavePanel({ model: (await judgedJob(world)).spec.model });
  return panel;
}

async function tradeJobs(world: World): Promise<void> {
  const [buyer, provider] = [await newBuyer(world), await newProvider(world)];
  await provider.updateProvider({ uri: "https://node.example/card" });
  const settled = await buyer.postJob(draft());
  await provider.acceptJob(settled);
  await provider.submitResult({ job: settled.job, resultRoot: ROOT });
  await world.pass(2);
  await provider.settleJob(settled);
  await buyer.cancelJob(await buyer.postJob(draft()));
  const declined = await buyer.postJob(draft());
  await provider.acceptJob(declined);
  await provider.declineJob(declined);
  const missed = await buyer.postJob(draft({ submitWithin: 5 }));
  await provider.acceptJob(missed);
  await world.pass(5);
  await buyer.expireJob(missed);
  await buyer.reserve({ amount: 2n * PRICE });
  const { spec } = await buyer.prepareJob(draft({ provider: provider.account.address }));
  const { order } = await buyer.signOrder({ spec });
  await provider.fulfilOrder({ order, resultRoot: ROOT });
  await buyer.postJob(draft({ provider: provider.account.address }));
  await buyer.postJob(draft());
}

async function moveMoney(world: World): Promise<void> {
  const [buyer, provider] = [await newBuyer(world), await newProvider(world)];
  await buyer.reserve({ amount: PRICE });
  await buyer.requestRelease({ amount: PRICE });
  await buyer.fundPool({ amount: PRICE });
  await buyer.withdraw({ amount: 1n });
  await provider.setOperator({ operator: buyer.account.address, validUntil: 2 ** 40 - 1 });
  await provider.requestUnstake({ amount: 1_000n });
  await provider.collectFees({ providers: [provider.account.address] });
  await world.pass(localCourtParameters.bondDelay);
  await buyer.release();
}

async function judgeJobs(world: World, panel: Panel): Promise<void> {
  const guilty = await drawn(world);
  const buyer = guilty.buyer;
  await speak(panel, await buyer.getCase(guilty), (position) => (position === 1 ? GUILTY : FINE));
  await buyer.closeCase(guilty);
  await untilDecided(world);
  await buyer.seatPanel(guilty);
  await speak(panel, await buyer.getCase(guilty), () => GUILTY);
  await buyer.closeCase(guilty);
  for (const seat of panel.seats) {
    await seat.stakeSeat({ amount: localCourtParameters.contradictionPenalty });
  }
  const withheld = await judgedJob(world);
  await withheld.buyer.demandItem({ job: withheld.job, item: 0 });
  await world.pass(localCourtParameters.answerWindow);
  await withheld.buyer.defaultDemand({ job: withheld.job });
  const answered = await judgedJob(world);
  await answered.buyer.demandItem({ job: answered.job, item: 1 });
  await answered.provider.answerDemand({ job: answered.job, answer: answered.answer(1) });
  await drawn(world);
}

/** A job whose case is open. */
async function drawn(world: World) {
  const judged = await judgedJob(world);
  await untilDecided(world);
  await judged.buyer.openDrawnCase({ job: judged.job });
  return judged;
}

async function judgeReceipts(world: World, panel: Panel): Promise<void> {
  const call = await liveCall(world);
  const { key, job } = await call.buyer.bringReceipt(call);
  await untilDecided(world);
  await call.buyer.seatPanel({ job, key });
  await speak(panel, await call.buyer.getCase({ job, key }), () => FINE);
  await world.pass(localCourtParameters.appealWindow);
  await call.buyer.closeCase({ job, key });
  await call.provider.requestBondExit({ amount: localCourtParameters.minBond });
  const { buyer, provider } = call;
  const twice = await liveCall(world, { buyer, provider }, { amount: 1n });
  await buyer.proveDoubleReceipt({ envelopes: [call.envelope, twice.envelope] });
}
