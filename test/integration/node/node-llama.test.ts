import { decodeOutput, decodeTrace, encodeRequest, resultRoot, traceRoot } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type LoadedEngines, loadEngines } from "../../../provider-node/src/engine/load.ts";
import { silentLogger } from "../../../provider-node/src/logger.ts";
import { verifiedStoryteller } from "../support/verified-model.ts";
import { untilPaid } from "./support/lives.ts";
import { runNode, until } from "./support/running.ts";
import { World } from "./support/world.ts";

describe("a node with the model that ships", () => {
  let world: World;
  let loaded: LoadedEngines;

  before(async () => {
    world = await World.start({ blockTime: 0.2 });
    const models = [await verifiedStoryteller(world.folder)];
    const settings = { models, gpu: "cpu", threads: 1, contextSequences: 2 } as const;
    loaded = await loadEngines({ ...settings, dataDir: world.folder }, silentLogger);
  });

  after(async () => {
    await loaded?.close();
    await world?.close();
  });

  it("writes stories for a posted job, whose hashes are on chain, and is paid", async () => {
    const node = await runNode(world, loaded.engines);
    await until(() => node.health().isSynced, Boolean);
    const requests = ["a brave fox and a lost key", "a clock that ran backwards"].map((subject) =>
      encodeRequest({ messages: [{ role: "user", content: `Tell a story about ${subject}.` }], maxTokens: 40 }),
    );
    await node.inputs.save(requests, 0);
    const [engine] = loaded.engines;
    const id = await world.post(await world.spec(engine!.model.id, { requests }));
    await untilPaid(world, id);
    const { items, root, provider } = node.desk.results(id)!;
    expect(resultRoot({ job: id, provider, items })).to.equal(root);
    for (const { outputHash, traceHash, traceRoot: committed } of items) {
      const output = decodeOutput((await node.blobs.get(outputHash))!);
      expect(output)
        .to.have.property("text")
        .that.matches(/[a-z]{3}/);
      const trace = (await node.blobs.get(traceHash))!;
      expect(traceRoot(trace)).to.equal(committed);
      const tokens = decodeTrace(trace).map(({ token }) => token);
      expect(output).to.have.deep.property("tokens", tokens.slice(0, "tokens" in output ? output.tokens.length : 0));
    }
    await node.stop();
  });
});
