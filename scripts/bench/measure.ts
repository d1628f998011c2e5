import type { TransactionReceipt } from "viem";
import { maxUint40 } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { publicParameters } from "../network/parameters.ts";
import { fresh, type GasWorld } from "./world.ts";

/** Gas by name. */
export type Gas = Readonly<Record<string, number>>;

const PRICE = 1_000_000n;
const ITEMS = 1_000;
const URI = "https://blobs.example.org/touchstone";
const WINDOW = publicParameters.minChallengeWindow;
const SUBMIT_WITHIN = 600;
const AMOUNT = 10_000_000n;

const gasOf = ({ receipt }: { readonly receipt: TransactionReceipt }) => Number(receipt.gasUsed);

/** The spec of a job of 1,000 items for 1 token that names the provider. */
async function newSpec({ client, providerAddress }: GasWorld) {
  const { spec } = await client.prepareJob({
    model: fresh(),
    input: fresh(),
    items: ITEMS,
    price: PRICE,
    provider: providerAddress,
    submitWithin: SUBMIT_WITHIN,
    challengeWindow: WINDOW,
    salt: fresh(),
  });
  return spec;
}

/** A job accepted and submitted, with what each step used. */
async function newSubmitted(world: GasWorld) {
  const { client, operator, providerAddress: provider } = world;
  const posted = await client.postJob({ spec: await newSpec(world), uri: URI });
  const accepted = await operator.acceptJob({ spec: posted.spec, provider });
  const submitted = await operator.submitResult({ ...accepted, resultRoot: fresh() });
  return { job: posted.job, frozen: submitted.frozen, posted, accepted, submitted };
}

/** Four transactions, and what each is alone. */
export async function measureLife(world: GasWorld): Promise<Gas> {
  const { job, frozen, posted, accepted, submitted } = await newSubmitted(world);
  await world.wait(WINDOW);
  const settled = await world.operator.settleJob({ job, frozen });
  const [post, accept, submit, settle] = [posted, accepted, submitted, settled].map(gasOf) as [
    number,
    number,
    number,
    number,
  ];
  const total = post + accept + submit + settle;
  return { post, accept, submit, settle, job4tx: total, perItem1000: Math.ceil(total / ITEMS) };
}

/** Three transactions by a quote, two by an order. */
export async function measureAgreements(world: GasWorld): Promise<Gas> {
  const { client, operator, wait } = world;
  const spec = await newSpec(world);
  const validUntil = spec.acceptBy;
  const quoted = await client.postAcceptedJob({ quote: await operator.signQuote({ spec, validUntil }) });
  const submitted = await operator.submitResult({ ...quoted, resultRoot: fresh() });
  const { order } = await client.signOrder({ spec: await newSpec(world) });
  const fulfilled = await operator.fulfilOrder({ order, resultRoot: fresh() });
  await wait(WINDOW);
  const settle = gasOf(await operator.settleJob({ job: quoted.job, frozen: submitted.frozen }));
  const settleOrder = gasOf(await operator.settleJob(fulfilled));
  return {
    postAccepted: gasOf(quoted),
    fulfil: gasOf(fulfilled),
    job3tx: gasOf(quoted) + gasOf(submitted) + settle,
    job2tx: gasOf(fulfilled) + settleOrder,
  };
}

/** Batches. */
export async function measureBatches(world: GasWorld): Promise<Gas> {
  const { client, operator, wait } = world;
  const specs = [];
  for (let index = 0; index < 10; index++) {
    specs.push({ spec: await newSpec(world), uri: URI });
  }
  const posted = await client.postJobs({ jobs: specs });
  const jobs = [];
  for (let index = 0; index < 50; index++) {
    const { job, frozen } = await newSubmitted(world);
    jobs.push({ job, frozen });
  }
  await wait(WINDOW);
  const settled = await operator.settleJobs({ jobs });
  return {
    postMany10PerJob: Math.ceil(gasOf(posted) / specs.length),
    settleMany50PerJob: Math.ceil(gasOf(settled) / jobs.length),
  };
}

/** The ways out. */
export async function measureExits(world: GasWorld): Promise<Gas> {
  const { client, operator, wait, providerAddress: provider } = world;
  const post = async () => client.postJob({ spec: await newSpec(world), uri: URI });
  const accept = async () => {
    const { spec } = await post();
    return { spec, ...(await operator.acceptJob({ spec, provider })) };
  };
  const declined = await accept();
  const decline = gasOf(await operator.declineJob(declined));
  const cancel = gasOf(await client.cancelJob(await post()));
  const [stale, overdue] = [await post(), await accept()];
  await wait(SUBMIT_WITHIN);
  return {
    decline,
    cancel,
    expireOpen: gasOf(await client.expireJob(stale)),
    expireAccepted: gasOf(await client.expireJob(overdue)),
  };
}

/** Money in and out. */
export async function measureMoney(world: GasWorld): Promise<Gas> {
  const { client, provider, operator, wait } = world;
  const authorization = await client.signDepositAuthorization({ amount: AMOUNT, validBefore: Number(maxUint40) });
  const deposit = gasOf(await client.deposit({ amount: AMOUNT }));
  const depositWithPermit = gasOf(await client.depositWithPermit({ amount: AMOUNT }));
  await client.approveToken({ amount: 10n ** 12n });
  const depositWithAuthorization = gasOf(await operator.depositWithAuthorization({ authorization }));
  const withdraw = gasOf(await client.withdraw({ amount: AMOUNT }));
  const reserve = gasOf(await client.reserve({ amount: AMOUNT }));
  const requestRelease = gasOf(await client.requestRelease({ amount: AMOUNT / 2n }));
  const stake = gasOf(await provider.stake({ amount: AMOUNT }));
  const requestUnstake = gasOf(await provider.requestUnstake({ amount: AMOUNT }));
  await wait(publicParameters.unbondingPeriod);
  return {
    deposit,
    depositWithPermit,
    depositWithAuthorization,
    withdraw,
    reserve,
    requestRelease,
    release: gasOf(await client.release({})),
    fundPool: gasOf(await client.fundPool({ amount: AMOUNT })),
    collectFees: gasOf(await operator.collectFees({ providers: [world.providerAddress] })),
    stake,
    requestUnstake,
    withdrawStake: gasOf(await operator.withdrawStake({ provider: world.providerAddress })),
  };
}

/** Keys and cards. */
export async function measureProvider({ provider, operator, providerAddress }: GasWorld): Promise<Gas> {
  const key = privateKeyToAddress(fresh());
  return {
    setOperator: gasOf(await provider.setOperator({ operator: key, validUntil: Number(maxUint40) })),
    updateProvider: gasOf(await operator.updateProvider({ provider: providerAddress, uri: URI })),
  };
}
