import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, setNextTime } from "./support/clock.ts";
import { idOf, PRICE, posted, postedEvent, type Spec, specOf, statusOf } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { CLIENT_BALANCE, openWorlds, ZERO_ADDRESS, ZERO_HASH } from "./support/world.ts";

const newWorld = await openWorlds();
const URI = "https://inputs.example";
const { minChallengeWindow, maxChallengeWindow, maxAcceptDelay, maxSubmitWithin } = publicParameters;

/** Values that a spec cannot have, by the name of the member. */
const REFUSED: readonly { member: keyof Spec; value: bigint | string; rule: string }[] = [
  { member: "model", value: ZERO_HASH, rule: "zero" },
  { member: "input", value: ZERO_HASH, rule: "zero" },
  { member: "items", value: 0n, rule: "zero" },
  { member: "price", value: 0n, rule: "zero" },
  { member: "submitWithin", value: 0n, rule: "zero" },
  { member: "submitWithin", value: BigInt(maxSubmitWithin) + 1n, rule: "longer than the market allows" },
  { member: "challengeWindow", value: BigInt(minChallengeWindow) - 1n, rule: "shorter than the market allows" },
  { member: "challengeWindow", value: BigInt(maxChallengeWindow) + 1n, rule: "longer than the market allows" },
  { member: "flags", value: 2n, rule: "a bit that means nothing" },
  { member: "flags", value: 255n, rule: "all bits" },
  { member: "callback", value: "0x0000000000000000000000000000000000000001", rule: "anything, as it is reserved" },
  { member: "callbackGas", value: 1n, rule: "anything, as it is reserved" },
];

/** The outermost values that a spec can have. */
const ALLOWED: readonly { member: keyof Spec; value: bigint | string; rule: string }[] = [
  { member: "provider", value: ZERO_ADDRESS, rule: "zero, which means anyone" },
  { member: "items", value: 1n, rule: "one" },
  { member: "items", value: 2n ** 32n - 1n, rule: "four billion" },
  { member: "price", value: 1n, rule: "one token unit" },
  { member: "price", value: CLIENT_BALANCE, rule: "all that the client has" },
  { member: "submitWithin", value: 1n, rule: "a second" },
  { member: "submitWithin", value: BigInt(maxSubmitWithin), rule: "as long as the market allows" },
  { member: "challengeWindow", value: BigInt(minChallengeWindow), rule: "as short as the market allows" },
  { member: "challengeWindow", value: BigInt(maxChallengeWindow), rule: "as long as the market allows" },
  { member: "flags", value: 1n, rule: "sealed" },
  { member: "salt", value: hashText("salt"), rule: "anything" },
];

describe("Posting a job", () => {
  it("escrows its price from the client's free balance and lists it", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const spec = await specOf(world);
    const id = await idOf(world, spec);

    const moves = await movesOf(world, () => market.connect(client).post(spec, URI));

    expect(moves).to.deep.equal({ "client.balance": -PRICE, escrow: PRICE });
    expect(membersOf(await market.jobOf(id))).to.deep.equal({
      status: BigInt(JobStatus.Open),
      since: await now(world),
      digest: `0x${"00".repeat(26)}`,
    });
  });

  it("tells the whole spec, and where its input may be fetched", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const spec = await specOf(world, { salt: hashText("salt"), flags: 1n });

    await expect(market.connect(client).post(spec, URI))
      .to.emit(market, "JobPosted")
      .withArgs(...postedEvent(await idOf(world, spec), spec, URI));
  });

  it("answers with the job's id", async () => {
    const world = await newWorld();
    const spec = await specOf(world);

    expect(await world.market.connect(world.client).post.staticCall(spec, URI)).to.equal(await idOf(world, spec));
  });

  for (const { member, value, rule } of REFUSED) {
    it(`is refused where its ${member} is ${rule}`, async () => {
      const world = await newWorld();
      const spec = await specOf(world, { [member]: value });

      await expect(world.market.connect(world.client).post(spec, URI))
        .to.be.revertedWithCustomError(world.market, "JobInvalidSpec")
        .withArgs(member);
    });
  }

  for (const { member, value, rule } of ALLOWED) {
    it(`is possible where its ${member} is ${rule}`, async () => {
      const world = await newWorld();
      const { id } = await posted(world, { [member]: value });

      expect(await statusOf(world, id)).to.equal(JobStatus.Open);
    });
  }

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when} to accept`, async () => {
      const world = await newWorld();
      const { market, client } = world;
      const spec = await specOf(world);
      const id = await idOf(world, spec);

      await setNextTime(world, spec.acceptBy + offset);
      const post = market.connect(client).post(spec, URI);

      if (isAhead) {
        await expect(post).to.emit(market, "JobPosted");
      } else {
        await expect(post).to.be.revertedWithCustomError(market, "JobTooLate").withArgs(id, spec.acceptBy);
      }
    });
  }

  for (const { beyond, isPossible } of [
    { beyond: 0n, isPossible: true },
    { beyond: 1n, isPossible: false },
  ]) {
    const lead = `${BigInt(maxAcceptDelay) + beyond} seconds ahead`;
    it(`is ${isPossible ? "possible" : "refused"} where the deadline to accept is ${lead}`, async () => {
      const world = await newWorld();
      const { market, client } = world;
      const timestamp = (await now(world)) + 10n;
      const spec = await specOf(world, { acceptBy: timestamp + BigInt(maxAcceptDelay) + beyond });

      await setNextTime(world, timestamp);
      const post = market.connect(client).post(spec, URI);

      if (isPossible) {
        await expect(post).to.emit(market, "JobPosted");
      } else {
        await expect(post).to.be.revertedWithCustomError(market, "JobInvalidSpec").withArgs("acceptBy");
      }
    });
  }

  it("is the client's alone", async () => {
    const world = await newWorld();
    const { market, client, stranger } = world;

    await expect(market.connect(stranger).post(await specOf(world), URI))
      .to.be.revertedWithCustomError(market, "JobNotClient")
      .withArgs(client, stranger);
  });

  it("needs the price as free balance", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const spec = await specOf(world, { price: CLIENT_BALANCE + 1n });

    await expect(market.connect(client).post(spec, URI))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, CLIENT_BALANCE, CLIENT_BALANCE + 1n);
  });

  it("is possible once, whatever the address of the input", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const { spec, id } = await posted(world);

    await expect(market.connect(client).post(spec, "elsewhere"))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(id, JobStatus.Open);
  });

  it("again takes another salt", async () => {
    const world = await newWorld();
    await posted(world);

    const { id } = await posted(world, { salt: hashText("again") });

    expect(await statusOf(world, id)).to.equal(JobStatus.Open);
  });
});

describe("A spec with dirty bits beside a member", () => {
  const members = Object.entries({
    client: 0,
    provider: 1,
    items: 4,
    price: 5,
    acceptBy: 6,
    submitWithin: 7,
    challengeWindow: 8,
    flags: 9,
    callback: 10,
    callbackGas: 11,
  });

  for (const [member, position] of members) {
    it(`called ${member} cannot be posted, as it would have an id of its own`, async () => {
      const world = await newWorld();
      const { market, client, chain } = world;
      const spec = await specOf(world);
      const calldata = chain.ethers.getBytes(market.interface.encodeFunctionData("post", [spec, URI]));
      calldata[4 + 32 * position] = 1;

      await expect(
        client.sendTransaction({ to: market, data: chain.ethers.hexlify(calldata) }),
      ).to.be.revertedWithoutReason(chain.ethers);
    });
  }
});
