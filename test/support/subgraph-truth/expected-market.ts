import { caseId } from "../../../client-sdk/src/protocol/case.ts";
import type { Entity, StoreValue } from "../subgraph-host/entities.ts";
import { distinct, type Expect, entity, idOf, type Truth } from "./expected.ts";
import { providers, VERDICTS_OF_GUILT } from "./expected-accounts.ts";
import { partiesOf } from "./expected-jobs.ts";
import { sumOf, type Told } from "./records.ts";

/** The pool by the contract, the sums by the logs, open jobs by the contract. */
export const markets: Expect = async (truth) => {
  const { records, views, market, court } = truth;
  const statuses = await Promise.all(records.of("JobPosted").map(({ args }) => views.market("jobOf", [args.id])));
  const slashes = [...records.of("Slashed"), ...records.of("BondSlashed")];
  return [
    entity({
      id: market,
      court,
      pool: await views.market("pool", []),
      jobs: records.of("JobPosted").length,
      openJobs: statuses.filter(({ status }) => status === OPEN).length,
      volume: sumOf(records.of("JobSettled"), ({ args }) => args.paid + args.fee),
      fees: sumOf(records.of("JobSettled"), ({ args }) => args.fee),
      refunded: sumOf(records.of("JobRefunded"), ({ args }) => args.refund),
      penalties: sumOf(records.of("JobRefunded"), ({ args }) => args.penalty),
      slashed: sumOf(slashes, ({ args }) => args.amount),
      burned: sumOf(slashes, ({ args }) => args.burned),
      providers: (await providers(truth)).length,
      seats: distinct(records.of("SeatStaked").map(({ args }) => `${args.seat}`)).length,
      cases: records.of("CaseOpened").length,
      convictions: records.of("CaseClosed").filter(({ args }) => VERDICTS_OF_GUILT.includes(args.verdict)).length,
      receipts: records.of("ReceiptBrought").length,
      updatedAt: records.all.at(-1)?.timestamp,
    }),
  ];
};

const OPEN = 1;

export const courts: Expect = ({ market, court }) => [entity({ id: court, market })];

/** The contract must know each as a receipt that was brought. */
export const receipts: Expect = async ({ records, views }) => {
  return await Promise.all(
    records.of("ReceiptBrought").map(async ({ args: { job, receipt, operator }, timestamp }) => {
      if ((await views.court("receiptJobOf", [job])).status === 0)
        throw new Error(`The court knows no receipt ${job}.`);
      const { provider, payer, channelId, seq, model, amount, cumulative } = receipt;
      return entity({
        id: job,
        provider,
        payer,
        channelId,
        seq,
        model,
        amount,
        cumulative,
        promptTokens: BigInt(receipt.promptTokens),
        completionTokens: BigInt(receipt.completionTokens),
        issuedAt: BigInt(receipt.issuedAt),
        operator,
        broughtAt: timestamp,
        case: caseId({ job, key: 0n }),
      });
    }),
  );
};

export const doubleReceipts: Expect = ({ records }) => {
  return records.of("DoubleReceiptProven").map((told) => {
    return entity({ ...told.args, id: idOf(told), provenAt: told.timestamp });
  });
};

const NOTHING = { posted: 0n, settled: 0n, refunded: 0n, volume: 0n, paid: 0n, fees: 0n, penalties: 0n };
const MICROS = 1_000_000n;

/** A point of a timeseries, without its id: the host gives ids in the order of the logs. */
function point(told: Told, fields: Readonly<Record<string, StoreValue>>): Entity {
  return entity({ timestamp: told.timestamp * MICROS, ...fields });
}

export const jobPoints = (truth: Truth): readonly Entity[] => {
  const parties = partiesOf(truth);
  return truth.records.all.flatMap((told) => {
    const { eventName, args } = told as Told<"JobPosted"> | Told<"JobSettled"> | Told<"JobRefunded">;
    const of = "id" in args ? parties.get(args.id) : undefined;
    if (of === undefined) return [];
    const ended = { ...NOTHING, market: truth.market, model: of.model, provider: of.last };
    if (eventName === "JobPosted") return [point(told, { ...ended, provider: of.named, posted: 1n })];
    if (eventName === "JobSettled") {
      const { paid, fee } = args as Told<"JobSettled">["args"];
      return [point(told, { ...ended, settled: 1n, volume: paid + fee, paid, fees: fee })];
    }
    if (eventName !== "JobRefunded") return [];
    return [point(told, { ...ended, refunded: 1n, penalties: (args as Told<"JobRefunded">["args"]).penalty })];
  });
};

export const slashPoints = ({ records, market }: Truth): readonly Entity[] => {
  return records.all.flatMap((told) => {
    if (told.eventName !== "Slashed" && told.eventName !== "BondSlashed") return [];
    const { provider, amount, burned } = (told as Told<"Slashed"> | Told<"BondSlashed">).args;
    return [point(told, { market, provider, amount, burned })];
  });
};

export const casePoints = ({ records, market }: Truth): readonly Entity[] => {
  return records.all.flatMap((told) => {
    if (told.eventName === "CaseOpened") return [point(told, { market, opened: 1n, closed: 0n, convictions: 0n })];
    if (told.eventName !== "CaseClosed") return [];
    const isGuilty = VERDICTS_OF_GUILT.includes((told as Told<"CaseClosed">).args.verdict);
    return [point(told, { market, opened: 0n, closed: 1n, convictions: isGuilty ? 1n : 0n })];
  });
};
