import { BURN_ACCOUNT } from "../../../client-sdk/src/protocol/generated/constants.ts";
import type { Entity } from "../subgraph-host/entities.ts";
import { distinct, type Expect, entity, idOf, isSame, type Truth } from "./expected.ts";
import { sumOf } from "./records.ts";

/** Every address that any log names, and those that no log need name. */
export function addressesIn({ records, market, court }: Truth): string[] {
  const named = JSON.stringify(
    records.all.map(({ args }) => args),
    (_, value) => (typeof value === "bigint" ? `${value}` : value),
  );
  return distinct([
    ...(named.match(/"0x[0-9a-fA-F]{40}"/g) ?? []).map((one) => one.slice(1, -1)),
    market,
    court,
    BURN_ACCOUNT,
  ]);
}

/** The account of an address, as the contracts tell it. */
export async function accountOf({ views }: Truth, address: string): Promise<Entity> {
  const args = [address as `0x${string}`] as const;
  const [account, reserve, unbonding, bond] = await Promise.all([
    views.market("accountOf", args),
    views.market("reserveOf", args),
    views.market("unbondingOf", args),
    views.court("bondOf", args),
  ]);
  return entity({
    id: address,
    balance: account.balance,
    stake: account.stake,
    exposure: account.exposure,
    fees: account.fees,
    reserved: reserve.amount,
    reserveLeaving: reserve.leaving,
    reserveReleasableAt: BigInt(reserve.releasableAt),
    unbonding: unbonding.amount,
    withdrawableAt: BigInt(unbonding.withdrawableAt),
    bond: bond.amount,
    bondLeaving: bond.leaving,
    bondWithdrawableAt: BigInt(bond.withdrawableAt),
  });
}

export const operatorKeys: Expect = async ({ records, views }) => {
  const pairs = distinct(records.of("OperatorSet").map(({ args }) => `${args.provider}${args.operator.slice(2)}`));
  return await Promise.all(
    pairs.map(async (id) => {
      const provider = id.slice(0, 42) as `0x${string}`;
      const operator = `0x${id.slice(42)}` as const;
      const { validFrom, validUntil } = await views.market("operatorKey", [provider, operator]);
      return entity({ id, provider, operator, validFrom: BigInt(validFrom), validUntil: BigInt(validUntil) });
    }),
  );
};

export const reserveDraws: Expect = ({ records }) => {
  return records.of("ReserveSpent").map((told) => {
    const { account, amount } = told.args;
    return entity({ id: idOf(told), account, amount, timestamp: told.timestamp });
  });
};

/** How often and by how much each provider did what; whoever is no provider is left out. */
export const providers: Expect = ({ records }) => {
  const firsts = [
    ...records.of("Staked"),
    ...records.of("ProviderUpdated"),
    ...records.of("JobAccepted"),
    ...records.of("BondPosted"),
    ...records.of("DoubleReceiptProven"),
  ].map(({ args, timestamp }) => ({ provider: args.provider, timestamp }));
  for (const { args, timestamp } of records.of("ReceiptBrought"))
    firsts.push({ provider: args.receipt.provider, timestamp });
  return distinct(firsts.map(({ provider }) => provider)).map((address) => {
    const isOf = ({ args }: { readonly args: { readonly provider: string } }) => isSame(args.provider, address);
    const settled = records.of("JobSettled").filter(isOf);
    const refunded = (...outcomes: number[]) => {
      return records.of("JobRefunded").filter((told) => isOf(told) && outcomes.includes(told.args.outcome)).length;
    };
    const cards = records.of("ProviderUpdated").filter(isOf);
    const card = cards.at(-1);
    const jobs = new Set(
      records
        .of("JobAccepted")
        .filter(isOf)
        .map(({ args }) => args.id),
    );
    const receipts = records.of("ReceiptBrought").filter(({ args }) => isSame(args.receipt.provider, address));
    for (const { args } of receipts) jobs.add(args.job);
    const slashes = sumOf(records.of("Slashed").filter(isOf), ({ args }) => args.amount);
    const bondSlashed = sumOf(records.of("BondSlashed").filter(isOf), ({ args }) => args.amount);
    const closed = records.of("CaseClosed").filter(({ args }) => jobs.has(args.job));
    const times = firsts.filter(({ provider }) => isSame(provider, address)).map(({ timestamp }) => timestamp);
    return entity({
      id: address,
      account: address,
      uri: card?.args.uri ?? "",
      operator: card?.args.operator,
      cardUpdatedAt: card?.timestamp,
      since: times.toSorted((a, b) => Number(a - b))[0],
      jobs: records.of("JobAccepted").filter(isOf).length,
      completed: settled.filter(({ args }) => args.outcome === OUTCOMES.completed).length,
      unverified: settled.filter(({ args }) => args.outcome === OUTCOMES.unverified).length,
      declined: refunded(OUTCOMES.declined),
      noShows: refunded(OUTCOMES.noShow),
      rejected: refunded(OUTCOMES.withheld, OUTCOMES.rejected),
      earned: sumOf(settled, ({ args }) => args.paid),
      slashed: slashes + bondSlashed,
      bondSlashed,
      cases: records.of("CaseOpened").filter(({ args }) => jobs.has(args.job)).length,
      convictions: closed.filter(({ args }) => VERDICTS_OF_GUILT.includes(args.verdict)).length,
      receipts: receipts.length,
      doubleReceipts: records.of("DoubleReceiptProven").filter(isOf).length,
    });
  });
};

/** As the contracts number them. */
export const OUTCOMES = { completed: 1, unverified: 2, declined: 5, noShow: 6, withheld: 7, rejected: 8 };
/** Convicted and withheld. */
export const VERDICTS_OF_GUILT: readonly number[] = [2, 3];
