import { decodeFunctionData, zeroAddress } from "viem";
import { marketAbi } from "../../../client-sdk/src/protocol/generated/abi.ts";
import { JobStatus, Outcome } from "../../../client-sdk/src/protocol/generated/enums.ts";
import { JOB_EVENTS } from "../../../client-sdk/src/protocol/job-events.ts";
import { distinct, type Expect, entity, idOf, isSame, type Truth } from "./expected.ts";
import { sumOf, type Told } from "./records.ts";

/** The name of an enum's value. */
export function nameOf(values: Readonly<Record<string, number>>, value: number): string {
  const found = Object.entries(values).find(([, one]) => one === value);
  if (found === undefined) throw new Error(`No value is ${value}.`);
  return found[0];
}

/** Status by the contract; times, ends and amounts by the logs; whether it was an order by the call that posted it. */
export const jobs: Expect = async ({ records, views }) => {
  return await Promise.all(
    records.of("JobPosted").map(async (posted) => {
      const { id, provider, model, client, input, salt, uri, flags, price } = posted.args;
      const { items, acceptBy, submitWithin, challengeWindow } = posted.args;
      const isOf = ({ args }: { readonly args: { readonly id: string } }) => args.id === id;
      const accepted = records.of("JobAccepted").find(isOf);
      const submitted = records.of("JobSubmitted").find(isOf);
      const settled = records.of("JobSettled").find(isOf);
      const refunded = records.of("JobRefunded").find(isOf);
      const { status } = await views.market("jobOf", [id]);
      const { functionName } = decodeFunctionData({ abi: marketAbi, data: posted.input });
      const outcome = settled?.args.outcome ?? refunded?.args.outcome;
      return entity({
        id,
        client,
        provider: accepted?.args.provider ?? (provider === zeroAddress ? undefined : provider),
        model,
        status: nameOf(JobStatus, status),
        outcome: outcome === undefined ? undefined : nameOf(Outcome, outcome),
        input,
        items: BigInt(items),
        price,
        acceptBy: BigInt(acceptBy),
        submitWithin: BigInt(submitWithin),
        challengeWindow: BigInt(challengeWindow),
        flags,
        salt,
        uri,
        isOrder: functionName === "fulfil",
        verified: accepted?.args.verified,
        resultRoot: submitted?.args.resultRoot,
        submitBlock: submitted?.block,
        postedAt: posted.timestamp,
        acceptedAt: accepted?.timestamp,
        submittedAt: submitted?.timestamp,
        endedAt: (settled ?? refunded)?.timestamp,
        paid: settled?.args.paid ?? 0n,
        fee: settled?.args.fee ?? 0n,
        refund: refunded?.args.refund ?? 0n,
        penalty: refunded?.args.penalty ?? 0n,
      });
    }),
  );
};

export const jobSteps: Expect = ({ records }) => {
  const told = JOB_EVENTS.flatMap((name) => records.of(name) as readonly Told<"JobPosted">[]);
  return told.map((one) => entity({ ...stepOf(one), job: one.args.id }));
};

/** What every step tells of its log. */
export function stepOf(told: Told) {
  const { eventName, block, timestamp, transaction, logIndex } = told;
  return { id: idOf(told), kind: eventName, block, timestamp, transaction, logIndex };
}

/** Every model that a job, a receipt, a panel or a verification named. */
export const models: Expect = async (truth) => {
  const { records, views } = truth;
  const ids = distinct([
    ...records.of("JobPosted").map(({ args }) => args.model),
    ...records.of("PanelOpened").map(({ args }) => args.model),
    ...records.of("ModelVerified").map(({ args }) => args.model),
    ...records.of("ReceiptBrought").map(({ args }) => args.receipt.model),
  ]);
  return await Promise.all(
    ids.map(async (id) => {
      const slots = await views.court("panelOf", [id]);
      const posted = records.of("JobPosted").filter(({ args }) => isSame(args.model, id));
      const own = new Set(posted.map(({ args }) => args.id));
      const settled = records.of("JobSettled").filter(({ args }) => own.has(args.id));
      return entity({
        id,
        verified: await views.market("isVerified", [id]),
        panelOpenedAt: records.of("PanelOpened").find(({ args }) => isSame(args.model, id))?.timestamp,
        seats: slots.filter(({ seat, leftAt }) => seat !== 0 && leftAt === 0).length,
        jobs: posted.length,
        volume: sumOf(settled, ({ args }) => args.paid + args.fee),
      });
    }),
  );
};

/** Of each job: by whom it was accepted, else whom it names, else zero; its model. */
export function partiesOf({ records }: Truth) {
  const accepted = new Map(records.of("JobAccepted").map(({ args }) => [args.id, args.provider]));
  const posted = records.of("JobPosted").map(({ args }) => args);
  return new Map(
    posted.map(
      ({ id, model, provider }) => [id, { model, named: provider, last: accepted.get(id) ?? provider }] as const,
    ),
  );
}
