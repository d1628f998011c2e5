import type { IndexedCase, IndexedJob, IndexedReceipt, MarketIndex } from "@touchstone/sdk";

/** Every query that an index can be asked about what it knows, and what it answers. */
export async function answersOf(index: MarketIndex): Promise<Record<string, unknown>> {
  const [market, providers, models, seats] = [
    await index.market(),
    await index.providers(),
    await index.models(),
    await index.seats(),
  ];
  const jobs = await pagesOf<IndexedJob>((before) => index.jobs({ first: 50, before }));
  const cases = await pagesOf<IndexedCase>((before) => index.cases({ first: 50, before }));
  const receipts = await pagesOf<IndexedReceipt>((before) => index.receipts({ first: 50, before }));
  const each = <Of, Answer>(list: readonly Of[], ask: (one: Of) => Promise<Answer>) => Promise.all(list.map(ask));
  const people = [
    ...new Set([...jobs.map(({ client }) => client), ...seats.map(({ owner }) => owner), market.address]),
  ].sort();
  const [someone, provider, model] = [jobs.at(-1)?.client, providers[0]?.address, models[0]?.id];
  return {
    ...{ market, providers, models, seats, jobs, cases, receipts },
    accounts: await each(people, (address) => index.account(address)),
    operators: await each([...people, ...providers.map(({ address }) => address)], (one) => index.operators(one)),
    provider: await each(providers, ({ address }) => index.provider(address)),
    histories: await each(jobs, ({ id }) => index.job(id)),
    caseHistories: await each(cases, ({ id }) => index.case(id)),
    demands: await each([...jobs.map(({ id }) => id), ...receipts.map(({ job }) => job)], (job) =>
      index.demands({ job }),
    ),
    seat: await each(seats, ({ number }) => index.seat(number)),
    jobsByStatus: await each([1, 2, 3, 4, 5, 6, 7] as const, (status) => index.jobs({ status, first: 1000 })),
    jobsOf: await index.jobs({ client: someone }),
    jobsFor: await index.jobs({ provider, model }),
    casesOf: await index.cases({ provider, isOpen: false }),
    casesBy: await index.cases({ opener: cases[0]?.opener, job: cases[0]?.job }),
    receiptsOf: await index.receipts({ provider, payer: someone }),
    statistics: await each(["hour", "day"] as const, (interval) => statisticsOf(index, interval, jobs[0]?.postedAt)),
  };
}

async function statisticsOf(index: MarketIndex, interval: "hour" | "day", latest = 0): Promise<unknown> {
  const [{ model } = {}, { provider } = {}] = [
    (await index.modelStats({ interval }))[0],
    (await index.providerStats({ interval }))[0],
  ];
  return [
    await index.marketStats({ interval }),
    await index.marketStats({ interval, from: latest - (latest % 86_400), to: latest + 1 }),
    await index.modelStats({ interval }),
    await index.modelStats({ interval, model }),
    await index.providerStats({ interval }),
    await index.providerStats({ interval, provider }),
    await index.slashStats({ interval }),
    await index.caseStats({ interval }),
  ];
}

/** All pages of a list. */
export async function pagesOf<Row>(page: (before: Row | undefined) => Promise<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const more = await page(rows.at(-1));
    if (more.length === 0) {
      return rows;
    }
    rows.push(...more);
  }
}
