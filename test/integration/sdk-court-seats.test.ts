import { courtAbi, marketActions, seatActions } from "@touchstone/sdk";
import { expect } from "chai";
import { http, keccak256, maxUint40, stringToHex, zeroAddress } from "viem";
import { localCourtParameters, localParameters } from "../../scripts/network/parameters.ts";
import { JUDGED_MODEL, judgedJob, newPanel, TERMS } from "./support/court.ts";
import { failureOf } from "./support/failure.ts";
import { startFlakyProxy } from "./support/flaky-proxy.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import type { Person } from "./support/trade.ts";

const { seatStake, seatMinAge, seatUnbonding, minPanel } = localCourtParameters;

describe("SDK: seats", function () {
  this.timeout(120_000);
  let world: World;
  let validator: Person;
  before(async () => {
    world = await startWorld();
    validator = await world.newcomer();
    await validator.depositWithPermit({ amount: 2n * seatStake });
  });
  after(() => world.stop());

  it("reads what the court was deployed with", async () => {
    expect(await validator.getCourtParameters()).to.deep.equal(localCourtParameters);
    const court = { address: world.court, abi: courtAbi } as const;
    const market = await world.tester.readContract({ ...court, functionName: "market" });
    expect(market.toLowerCase()).to.equal(world.market.toLowerCase());
  });

  it("takes a seat for its whole stake, and a place on a panel that is open", async () => {
    expect((await validator.getSeat()).seat).to.equal(0);
    const little = await failureOf(validator.stakeSeat({ amount: seatStake - 1n }));
    expect(little).to.include({ errorName: "SeatsBelowStake" });
    expect(little.message).to.include("stake 1 more");
    const unseated = validator.joinPanel({ model: JUDGED_MODEL });
    expect(await failureOf(unseated)).to.include({ errorName: "SeatsNotSeated" });
    const { seat } = await validator.stakeSeat({ amount: seatStake });
    expect(await validator.getSeat()).to.include({ seat, stake: seatStake, credit: 0n });

    expect(await failureOf(validator.joinPanel({ model: JUDGED_MODEL }))).to.include({ errorName: "SeatsNoPanel" });
    expect(await validator.getPanel({ model: JUDGED_MODEL })).to.include({ isOpen: false, isVerified: false });
    expect((await validator.openPanel({ terms: TERMS })).model).to.equal(JUDGED_MODEL);
    expect(await failureOf(validator.openPanel({ terms: TERMS }))).to.include({ errorName: "SeatsPanelOpen" });
    expect((await validator.joinPanel({ model: JUDGED_MODEL })).seat).to.equal(seat);
    const { isOpen, tolerances, slots } = await validator.getPanel({ model: JUDGED_MODEL });
    expect(isOpen).to.equal(true);
    expect(tolerances).to.deep.equal(TERMS.tolerances);
    const now = await world.now();
    expect(slots).to.deep.equal([{ seat, joinedAt: now, leftAt: 0, createdAt: now }]);
    const twice = validator.joinPanel({ model: JUDGED_MODEL });
    expect(await failureOf(twice)).to.include({ errorName: "SeatsAlreadyJoined" });
  });

  it("opens no panel whose thresholds are under its tolerances", async () => {
    const tolerances = { ...TERMS.tolerances, marginThreshold: TERMS.tolerances.marginTolerance };
    const error = await failureOf(validator.openPanel({ terms: { ...TERMS, tolerances } }));
    expect(error).to.include({ errorName: "SeatsInvalidTolerances" });
  });

  it("lets an operator key act for the seat, and nobody else", async () => {
    const [operator, stranger] = [await world.newcomer(), await world.newcomer()];
    const terms = { ...TERMS, manifestHash: keccak256(stringToHex("another")) };
    const { model } = await stranger.openPanel({ terms });
    const owner = validator.account.address;
    expect(await failureOf(stranger.joinPanel({ model, owner }))).to.include({ errorName: "SeatsNotOperator" });
    await validator.setOperator({ operator: operator.account.address, validUntil: Number(maxUint40) });
    await operator.joinPanel({ model, owner });
    await operator.leavePanel({ model, owner });
    expect(await failureOf(operator.leavePanel({ model, owner }))).to.include({ errorName: "SeatsNotJoined" });
  });

  it("gives the stake back once the seat has left all panels for long enough", async () => {
    const sitting = await failureOf(validator.withdrawSeat());
    expect(sitting).to.include({ errorName: "SeatsNotWithdrawable" });
    expect(sitting.message).to.include("leavePanel");
    await validator.leavePanel({ model: JUDGED_MODEL });
    expect(await failureOf(validator.withdrawSeat())).to.include({
      errorName: "SeatsNotWithdrawable",
      retryable: true,
    });
    await world.pass(seatUnbonding);
    expect((await validator.withdrawSeat()).amount).to.equal(seatStake);
    expect((await validator.getSeat()).stake).to.equal(0n);
  });

  it("verifies a model while enough seats are old enough", async () => {
    const fresh = await startWorld();
    try {
      const { seats } = await newPanel(fresh, minPanel);
      const [first] = seats;
      expect((await first!.getPanel({ model: JUDGED_MODEL })).isVerified).to.equal(true);
      expect((await judgedJob(fresh).then(({ buyer, job }) => buyer.getJob({ job }))).frozen?.verified).to.equal(true);
      await first!.leavePanel({ model: JUDGED_MODEL });
      expect((await first!.getPanel({ model: JUDGED_MODEL })).isVerified).to.equal(false);
      const back = first!.joinPanel({ model: JUDGED_MODEL });
      expect(await failureOf(back)).to.include({ errorName: "SeatsTooSoon", retryable: true });
      await fresh.pass(seatUnbonding);
      await first!.joinPanel({ model: JUDGED_MODEL });
      expect((await first!.refreshPanel({ model: JUDGED_MODEL })).isVerified).to.equal(false);
      await fresh.pass(seatMinAge);
      expect((await first!.refreshPanel({ model: JUDGED_MODEL })).isVerified).to.equal(true);
    } finally {
      await fresh.stop();
    }
  });

  it("asks a market for its court once, and again after the server failed", async () => {
    const proxy = await startFlakyProxy(world.rpcUrl);
    try {
      const reader = world.person(0, http(proxy.rpcUrl, { retryCount: 0 }));
      proxy.fault = () => "drop";
      expect(await failureOf(reader.getCourtParameters())).to.include({ code: "RPC_FAILED", retryable: true });
      proxy.fault = () => undefined;
      await reader.getCourtParameters();
      const before = proxy.asked.length;
      await reader.getCourtParameters();
      expect(proxy.asked.slice(before)).to.deep.equal(["eth_call"]);
    } finally {
      await proxy.stop();
    }
  });

  it("says that a market has no court", async () => {
    const market = await world.deploy("Market.sol/Market", [world.token, zeroAddress, localParameters]);
    const lonely = world.person(0).extend(seatActions({ market })).extend(marketActions({ market }));
    expect(await failureOf(lonely.getCourtParameters())).to.include({ code: "COURT_MISSING", retryable: false });
    expect(await failureOf(lonely.stakeSeat({ amount: 1n }))).to.include({ code: "COURT_MISSING" });
    expect(await failureOf(lonely.getSeat())).to.include({ code: "COURT_MISSING" });
  });
});
