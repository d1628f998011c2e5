import { expect } from "chai";
import hre from "hardhat";
import { type MarketParameters, publicParameters } from "../../scripts/network/parameters.ts";
import { membersOf } from "./support/structs.ts";
import { openWorlds, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
const newWorldWithCourt = await openWorlds({ hasCourt: true });

/** Every bound: a change that is refused for the parameter of this name, and the nearest one that is accepted. */
const BOUNDS: readonly {
  name: keyof MarketParameters;
  rule: string;
  refused: Partial<MarketParameters>;
  allowed: Partial<MarketParameters>;
}[] = [
  {
    name: "minStake",
    rule: "is more than zero",
    refused: { minStake: 0n },
    allowed: { minStake: 1n, noShowFloor: 1n },
  },
  {
    name: "exposureShare",
    rule: "is more than zero",
    refused: { exposureShare: 0 },
    allowed: { exposureShare: 1 },
  },
  {
    name: "exposureShare",
    rule: "is at most the whole stake",
    refused: { exposureShare: 10_001 },
    allowed: { exposureShare: 10_000 },
  },
  {
    name: "feeShare",
    rule: "is at most a tenth of the price",
    refused: { feeShare: 1_001 },
    allowed: { feeShare: 1_000 },
  },
  {
    name: "noShowShare",
    rule: "is at most the whole price",
    refused: { noShowShare: 10_001 },
    allowed: { noShowShare: 10_000 },
  },
  {
    name: "noShowFloor",
    rule: "is at most the minimum stake",
    refused: { minStake: 70n, noShowFloor: 71n },
    allowed: { minStake: 70n, noShowFloor: 70n },
  },
  {
    name: "declineShare",
    rule: "is at most that of a no-show",
    refused: { noShowShare: 70, declineShare: 71 },
    allowed: { noShowShare: 70, declineShare: 70 },
  },
  {
    name: "unbondingPeriod",
    rule: "is longer than any challenge window",
    refused: { maxChallengeWindow: 7_000, unbondingPeriod: 7_000 },
    allowed: { maxChallengeWindow: 7_000, unbondingPeriod: 7_001 },
  },
  {
    name: "releaseDelay",
    rule: "is more than zero",
    refused: { releaseDelay: 0 },
    allowed: { releaseDelay: 1 },
  },
  {
    name: "minChallengeWindow",
    rule: "is more than zero",
    refused: { minChallengeWindow: 0 },
    allowed: { minChallengeWindow: 1 },
  },
  {
    name: "maxChallengeWindow",
    rule: "is no shorter than the shortest challenge window",
    refused: { minChallengeWindow: 700, maxChallengeWindow: 699 },
    allowed: { minChallengeWindow: 700, maxChallengeWindow: 700 },
  },
  {
    name: "maxAcceptDelay",
    rule: "is more than zero",
    refused: { maxAcceptDelay: 0 },
    allowed: { maxAcceptDelay: 1 },
  },
  {
    name: "maxSubmitWithin",
    rule: "is more than zero",
    refused: { maxSubmitWithin: 0 },
    allowed: { maxSubmitWithin: 1 },
  },
];

describe("A parameter of the market", () => {
  for (const { name, rule, refused, allowed } of BOUNDS) {
    it(`called ${name} ${rule}`, async () => {
      const { chain, token } = await newWorld();
      const factory = await chain.ethers.getContractFactory("Market");

      await expect(factory.deploy(token, ZERO_ADDRESS, { ...publicParameters, ...refused }))
        .to.be.revertedWithCustomError(factory, "ParameterOutOfBounds")
        .withArgs(name);

      const market = await factory.deploy(token, ZERO_ADDRESS, { ...publicParameters, ...allowed });
      expect((await market.parameters())[name]).to.equal({ ...publicParameters, ...allowed }[name]);
    });
  }

  it("may be zero where a market wants neither fee nor penalties nor grace", async () => {
    const { chain, token } = await newWorld();
    const free = { feeShare: 0, noShowShare: 0, noShowFloor: 0n, declineShare: 0, declineGrace: 0 };

    const market = await chain.ethers.deployContract("Market", [token, ZERO_ADDRESS, { ...publicParameters, ...free }]);

    expect(membersOf(await market.parameters())).to.deep.equal(asBigints({ ...publicParameters, ...free }));
  });

  it("is told by one view with all others, each under its own name", async () => {
    const { chain, token } = await newWorld();
    const distinct: MarketParameters = {
      minStake: 101n,
      exposureShare: 102,
      feeShare: 103,
      noShowShare: 105,
      noShowFloor: 99n,
      declineShare: 104,
      declineGrace: 106,
      unbondingPeriod: 112,
      releaseDelay: 107,
      minChallengeWindow: 108,
      maxChallengeWindow: 109,
      maxAcceptDelay: 110,
      maxSubmitWithin: 111,
    };

    const market = await chain.ethers.deployContract("Market", [token, ZERO_ADDRESS, distinct]);

    expect(membersOf(await market.parameters())).to.deep.equal(asBigints(distinct));
  });
});

describe("The market's token", () => {
  it("is the one it was deployed with", async () => {
    const { market, token } = await newWorld();

    expect(await market.token()).to.equal(token);
  });

  for (const decimals of [0, 8]) {
    it(`may have ${decimals} decimals`, async () => {
      const { chain } = await newWorld();
      const token = await chain.ethers.deployContract("PlainToken", [decimals]);

      const market = await chain.ethers.deployContract("Market", [token, ZERO_ADDRESS, publicParameters]);

      expect(await market.token()).to.equal(token);
    });
  }

  for (const decimals of [9, 18]) {
    it(`cannot have ${decimals} decimals, as amounts would not fit 64 bits`, async () => {
      const { chain } = await newWorld();
      const token = await chain.ethers.deployContract("PlainToken", [decimals]);
      const factory = await chain.ethers.getContractFactory("Market");

      await expect(factory.deploy(token, ZERO_ADDRESS, publicParameters))
        .to.be.revertedWithCustomError(factory, "ParameterOutOfBounds")
        .withArgs("token");
    });
  }

  it("cannot be an account without code", async () => {
    const { chain, stranger } = await newWorld();
    const factory = await chain.ethers.getContractFactory("Market");

    await expect(factory.deploy(stranger, ZERO_ADDRESS, publicParameters)).to.be.revertedWithoutReason(chain.ethers);
  });
});

describe("The market's court", () => {
  it("is the one it was deployed with", async () => {
    const { market, court } = await newWorldWithCourt();

    expect(await market.court()).to.equal(court);
  });

  it("may be left out", async () => {
    const { market } = await newWorld();

    expect(await market.court()).to.equal(ZERO_ADDRESS);
  });
});

describe("The market as a contract", () => {
  it("tells its EIP-712 domain, which binds the chain and the market", async () => {
    const { chain, market } = await newWorld();
    const { chainId } = await chain.ethers.provider.getNetwork();

    const domain = await market.eip712Domain();

    expect(domain.fields).to.equal("0x0f");
    expect([domain.name, domain.version]).to.deep.equal(["Touchstone Market", "1"]);
    expect(domain.chainId).to.equal(chainId);
    expect(domain.verifyingContract).to.equal(await market.getAddress());
  });

  it("takes no native coin", async () => {
    const { chain, market, stranger } = await newWorld();

    await expect(stranger.sendTransaction({ to: market, value: 1n })).to.be.revertedWithoutReason(chain.ethers);
  });

  it("can be changed by the functions of the protocol and no others: no owner, no pause, no upgrade", async () => {
    const { market } = await newWorld();
    const changing: string[] = [];
    market.interface.forEachFunction(({ name, constant }) => {
      if (!constant) changing.push(name);
    });

    expect(changing.sort().join(" ")).to.equal(
      "accept cancel collect collectFees decline deposit depositWithAuthorization depositWithPermit disencumber encumber " +
        "expire fulfil fundPool lockJob pay payFromPool post postAccepted postMany rejectJob release releaseJob " +
        "requestRelease requestUnstake reserve setOperator setVerified settle settleMany slash stake submit " +
        "updateProvider withdraw withdrawStake",
    );
  });

  // Code that counts what it covers is larger than what is deployed.
  if (!hre.globalOptions.coverage) {
    it("is at most 22 KB large, which leaves room below the limit of EIP-170", async () => {
      const { chain, market } = await newWorld();

      const code = chain.ethers.getBytes(await chain.ethers.provider.getCode(market));

      expect(code.length).to.be.at.most(22 * 1024);
    });
  }
});

function asBigints(parameters: MarketParameters): Record<string, bigint> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, BigInt(value)]));
}
