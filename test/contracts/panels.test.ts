import { expect } from "chai";
import { AbiCoder, id as hashText } from "ethers";
import { termsId } from "../../client-sdk/src/protocol/model.ts";
import { FAULT_WORD } from "../../client-sdk/src/protocol/word.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { type CourtWorld, JUDGED_MODEL, openCourtWorlds, sit, TERMS, TOLERANCES } from "./support/court-world.ts";
import { membersOf } from "./support/structs.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldOfTwelve = await openCourtWorlds({ seats: 12 });
const newWorldWithoutSeats = await openCourtWorlds({ seats: 0 });
const OTHER_TERMS = { ...TERMS, manifestHash: hashText("other manifest") };
const OTHER_MODEL = termsId(OTHER_TERMS as Parameters<typeof termsId>[0]);
const DAY = 86_400n;
const UNBONDING = 3n * DAY;

describe("Opening a panel", () => {
  it("is for anyone, under the model id that the terms hash to", async () => {
    const { court, stranger } = await newWorld();
    expect(await court.openPanel.staticCall(OTHER_TERMS)).to.equal(OTHER_MODEL);

    await expect(court.connect(stranger).openPanel(OTHER_TERMS)).to.emit(court, "PanelOpened");

    expect(membersOf(await court.tolerancesOf(OTHER_MODEL))).to.deep.equal(
      Object.fromEntries(Object.entries(TOLERANCES).map(([name, value]) => [name, BigInt(value)])),
    );
  });

  it("happens once", async () => {
    const { court } = await newWorld();

    await expect(court.openPanel(TERMS)).to.be.revertedWithCustomError(court, "SeatsPanelOpen").withArgs(JUDGED_MODEL);
  });

  const UNSOUND = {
    "the margin's threshold is not above its tolerance": { marginThreshold: TOLERANCES.marginTolerance },
    "the trace's threshold is not above its tolerance": { traceThreshold: TOLERANCES.traceTolerance },
    "probes may not differ at all, as in a model that nobody judges": { probeTolerance: 0 },
    "the margin's threshold is more than a word can say": { marginThreshold: FAULT_WORD.margin },
    "the trace's threshold is more than a word can say": { traceThreshold: FAULT_WORD.distance },
  };
  for (const [what, changes] of Object.entries(UNSOUND)) {
    it(`is refused where ${what}`, async () => {
      const { court } = await newWorld();
      const terms = { ...OTHER_TERMS, tolerances: { ...TOLERANCES, ...changes } };

      await expect(court.openPanel(terms)).to.be.revertedWithCustomError(court, "SeatsInvalidTolerances");
    });
  }

  it("is possible with thresholds just above the tolerances, and just below what a word can say", async () => {
    const { court } = await newWorld();
    const tight = { marginTolerance: 0, marginThreshold: 1, traceTolerance: 32_765, traceThreshold: 32_766 };
    const terms = { ...OTHER_TERMS, tolerances: { ...tight, probeTolerance: 1 } };

    await expect(court.openPanel(terms)).to.emit(court, "PanelOpened");
  });
});

