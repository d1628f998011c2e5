import { expect } from "chai";
import { zeroHash } from "viem";
import { EMPTY_FROZEN } from "../../client-sdk/src/protocol/frozen.ts";
import type { Ground } from "../support/random-market/ground.ts";
import { openMarket } from "../support/random-market/market.ts";
import { PLAYS, play } from "../support/random-market/play.ts";
import type { SubgraphHost } from "../support/subgraph-host/host.ts";
import { expectTrue, truthOf } from "../support/subgraph-truth/compare.ts";
import { builtSubgraph, contentsOf, handlersOf, hostOf, withoutHandler } from "../support/subgraph-truth/indexed.ts";

const ROUNDS = 8;
const CLOSELY = 300;
const SEEDS = [11, 12];
/** With this one every event is told within a few hundred actions. */
const TELLS_ALL = 1;

/** It tells nothing that `PoolPaid`, in the same transaction, does not: nobody can see whether it is heard. */
const SILENT = "handleClaimed";

describe("the subgraph, for long", function () {
  this.timeout(600_000);

  for (const seed of SEEDS) {
    it(`holds what the contracts say after thousands of actions and ${ROUNDS} reorganisations (seed ${seed})`, async () => {
      const ground = await openMarket(seed);
      const host = hostOf(ground);
      const onStep = stepsOf(ground, host);
      for (let round = 0; round < ROUNDS; round++) {
        await play(ground, { actions: 300, onStep });
        const restore = await ground.snapshot();
        await play(ground, { actions: ground.random.between(1, 200), plays: some(ground), onStep });
        await host.sync();
        await restore();
        await play(ground, { actions: ground.random.between(1, 100), plays: some(ground) });
        await host.sync();
        await expectTrue(host, await truthOf(ground));
      }
      expect(host.reverted).to.be.greaterThan(ROUNDS);
      expect([...host.runs.keys()].sort()).to.deep.equal(handlersOf(host.subgraph).sort());
      expect(host.messages).to.deep.equal([]);

      const fresh = hostOf(ground);
      await fresh.sync();
      expect(contentsOf(host)).to.deep.equal(contentsOf(fresh));
      await ground.close();
    });
  }

  it("is found wrong where it passes over any one event", async () => {
    const ground = await openMarket(TELLS_ALL);
    await play(ground, { actions: 400 });
    await play(ground, { actions: 200, isBrokenOff: true });
    // An entry that is passed over tells nothing but that something happened: it has to be the last.
    await ground.market(ground.people.deployer, "settleMany", [[{ id: zeroHash, frozen: EMPTY_FROZEN }]]);
    const truth = await truthOf(ground);
    const subgraph = builtSubgraph();
    const whole = hostOf(ground, subgraph);
    await whole.sync();
    await expectTrue(whole, truth);
    for (const handler of handlersOf(subgraph).filter((name) => name !== SILENT)) {
      const deaf = hostOf(ground, withoutHandler(subgraph, handler));
      const failure = await deaf
        .sync()
        .then(() => expectTrue(deaf, truth))
        .then(
          () => undefined,
          (error: Error) => error,
        );
      expect(failure, handler).to.be.instanceOf(Error);
    }
    await ground.close();
  });
});

/** Half of the plays. */
function some({ random }: Ground): string[] {
  const names = Object.keys(PLAYS);
  return random.shuffled(names).slice(0, names.length / 2);
}

/** Indexes on at some steps, so that blocks come one by one and many at once; every so often looks closely, amid jobs and cases. */
function stepsOf(ground: Ground, host: SubgraphHost): () => Promise<void> {
  let steps = 0;
  return async () => {
    if (ground.random.chance(0.05)) await host.sync();
    steps += 1;
    if (steps % CLOSELY !== 0) return;
    await host.sync();
    await expectTrue(host, await truthOf(ground));
  };
}
