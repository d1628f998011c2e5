import { expect } from "chai";
import { keccak256 } from "ethers";
import type { Address, Hex } from "viem";
import { inputRoot, resultLeaf } from "../../client-sdk/src/protocol/leaf.ts";
import { merkleProof, merkleRoot } from "../../client-sdk/src/protocol/merkle.ts";
import { traceRoot } from "../../client-sdk/src/protocol/trace.ts";
import { challenged, mine, SMALL_PRICE, sitterOf } from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { type CourtWorld, JUDGED_MODEL, openCourtWorlds } from "./support/court-world.ts";
import { answerFor, delivered, type Evidence, itemOf } from "./support/evidence.ts";
import { accepted, asSubmitted } from "./support/jobs.ts";
import { ZERO_HASH } from "./support/world.ts";

const newWorld = await openCourtWorlds();

const NO_HASH = ZERO_HASH as Hex;

/** Answers of which one part is not what it should be. */
const WRONG: Readonly<Record<string, { part: string; change: Partial<ReturnType<typeof answerFor>> }>> = {
  "an output that was not committed to": { part: "output", change: { output: "0x1234" } },
  "a request that is not the job's": { part: "request", change: { request: "0x1234" } },
  "a wrong proof of the request": { part: "request", change: { inputProof: [NO_HASH] } },
  "a wrong proof of the result": { part: "result", change: { resultProof: [NO_HASH] } },
  "another hash of the output": { part: "result", change: { outputHash: `0x${"12".repeat(32)}` } },
  "another root of the trace": { part: "result", change: { traceRoot: `0x${"12".repeat(32)}` } },
  "another trace": { part: "trace", change: { trace: "0x1234" } },
  "another chunk": { part: "trace", change: { traceChunk: 1 } },
  "a wrong proof of the trace": { part: "trace", change: { traceProof: [NO_HASH] } },
};

describe("An answer", () => {
  for (const [what, { part, change }] of Object.entries(WRONG)) {
    it(`with ${what} is refused`, async () => {
      const world = await newWorld();
      const { court, client } = world;
      const job = await smallJob(world);
      await court.connect(client).demand(job.spec, job.frozen, 1, 0);

      await expect(court.answer(job.spec, job.frozen, job.id, { ...answerFor(job, 1), ...change }))
        .to.be.revertedWithCustomError(court, "DemandWrongAnswer")
        .withArgs(job.id, part);
    });
  }

  it("with a trace where there is none is refused", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await delivered(world, [itemOf(0), itemOf(3)], { price: SMALL_PRICE });
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);

    await expect(court.answer(job.spec, job.frozen, job.id, { ...answerFor(job, 0), trace: "0x12" }))
      .to.be.revertedWithCustomError(court, "DemandWrongAnswer")
      .withArgs(job.id, "trace");
  });

  it("to a later chunk with an earlier, full one is refused", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await delivered(world, [itemOf(1_025)], { price: SMALL_PRICE });
    await court.connect(client).demand(job.spec, job.frozen, 0, 1);

    await expect(court.answer(job.spec, job.frozen, job.id, answerFor(job, 0, 0)))
      .to.be.revertedWithCustomError(court, "DemandWrongAnswer")
      .withArgs(job.id, "trace");
    await expect(court.answer(job.spec, job.frozen, job.id, answerFor(job, 0, 1))).to.emit(court, "Answered");
  });

  it("with another item is refused", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await smallJob(world);
    await court.connect(client).demand(job.spec, job.frozen, 1, 0);

    await expect(court.answer(job.spec, job.frozen, job.id, answerFor(job, 0)))
      .to.be.revertedWithCustomError(court, "DemandWrongAnswer")
      .withArgs(job.id, "result");
  });

  it("rests on the same leaf as earlier ones about its item, whoever asks", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const { job, told, untold } = await twoFaced(world);
    const differs = async (key: string) => {
      await expect(court.answer(job.spec, job.frozen, key, untold))
        .to.be.revertedWithCustomError(court, "DemandWrongAnswer")
        .withArgs(job.id, "result");
    };
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);
    await court.answer(job.spec, job.frozen, job.id, told);

    await court.connect(client).demand(job.spec, job.frozen, 0, 0);
    await differs(job.id);
    const trial = await challenged(world, job);
    const sitter = await sitterOf(world, trial, 0);
    await court.connect(sitter).demandForCase(job.spec, job.frozen, trial.key, 0);
    await differs(trial.caseId);
    await expect(court.answer(job.spec, job.frozen, trial.caseId, told)).to.emit(court, "Answered");
  });

  it("may rest on either leaf where it is the first about its item", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const { job, untold } = await twoFaced(world);
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);

    await expect(court.answer(job.spec, job.frozen, job.id, untold)).to.emit(court, "Answered");
  });

  it("and a default need a demand that is open, of that very job", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await smallJob(world);
    const other = await delivered(world, [itemOf(3)], { price: SMALL_PRICE, salt: `0x${"55".repeat(32)}` });
    const trial = await challenged(world, other);

    await expect(court.answer(job.spec, job.frozen, job.id, answerFor(job, 0)))
      .to.be.revertedWithCustomError(court, "DemandNotOpen")
      .withArgs(job.id);
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);
    await pass(world, world.parameters.answerWindow);
    await expect(court.defaultDemand(other.spec, other.frozen, job.id))
      .to.be.revertedWithCustomError(court, "DemandNotOpen")
      .withArgs(job.id);
    await expect(court.defaultDemand(other.spec, other.frozen, trial.caseId))
      .to.be.revertedWithCustomError(court, "DemandNotOpen")
      .withArgs(trial.caseId);
  });
});

/** A job of two items that no draw chooses. */
function smallJob(world: CourtWorld): Promise<Evidence> {
  return delivered(world, [itemOf(3), itemOf(4)], { price: SMALL_PRICE });
}

/** A job of one item whose tree of results holds two leaves of it, and what answers by each. */
async function twoFaced(world: CourtWorld) {
  const { market, provider } = world;
  const one = itemOf(3);
  const faces = [one, { ...itemOf(4), request: one.request }];
  const input = inputRoot([keccak256(one.request) as Hex]);
  const job = await accepted(world, { model: JUDGED_MODEL, price: SMALL_PRICE, items: 1n, input });
  const leaves = faces.map(({ output, trace }) =>
    resultLeaf({
      job: job.id as Hex,
      provider: provider.address as Address,
      index: 0,
      outputHash: keccak256(output) as Hex,
      traceRoot: traceRoot(trace),
    }),
  );
  const root = merkleRoot(leaves);
  await market.connect(provider).submit(job.id, job.frozen, root);
  const submitted = await asSubmitted(world, job, root);
  await mine(world, world.parameters.drawDelay);
  const answers = faces.map((face, index) => ({
    ...answerFor({ ...submitted, items: [face] }, 0),
    resultProof: merkleProof(leaves, index),
  }));
  const [told, untold] = answers as [(typeof answers)[0], (typeof answers)[0]];
  return { job: submitted, told, untold };
}