describe("Joining a panel", () => {
  it("takes the next slot for the seat", async () => {
    const world = await newWorldOfTwelve();
    const { court, validators } = world;
    const late = validators[12] as CourtWorld["client"];
    await court.connect(late).stakeSeat(usd(50));

    await expect(court.connect(late).joinPanel(late, JUDGED_MODEL))
      .to.emit(court, "PanelJoined")
      .withArgs(JUDGED_MODEL, 13n, 12n);

    const time = await now(world);
    const [slot] = (await court.panelOf(JUDGED_MODEL)).slice(12);
    expect(membersOf(slot as unknown as unknown[])).to.deep.equal({
      seat: 13n,
      joinedAt: time,
      leftAt: 0n,
      createdAt: time,
    });
  });

  it("may be done by an operator key of the seat's account, and by nobody else", async () => {
    const { court, market, validators, stranger } = await newWorldOfTwelve();
    const owner = validators[12] as CourtWorld["client"];
    await court.connect(owner).stakeSeat(usd(50));

    await expect(court.connect(stranger).joinPanel(owner, JUDGED_MODEL))
      .to.be.revertedWithCustomError(court, "SeatsNotOperator")
      .withArgs(owner, stranger);

    await market.connect(owner).setOperator(stranger, 2n ** 40n - 1n);
    await expect(court.connect(stranger).joinPanel(owner, JUDGED_MODEL)).to.emit(court, "PanelJoined");
  });

  it("is refused without a whole seat stake, without a panel, and twice", async () => {
    const { court, stranger, validators } = await newWorld();
    const [validator] = validators as [CourtWorld["client"]];

    await expect(court.connect(stranger).joinPanel(stranger, JUDGED_MODEL))
      .to.be.revertedWithCustomError(court, "SeatsNotSeated")
      .withArgs(stranger);
    await expect(court.connect(validator).joinPanel(validator, OTHER_MODEL))
      .to.be.revertedWithCustomError(court, "SeatsNoPanel")
      .withArgs(OTHER_MODEL);
    await expect(court.connect(validator).joinPanel(validator, JUDGED_MODEL))
      .to.be.revertedWithCustomError(court, "SeatsAlreadyJoined")
      .withArgs(JUDGED_MODEL, 1n);
  });

  it("lets one stake serve on several panels", async () => {
    const world = await newWorld();
    const { court, validators } = world;
    const [validator] = validators as [CourtWorld["client"]];
    await court.openPanel(OTHER_TERMS);

    await expect(court.connect(validator).joinPanel(validator, OTHER_MODEL)).to.emit(court, "PanelJoined");
    await court.connect(validator).leavePanel(validator, JUDGED_MODEL);
    await expect(court.connect(validator).withdrawSeat())
      .to.be.revertedWithCustomError(court, "SeatsNotWithdrawable")
      .withArgs(validator, 1n, (await now(world)) + UNBONDING);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "refused" : "possible"} ${when} of the unbonding to a seat that left: it has one slot`, async () => {
      const world = await newWorld();
      const { court, validators } = world;
      const [validator] = validators as [CourtWorld["client"]];
      await court.connect(validator).leavePanel(validator, JUDGED_MODEL);
      const joinableAt = (await now(world)) + UNBONDING;

      await setNextTime(world, joinableAt + offset);
      const join = court.connect(validator).joinPanel(validator, JUDGED_MODEL);

      if (isAhead) {
        await expect(join).to.be.revertedWithCustomError(court, "SeatsTooSoon").withArgs(JUDGED_MODEL, 1n, joinableAt);
      } else {
        await expect(join).to.emit(court, "PanelJoined").withArgs(JUDGED_MODEL, 1n, 0n);
        expect((await court.panelOf(JUDGED_MODEL)).length).to.equal(13);
      }
    });
  }
});

describe("A full panel", () => {
  it("takes nobody", async () => {
    const world = await withFullPanel();
    const { court, late } = world;

    await expect(court.connect(late).joinPanel(late, JUDGED_MODEL))
      .to.be.revertedWithCustomError(court, "SeatsPanelFull")
      .withArgs(JUDGED_MODEL);
  });

  it("gives the slot of a seat that left to another one once nothing can be drawn from it", async () => {
    const world = await withFullPanel();
    const { court, late, validators } = world;
    const leaver = validators[4] as CourtWorld["client"];
    await court.connect(leaver).leavePanel(leaver, JUDGED_MODEL);
    const reusableAt = (await now(world)) + UNBONDING;

    await setNextTime(world, reusableAt - 1n);
    await expect(court.connect(late).joinPanel(late, JUDGED_MODEL)).to.be.revertedWithCustomError(
      court,
      "SeatsPanelFull",
    );
    await setNextTime(world, reusableAt);
    await expect(court.connect(late).joinPanel(late, JUDGED_MODEL))
      .to.emit(court, "PanelJoined")
      .withArgs(JUDGED_MODEL, 13n, 4n);
  });

  it("takes a seat whose slot another one has got only into a slot that is free", async () => {
    const world = await withFullPanel();
    const { court, late, validators } = world;
    const [first, second] = validators as [CourtWorld["client"], CourtWorld["client"]];
    for (const leaver of [first, second]) await court.connect(leaver).leavePanel(leaver, JUDGED_MODEL);
    await pass(world, UNBONDING);
    await court.connect(late).joinPanel(late, JUDGED_MODEL);

    await expect(court.connect(first).leavePanel(first, JUDGED_MODEL)).to.be.revertedWithCustomError(
      court,
      "SeatsNotJoined",
    );
    await expect(court.connect(first).joinPanel(first, JUDGED_MODEL))
      .to.emit(court, "PanelJoined")
      .withArgs(JUDGED_MODEL, 1n, 1n);
  });
});

describe("Leaving a panel", () => {
  it("is told, and may be done by an operator key and by nobody else", async () => {
    const { court, market, validators, stranger } = await newWorld();
    const [validator] = validators as [CourtWorld["client"]];

    await expect(court.connect(stranger).leavePanel(validator, JUDGED_MODEL))
      .to.be.revertedWithCustomError(court, "SeatsNotOperator")
      .withArgs(validator, stranger);

    await market.connect(validator).setOperator(stranger, 2n ** 40n - 1n);
    await expect(court.connect(stranger).leavePanel(validator, JUDGED_MODEL))
      .to.emit(court, "PanelLeft")
      .withArgs(JUDGED_MODEL, 1n, 0n);
  });

  it("is refused to a seat that does not sit there, or has left", async () => {
    const { court, validators, stranger } = await newWorld();
    const [validator] = validators as [CourtWorld["client"]];

    await expect(court.connect(stranger).leavePanel(stranger, JUDGED_MODEL))
      .to.be.revertedWithCustomError(court, "SeatsNotJoined")
      .withArgs(JUDGED_MODEL, 0n);
    await court.connect(validator).leavePanel(validator, JUDGED_MODEL);
    await expect(court.connect(validator).leavePanel(validator, JUDGED_MODEL))
      .to.be.revertedWithCustomError(court, "SeatsNotJoined")
      .withArgs(JUDGED_MODEL, 1n);
  });

  it("ends a model's being verified where too few stay", async () => {
    const { court, market, validators } = await newWorldOfTwelve();
    const [validator] = validators as [CourtWorld["client"]];

    await expect(court.connect(validator).leavePanel(validator, JUDGED_MODEL))
      .to.emit(market, "ModelVerified")
      .withArgs(JUDGED_MODEL, false);
  });
});

describe("A model", () => {
  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "not verified" : "verified"} ${when} of the least age of enough seats`, async () => {
      const world = await newWorldWithoutSeats();
      const { court, market, validators } = world;
      for (const validator of validators.slice(0, 12)) await sit(world, validator);
      const oldAt = (await now(world)) + DAY;

      await setNextTime(world, oldAt + offset);
      const refresh = await court.refreshPanel(JUDGED_MODEL);

      if (isAhead) await expect(refresh).not.to.emit(market, "ModelVerified");
      else await expect(refresh).to.emit(market, "ModelVerified").withArgs(JUDGED_MODEL, true);
      expect(await market.isVerified(JUDGED_MODEL)).to.equal(!isAhead);
    });
  }

  it("is told of once: a refresh that changes nothing says nothing", async () => {
    const { court, market } = await newWorld();
    expect(await court.refreshPanel.staticCall(JUDGED_MODEL)).to.equal(true);

    await expect(court.refreshPanel(JUDGED_MODEL)).not.to.emit(market, "ModelVerified");
  });

  it("is not verified by seats that left or lost stake", async () => {
    const world = await newWorldOfTwelve();
    const { court, market } = world;
    await setStake(world, 3n, usd(50) - 1n);

    await expect(court.refreshPanel(JUDGED_MODEL)).to.emit(market, "ModelVerified").withArgs(JUDGED_MODEL, false);
  });

  it("without a panel is not verified", async () => {
    const { court, market } = await newWorld();

    expect(await court.refreshPanel.staticCall(OTHER_MODEL)).to.equal(false);
    await expect(court.refreshPanel(OTHER_MODEL)).not.to.emit(market, "ModelVerified");
  });
});

