import {
  createMarketIndex,
  DRAW_KEY,
  type IndexedAccount,
  JobStatus,
  type MarketIndex,
  marketAbi,
  Outcome,
  Verdict,
} from "@touchstone/sdk";
import { expect } from "chai";
import { getAddress, zeroAddress } from "viem";
import { makeBusy } from "./support/busy-market.ts";
import { JUDGED_MODEL, type Panel } from "./support/court.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { MODEL, PRICE } from "./support/trade.ts";

describe("SDK: the market's history by its logs", function () {
  this.timeout(180_000);
  let world: World;
  let panel: Panel;
  let index: MarketIndex;
  before(async () => {
    world = await startWorld();
    panel = await makeBusy(world);
    index = createMarketIndex({ client: world.tester, market: world.market });
  });
  after(() => world.stop());

  /** What the contracts themselves say of an account. */
  async function accountByViews(address: IndexedAccount["address"]): Promise<IndexedAccount> {
    const reader = world.person(0);
    const { balance, stake, exposure, fees, reserve, unbonding } = await reader.getAccount({ account: address });
    const bond = await reader.getBond({ provider: address });
    return {
      ...{ address, balance, stake, exposure, fees },
      ...{ reserved: reserve.amount, reserveLeaving: reserve.leaving, reserveReleasableAt: reserve.releasableAt },
      ...{ unbonding: unbonding.amount, withdrawableAt: unbonding.withdrawableAt },
      ...{ bond: bond.amount, bondLeaving: bond.leaving, bondWithdrawableAt: bond.withdrawableAt },
    };
  }

  it("says of every account what the contracts say, without asking them", async () => {
    const burn = "0x000000000000000000000000000000000000dEaD";
    const people = Array.from({ length: 59 }, (_, person) => world.person(person).account.address);
    const held: bigint[] = [];
    for (const address of [...people, getAddress(world.court), burn] as const) {
      const told = await index.account(address);
      expect(told).to.deep.equal(await accountByViews(address));
      held.push(told.balance + told.stake + told.fees + told.reserved + told.unbonding);
    }
    const { pool } = await index.market();
    const read = { address: world.market, abi: marketAbi, functionName: "pool" } as const;
    expect(pool).to.equal(await world.tester.readContract(read));
    const jobs = await index.jobs({ first: 1000 });
    const escrowed = jobs.filter(({ outcome }) => outcome === Outcome.None).reduce((sum, { price }) => sum + price, 0n);
    const all = held.reduce((sum, amount) => sum + amount, pool + escrowed);
    expect(all).to.equal(await world.tokensOf(world.market));
  });

  it("says of every job what its own events say, newest first", async () => {
    const jobs = await index.jobs({ first: 1000 });
    expect(jobs).to.have.length((await index.market()).jobs);
    const times = jobs.map(({ postedAt }) => postedAt);
    expect(times).to.deep.equal([...times].sort((a, b) => b - a));
    const reader = world.person(0);
    for (const { id, ...told } of jobs) {
      const { status, spec, frozen, ending, uri } = await reader.getJob({ job: id });
      expect(told).to.include({ status, uri, client: spec.client, model: spec.model, price: spec.price });
      expect(told.provider ?? zeroAddress).to.equal(frozen?.provider ?? spec.provider);
      expect(told).to.include({ verified: frozen?.verified, outcome: ending?.outcome ?? Outcome.None });
      expect(told.paid).to.equal(ending?.paid ?? 0n);
      expect(told.penalty).to.equal(ending?.penalty ?? 0n);
      const history = await reader.getJobHistory({ job: id });
      const steps = (await index.job(id))!.steps;
      expect(steps.map(({ kind }) => kind)).to.deep.equal(history.map(({ eventName }) => eventName));
      expect(steps.map(({ timestamp }) => timestamp)).to.deep.equal(history.map(({ time }) => time));
    }
  });

  it("finds jobs by client, provider, model and status, page by page", async () => {
    const jobs = await index.jobs({ first: 1000 });
    const settled = jobs.find(({ outcome }) => outcome === Outcome.Unverified)!;
    const { client, provider, model } = settled;
    const fits = (key: "client" | "provider" | "model") => jobs.filter((job) => job[key] === settled[key]);
    expect(await index.jobs({ client })).to.deep.equal(fits("client"));
    expect(await index.jobs({ provider })).to.deep.equal(fits("provider"));
    expect(await index.jobs({ model })).to.deep.equal(fits("model"));
    expect(await index.jobs({ client, status: JobStatus.Settled })).to.deep.equal([settled]);
    const lower = client.toLowerCase() as typeof client;
    expect(await index.jobs({ client: lower })).to.deep.equal(fits("client"));
    const paged = [];
    for (let page = await index.jobs({ first: 3 }); page.length > 0; ) {
      paged.push(...page);
      page = await index.jobs({ first: 3, before: page.at(-1) });
    }
    expect(paged).to.deep.equal(jobs);
    expect(jobs.filter(({ isOrder }) => isOrder)).to.have.length(1);
  });

  it("says of every case and its seats what the court says", async () => {
    const cases = await index.cases();
    expect(cases.map(({ verdict }) => verdict).sort()).to.deep.equal([
      Verdict.None,
      Verdict.Acquitted,
      Verdict.Convicted,
    ]);
    const reader = world.person(0);
    for (const { id, ...told } of cases) {
      const { job, key, opener, tier, ending, positions } = await reader.getCase({ caseId: id });
      expect(told).to.include({ job, key, opener, tier, verdict: ending?.verdict ?? Verdict.None });
      expect(told).to.include({ isOpen: ending === undefined, isReceipt: key !== DRAW_KEY });
      const { seats, steps } = (await index.case(id))!;
      const said = seats.map(({ position, seat, word, penalty }) => ({ position, seat, word, penalty }));
      expect(said).to.deep.equal(
        positions.map(({ position, seat, word, penalty }) => ({ position, seat, word, penalty })),
      );
      const history = await reader.getCaseHistory({ caseId: id });
      expect(steps.map(({ kind }) => kind)).to.deep.equal(history.map(({ eventName }) => eventName));
    }
    const [open] = cases.filter(({ isOpen }) => isOpen);
    expect(await index.cases({ isOpen: true })).to.deep.equal([open]);
    expect(await index.cases({ job: open!.job, provider: open!.provider, opener: open!.opener })).to.deep.equal([open]);
    expect(await index.cases({ first: 1, before: cases[0] })).to.deep.equal([cases[1]]);
  });

  it("says of every seat what the court says, and on which panels it sits", async () => {
    const seats = await index.seats();
    expect(seats.map(({ number }) => number)).to.deep.equal(panel.seats.map((_, place) => place + 1));
    for (const { number, owner, stake, panels } of seats) {
      const person = panel.byNumber.get(number)!;
      expect(owner).to.equal(person.account.address);
      expect(stake).to.equal((await person.getSeat()).stake);
      const { slots } = await person.getPanel({ model: JUDGED_MODEL });
      const [place] = panels;
      expect(slots[place!.slot]).to.include({ seat: number, joinedAt: place!.joinedAt, leftAt: place!.leftAt ?? 0 });
    }
    expect(await index.seat(3)).to.deep.equal(seats[2]);
    expect(await index.seat(99)).to.equal(undefined);
  });

  it("tells who sells, with what they have, and how their jobs went", async () => {
    const providers = await index.providers();
    expect(providers).to.have.length((await index.market()).providers);
    const seatOwners = new Set(panel.seats.map(({ account }) => account.address));
    expect(providers.filter(({ address }) => seatOwners.has(address))).to.deep.equal([]);
    const trader = providers.find(({ uri }) => uri === "https://node.example/card")!;
    expect(trader).to.include({
      jobs: 4,
      unverified: 1,
      declined: 1,
      noShows: 1,
      rejected: 0,
      operator: trader.address,
    });
    expect(trader.earned + trader.account.fees).to.equal(PRICE);
    expect(trader.account).to.deep.equal(await index.account(trader.address));
    expect(await index.provider(trader.address)).to.deep.equal(trader);
    expect(providers.filter(({ convictions }) => convictions === 1)).to.have.length(1);
    expect(providers.filter(({ rejected }) => rejected === 1)).to.have.length(2);
    const [caller] = providers.filter(({ receipts }) => receipts === 1);
    expect(caller).to.include({ doubleReceipts: 1, cases: 1, bondSlashed: caller!.slashed });
    const [keyed] = (await Promise.all(providers.map(({ address }) => index.operators(address)))).flat();
    expect(keyed).to.include({ validUntil: 2 ** 40 - 1 });
    expect(await index.provider(zeroAddress)).to.equal(undefined);
  });

  it("tells models, receipts and demands", async () => {
    const models = await index.models();
    expect(models.map(({ id }) => id)).to.deep.equal([MODEL, JUDGED_MODEL].sort());
    const judged = models.find(({ id }) => id === JUDGED_MODEL)!;
    expect(judged).to.include({ seats: panel.seats.length - 1, verified: true });
    const [receipt, ...others] = await index.receipts();
    expect(others).to.deep.equal([]);
    const told = await world.person(0).getReceipt({ job: receipt!.job });
    const { resultRoot: _, requestHash: __, ...fields } = told.receipt;
    expect(receipt).to.include({ ...fields, operator: told.operator });
    expect(await index.cases({ job: receipt!.job })).to.deep.include.members([await caseOf(receipt!.case)]);
    expect(await index.receipts({ payer: receipt!.provider })).to.deep.equal([]);
    const jobs = await index.jobs({ first: 1000 });
    const demands = (await Promise.all(jobs.map(({ id: job }) => index.demands({ job })))).flat();
    expect(demands.filter(({ defaulted, endedAt }) => defaulted && endedAt !== undefined)).to.have.length(1);
    expect(demands.filter(({ answeredAt, item }) => answeredAt !== undefined && item === 1)).to.have.length(1);
  });

  async function caseOf(id: `0x${string}`) {
    const { seats: _, steps: __, ...rest } = (await index.case(id))!;
    return rest;
  }

  it("sums up by hours and days", async () => {
    const [market, jobs] = [await index.market(), await index.jobs({ first: 1000 })];
    for (const interval of ["hour", "day"] as const) {
      const stats = await index.marketStats({ interval });
      const sum = (column: "volume" | "fees" | "penalties") => stats.reduce((all, row) => all + row[column], 0n);
      expect([sum("volume"), sum("fees"), sum("penalties")]).to.deep.equal([
        market.volume,
        market.fees,
        market.penalties,
      ]);
      expect(stats.reduce((all, { posted }) => all + posted, 0)).to.equal(jobs.length);
      const slashes = await index.slashStats({ interval });
      expect(slashes.reduce((all, { amount }) => all + amount, 0n)).to.equal(market.slashed);
      const cases = await index.caseStats({ interval });
      expect(cases.reduce((all, { opened }) => all + opened, 0)).to.equal(market.cases);
      const seconds = interval === "hour" ? 3_600 : 86_400;
      expect([...stats, ...slashes, ...cases].filter(({ timestamp }) => timestamp % seconds !== 0)).to.deep.equal([]);
    }
    const day = { interval: "day" } as const;
    const ofModel = await index.modelStats({ ...day, model: MODEL });
    expect(ofModel.reduce((all, { posted }) => all + posted, 0)).to.equal((await index.jobs({ model: MODEL })).length);
    const [first] = await index.providerStats(day);
    expect(await index.providerStats({ ...day, provider: first!.provider, to: first!.timestamp })).to.deep.equal([]);
    const since = await index.providerStats({ ...day, provider: first!.provider, from: first!.timestamp });
    expect(since[0]).to.deep.equal(first);
  });
});
