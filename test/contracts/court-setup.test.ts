import { expect } from "chai";
import { network } from "hardhat";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { COURT_PARAMETERS, deployCourt, JUDGED_MODEL, openCourtWorlds } from "./support/court-world.ts";
import { membersOf } from "./support/structs.ts";
import { ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldWithoutSeats = await openCourtWorlds({ seats: 0 });
const chain = await network.create();

/** Parameters just outside their bounds. */
const OUTSIDE = {
  auditValue: { auditValue: 0n },
  seatStake: { seatStake: 0n, absentPenalty: 0n, outlierPenalty: 0n, contradictionPenalty: 0n },
  absentPenalty: { absentPenalty: COURT_PARAMETERS.seatStake + 1n },
  outlierPenalty: { outlierPenalty: COURT_PARAMETERS.absentPenalty + 1n },
  contradictionPenalty: { contradictionPenalty: COURT_PARAMETERS.seatStake + 1n },
  commitWindow: { commitWindow: 0 },
  revealWindow: { revealWindow: 0 },
  appealWindow: { appealWindow: 0 },
  answerWindow: { answerWindow: 0 },
  drawDelay: { drawDelay: 0 },
  minPanel: { minPanel: 11 },
  minBond: { minBond: 0n },
  receiptLifetime: { receiptLifetime: 0 },
  bondDelay: { bondDelay: COURT_PARAMETERS.receiptLifetime },
} as const;

/** Parameters at their bounds. */
const AT_BOUNDS = {
  "all penalties are the whole stake": {
    absentPenalty: COURT_PARAMETERS.seatStake,
    outlierPenalty: COURT_PARAMETERS.seatStake,
    contradictionPenalty: COURT_PARAMETERS.seatStake,
  },
  "all windows last a second": { commitWindow: 1, revealWindow: 1, appealWindow: 1, answerWindow: 1 },
  "bonds stay a second longer than receipts": { receiptLifetime: 1, bondDelay: 2, minBond: 1n },
  "the draw waits one block": { drawDelay: 1 },
  "the draw waits 255 blocks": { drawDelay: 255 },
  "nothing is paid or put down": {
    seatFee: 0n,
    openReward: 0n,
    challengeBond: 0n,
    demandDeposit: 0n,
    absentPenalty: 0n,
    outlierPenalty: 0n,
    contradictionPenalty: 0n,
    seatMinAge: 0,
  },
} as const;

describe("A court's parameters", () => {
  for (const [name, changes] of Object.entries(OUTSIDE)) {
    it(`are refused where ${name} is outside its bounds`, async () => {
      const registry = await chain.ethers.getContractFactory("CourtRegistry");
      const randomness = await chain.ethers.deployContract("BlockHashes");

      await expect(chain.ethers.deployContract("CourtRegistry", [randomness, { ...COURT_PARAMETERS, ...changes }]))
        .to.be.revertedWithCustomError(registry, "CourtParameterOutOfBounds")
        .withArgs(name);
    });
  }

  it("are refused where the draw would wait for a hash that no chain keeps", async () => {
    const registry = await chain.ethers.getContractFactory("CourtRegistry");
    const randomness = await chain.ethers.deployContract("BlockHashes");
    const parameters = { ...COURT_PARAMETERS, drawDelay: 256 };

    await expect(chain.ethers.deployContract("CourtRegistry", [randomness, parameters]))
      .to.be.revertedWithCustomError(registry, "CourtParameterOutOfBounds")
      .withArgs("drawDelay");
  });

  it("are refused where no contract is the source of seeds", async () => {
    const registry = await chain.ethers.getContractFactory("CourtRegistry");

    await expect(chain.ethers.deployContract("CourtRegistry", [ZERO_ADDRESS, COURT_PARAMETERS]))
      .to.be.revertedWithCustomError(registry, "CourtParameterOutOfBounds")
      .withArgs("randomness");
  });

  for (const [what, changes] of Object.entries(AT_BOUNDS)) {
    it(`are taken where ${what}`, async () => {
      const { court } = await deployCourt(chain, { ...COURT_PARAMETERS, ...changes });

      expect((await court.courtParameters()).seatStake).to.equal(COURT_PARAMETERS.seatStake);
    });
  }

  it("are told as they were given", async () => {
    const { court, randomness } = await deployCourt(chain, COURT_PARAMETERS);

    const told = membersOf(await court.courtParameters());
    for (const [name, value] of Object.entries(COURT_PARAMETERS)) expect(told[name]).to.equal(BigInt(value));
    expect(await court.randomness()).to.equal(await randomness.getAddress());
  });
});

describe("Binding a court to its market", () => {
  it("is for its deployer, once", async () => {
    const { court, market, stranger, chain: own } = await newWorld();

    await expect(court.bind(market)).to.be.revertedWithCustomError(court, "CourtNotBindable");
    expect(await court.market()).to.equal(await market.getAddress());

    const unbound = await deployCourt(own, COURT_PARAMETERS);
    const token = await own.ethers.deployContract("TestToken");
    const fresh = await own.ethers.deployContract("Market", [token, unbound.court, publicParameters]);
    await expect(unbound.court.connect(stranger).bind(fresh)).to.be.revertedWithCustomError(court, "CourtNotBindable");
    await expect(unbound.court.bind(fresh)).to.emit(unbound.court, "MarketBound").withArgs(fresh);
  });

  it("needs a market that names the court", async () => {
    const { chain: own, market } = await newWorld();
    const unbound = await deployCourt(own, COURT_PARAMETERS);

    await expect(unbound.court.bind(market)).to.be.revertedWithCustomError(unbound.court, "CourtNotBindable");
  });

  it("needs stakes that stay as long as the longest case and the longest challenge window", async () => {
    const { commitWindow, revealWindow, appealWindow, answerWindow } = COURT_PARAMETERS;
    const longest = 12 * (answerWindow + commitWindow) + 2 * (commitWindow + revealWindow) + appealWindow;
    const lasting = longest + publicParameters.maxChallengeWindow;
    const bind = async (seatUnbonding: number, unbondingPeriod: number) => {
      const { court } = await deployCourt(chain, { ...COURT_PARAMETERS, seatUnbonding });
      const token = await chain.ethers.deployContract("TestToken");
      const market = await chain.ethers.deployContract("Market", [
        token,
        court,
        { ...publicParameters, unbondingPeriod },
      ]);
      return { court, bound: court.bind(market) };
    };

    const seats = await bind(lasting - 1, lasting);
    await expect(seats.bound)
      .to.be.revertedWithCustomError(seats.court, "CourtParameterOutOfBounds")
      .withArgs("seatUnbonding");
    const providers = await bind(lasting, lasting - 1);
    await expect(providers.bound)
      .to.be.revertedWithCustomError(providers.court, "CourtParameterOutOfBounds")
      .withArgs("unbondingPeriod");
    const { bound } = await bind(lasting, lasting);
    await bound;
  });
});

describe("A court's three contracts", () => {
  it("are one at the court's address: calls that none knows are refused", async () => {
    const { chain: own, court, stranger } = await newWorld();

    await expect(
      stranger.sendTransaction({ to: court, data: "0x12345678", gasLimit: 1_000_000n }),
    ).to.be.revertedWithoutReason(own.ethers);
  });

  for (const part of ["registry", "extension"] as const) {
    it(`keep their state at the court's address: at the ${part}'s own nothing can be done`, async () => {
      const { chain: own, market } = await newWorldWithoutSeats();
      const rooms = await own.ethers.getContractAt("ICourt", (await deployCourt(own, COURT_PARAMETERS))[part]);

      await expect(rooms.bind(market)).to.be.revertedWithCustomError(rooms, "CourtNotBindable");
      await expect(rooms.stakeSeat(COURT_PARAMETERS.seatStake)).to.be.revertedWithoutReason(own.ethers);
    });
  }

  it("tell answers and reverts of each other as their own", async () => {
    const { court, client } = await newWorld();

    expect((await court.panelOf(JUDGED_MODEL)).length).to.equal(13);
    await expect(court.connect(client).withdrawSeat()).to.be.revertedWithCustomError(court, "SeatsNotWithdrawable");
  });
});