/** Twelve seats in slots 0 to 11 of 256, the others held by seats that stay; the thirteenth validator is staked. */
async function withFullPanel() {
  const full = await newWorldOfTwelve();
  const { chain, court, validators } = full;
  const late = validators[12] as CourtWorld["client"];
  await court.connect(late).stakeSeat(usd(50));
  const address = await court.getAddress();
  const { slots, length } = await panelSlots(full);
  const first = await chain.networkHelpers.getStorageAt(address, slots);
  for (let slot = 12n; slot < 256n; slot++) await chain.networkHelpers.setStorageAt(address, slots + slot, first);
  await chain.networkHelpers.setStorageAt(address, length, 256);
  expect((await court.panelOf(JUDGED_MODEL)).length).to.equal(256);
  return { ...full, late };
}

/** Where the court keeps the panel's slots: found by their number, twelve, in what maps the model to its panel. */
async function panelSlots({ chain, court }: CourtWorld): Promise<{ slots: bigint; length: bigint }> {
  const address = await court.getAddress();
  const { keccak256 } = chain.ethers;
  for (let root = 0; root < 12; root++) {
    const panel = BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [JUDGED_MODEL, root])));
    const length = panel + 1n;
    if (BigInt(await chain.networkHelpers.getStorageAt(address, length)) === 12n) {
      return { length, slots: BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256"], [length]))) };
    }
  }
  throw new Error("The court keeps its panels elsewhere.");
}

/** Writes a seat's stake: beside its owner, in one slot. */
async function setStake({ chain, court }: CourtWorld, seat: bigint, stake: bigint): Promise<void> {
  const address = await court.getAddress();
  const { owner, stake: is } = await court.seatAt(seat);
  const word = (is << 160n) | BigInt(owner);
  for (let root = 0; root < 12; root++) {
    const slot = BigInt(chain.ethers.keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "uint256"], [seat, root])));
    if (BigInt(await chain.networkHelpers.getStorageAt(address, slot)) === word) {
      await chain.networkHelpers.setStorageAt(address, slot, (stake << 160n) | BigInt(owner));
      return;
    }
  }
  throw new Error("The court keeps its seats elsewhere.");
}
