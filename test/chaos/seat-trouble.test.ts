import { expect } from "chai";
import { SmallEngine } from "../integration/node/support/engine.ts";
import type { CrashPoint } from "../integration/node/support/process.ts";
import { Trial } from "../integration/node/support/trial.ts";

/** Every boundary between what a seat writes and what it sends. */
const POINTS: readonly CrashPoint[] = [
  { message: "seat did", of: "fetch" },
  { message: "case checked" },
  { message: "seat did", of: "check" },
  { message: "transaction stored", of: "commit" },
  { message: "transaction sent", of: "commit" },
  { message: "transaction landed", of: "commit" },
  { message: "seat did", of: "commit" },
  { message: "transaction stored", of: "reveal" },
  { message: "transaction sent", of: "reveal" },
  { message: "transaction landed", of: "reveal" },
];

describe("a seat", () => {
  let trial: Trial;

  before(async () => {
    const engine = new SmallEngine();
    trial = await Trial.start(engine, engine.terms);
  });

  afterEach(() => trial.rest());
  after(() => trial?.close());

  for (const point of POINTS) {
    it(`that is killed at "${point.message}" ${point.of ?? ""} goes on after its restart, and is not fined`, async () => {
      const { job, drawn } = await trial.open();
      const [first = 0, ...others] = drawn;
      // The reveals begin when all have committed.
      await Promise.all([trial.kill(first, point), trial.seat(others)]);
      await trial.expectAcquitted(job);
    });
  }

  for (const mood of ["withholds", "lies", "hangs"] as const) {
    it(`whose provider ${mood} over HTTP demands on chain, and judges what it is shown there`, async () => {
      const { job, drawn } = await trial.open();
      trial.face.setMood(mood);
      await trial.seat(drawn);
      await trial.expectAcquitted(job);
      expect(await trial.world.countOf("Answered", job)).to.equal(3);
    });
  }

  for (const depth of [1, 3, 6]) {
    it(`commits again after reorgs ${depth} deep, whenever they come`, async () => {
      const { job, drawn } = await trial.open();
      await trial.seat(drawn);
      for (let round = 0; round < 3; round++) {
        const committed = await trial.untilStory(
          job,
          (story) => story.filter((event) => event === "WordCommitted").length > 0 || story.includes("CaseClosed"),
        );
        if (committed.includes("WordRevealed")) {
          break;
        }
        await trial.world.chain.reorg(depth);
      }
      await trial.expectAcquitted(job);
    });
  }
});
