import { decodeOutput, inputRoot, requestHash, resultRoot } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { SmallEngine } from "./support/engine.ts";
import { type NodeUnderTest, runNode, until } from "./support/running.ts";
import { prompts, World } from "./support/world.ts";

describe("a node on a chain", () => {
  let world: World;
  let engine: SmallEngine;
  let node: NodeUnderTest;

  before(async () => {
    world = await World.start({ blockTime: 0.2 });
    engine = new SmallEngine();
    node = await runNode(world, [engine]);
    await until(() => node.health().isSynced, Boolean);
  });

  after(async () => {
    await node?.stop();
    await world?.close();
  });

  it("takes a posted job to its pay", async () => {
    const requests = prompts(2);
    await node.inputs.save(requests, 0);
    const spec = await world.spec(engine.model.id, { requests });
    const id = await world.post(spec);
    await until(
      () => node.desk.progress(id)?.stage,
      (stage) => stage === "settled",
    );
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted", "JobAccepted", "JobSubmitted", "JobSettled"]);
    const results = node.desk.results(id)!;
    expect(resultRoot({ job: id, provider: spec.provider, items: results.items })).to.equal(results.root);
    const output = decodeOutput((await node.blobs.get(results.items[0]!.outputHash))!);
    expect(output).to.have.property("finishReason", "length");
    expect(spec.input).to.equal(inputRoot(requests.map(requestHash)));
    expect(await world.operatorNonce()).to.equal(3);
  });
});
