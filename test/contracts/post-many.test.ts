import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Obstacle } from "../../client-sdk/src/protocol/generated/enums.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, pass, setNextTime } from "./support/clock.ts";
import { HOUR, idOf, PRICE, posted, type Spec, specOf, statusOf } from "./support/jobs.ts";
import { CLIENT_BALANCE, openWorlds, type World } from "./support/world.ts";

const newWorld = await openWorlds();

describe("Posting many jobs", () => {
  it("escrows and lists each, with its own address of the input", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const specs = await specsOf(world, ["a", "b", "c"]);

    const moves = await movesOf(world, () => market.connect(client).postMany(specs, ["x", "y", "z"]));

    expect(moves).to.deep.equal({ "client.balance": -3n * PRICE, escrow: 3n * PRICE });
    for (const spec of specs) {
      expect(await statusOf(world, await idOf(world, spec))).to.equal(JobStatus.Open);
    }
    const uris = (await market.queryFilter(market.filters.JobPosted())).map(({ args }) => args.uri);
    expect(uris).to.deep.equal(["x", "y", "z"]);
  });

  it("of an empty list does nothing", async () => {
    const world = await newWorld();

    expect(await movesOf(world, () => world.market.connect(world.client).postMany([], []))).to.deep.equal({});
  });

  it("passes over what was posted before", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const [old, fresh] = await specsOf(world, ["a", "b"]);
    await market.connect(client).post(old, "");

    const moves = await movesOf(world, async () => {
      await expect(market.connect(client).postMany([old, fresh], ["", ""]))
        .to.emit(market, "JobSkipped")
        .withArgs(await idOf(world, old), Obstacle.WrongStatus);
    });

    expect(moves).to.deep.equal({ "client.balance": -PRICE, escrow: PRICE });
  });

  it("passes over what it has just posted itself", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const [spec] = await specsOf(world, ["a"]);

    const moves = await movesOf(world, async () => {
      await expect(market.connect(client).postMany([spec, spec], ["", ""]))
        .to.emit(market, "JobSkipped")
        .withArgs(await idOf(world, spec), Obstacle.WrongStatus);
    });

    expect(moves).to.deep.equal({ "client.balance": -PRICE, escrow: PRICE });
  });

  it("passes over what has ended", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const { spec, id } = await posted(world);
    await market.connect(client).cancel(spec);

    await expect(market.connect(client).postMany([spec], [""]))
      .to.emit(market, "JobSkipped")
      .withArgs(id, Obstacle.WrongStatus);
    expect(await statusOf(world, id)).to.equal(JobStatus.Refunded);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`${isAhead ? "lists" : "passes over"} an entry ${when} to accept`, async () => {
      const world = await newWorld();
      const { market, client } = world;
      const [spec] = await specsOf(world, ["a"]);
      const [later] = await specsOf(world, ["b"], { acceptBy: spec.acceptBy + HOUR });
      const id = await idOf(world, spec);

      await setNextTime(world, spec.acceptBy + offset);
      const post = await market.connect(client).postMany([spec, later], ["", ""]);

      if (isAhead) {
        await expect(post).not.to.emit(market, "JobSkipped");
      } else {
        await expect(post).to.emit(market, "JobSkipped").withArgs(id, Obstacle.TooLate);
      }
      expect(await statusOf(world, id)).to.equal(isAhead ? JobStatus.Open : JobStatus.None);
      expect(await statusOf(world, await idOf(world, later))).to.equal(JobStatus.Open);
    });
  }

  it("needs an address for each", async () => {
    const world = await newWorld();
    const specs = await specsOf(world, ["a", "b"]);

    await expect(world.market.connect(world.client).postMany(specs, [""]))
      .to.be.revertedWithCustomError(world.market, "JobLengthMismatch")
      .withArgs(2n, 1n);
  });

  it("is refused as a whole where one entry is not a job that can be listed", async () => {
    const world = await newWorld();
    const [fine] = await specsOf(world, ["a"]);
    const [wrong] = await specsOf(world, ["b"], { items: 0n });

    await expect(world.market.connect(world.client).postMany([fine, wrong], ["", ""]))
      .to.be.revertedWithCustomError(world.market, "JobInvalidSpec")
      .withArgs("items");
    expect(await statusOf(world, await idOf(world, fine))).to.equal(JobStatus.None);
  });

  it("is refused as a whole where one entry is another client's", async () => {
    const world = await newWorld();
    const { market, client, stranger } = world;
    const [own] = await specsOf(world, ["a"]);
    const [others] = await specsOf(world, ["b"], { client: stranger.address });

    await expect(market.connect(client).postMany([own, others], ["", ""]))
      .to.be.revertedWithCustomError(market, "JobNotClient")
      .withArgs(stranger, client);
  });

  it("is refused as a whole where the free balance does not cover all", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const specs = await specsOf(world, ["a", "b"], { price: CLIENT_BALANCE });

    await expect(market.connect(client).postMany(specs, ["", ""]))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, 0n, CLIENT_BALANCE);
  });

  it("may be sent again after some of it went stale", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const [first] = await specsOf(world, ["a"]);
    const [second] = await specsOf(world, ["b"], { acceptBy: first.acceptBy + HOUR });
    await market.connect(client).post(second, "");
    await pass(world, 2n * HOUR);
    const [third] = await specsOf(world, ["c"]);

    const post = await market.connect(client).postMany([first, second, third], ["", "", ""]);

    await expect(post)
      .to.emit(market, "JobSkipped")
      .withArgs(await idOf(world, first), Obstacle.TooLate);
    await expect(post)
      .to.emit(market, "JobSkipped")
      .withArgs(await idOf(world, second), Obstacle.WrongStatus);
    expect(await statusOf(world, await idOf(world, third))).to.equal(JobStatus.Open);
  });
});

function specsOf(world: World, names: readonly string[], changes: Partial<Spec> = {}): Promise<Spec[]> {
  return Promise.all(names.map((name) => specOf(world, { salt: hashText(name), ...changes })));
}
