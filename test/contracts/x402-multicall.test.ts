import { expect } from "chai";
import { MULTICALL, openChannelWorlds } from "./support/channels.ts";
import { WALLET } from "./support/world.ts";

const newWorld = await openChannelWorlds();

/** A call that is answered, and one that reverts. */
async function newCalls() {
  const { chain, token, stranger, friend } = await newWorld();
  const multicall = await chain.ethers.getContractAt("Multicall3", MULTICALL);
  const target = await token.getAddress();
  const good = { target, callData: token.interface.encodeFunctionData("balanceOf", [stranger.address]) };
  const bad = { target, callData: token.interface.encodeFunctionData("transfer", [friend.address, 1n]) };
  const balance = token.interface.encodeFunctionResult("balanceOf", [WALLET]);
  return { multicall, good, bad, balance };
}

describe("Multicall3", () => {
  it("answers several calls at once, whether or not one of them fails", async () => {
    const { multicall, good, bad, balance } = await newCalls();

    const results = await multicall.tryAggregate.staticCall(false, [bad, good]);

    expect(results.map(({ success }) => success)).to.deep.equal([false, true]);
    expect(results[1].returnData).to.equal(balance);
  });

  it("fails as a whole where every call must succeed", async () => {
    const { multicall, good, bad } = await newCalls();

    await expect(multicall.tryAggregate.staticCall(true, [good, bad])).to.be.revertedWithCustomError(
      multicall,
      "CallFailed",
    );
    expect(await multicall.tryAggregate.staticCall(true, [good])).to.have.length(1);
  });

  it("lets each call say whether it may fail", async () => {
    const { multicall, good, bad, balance } = await newCalls();
    const may = (call: typeof good, allowFailure: boolean) => ({ ...call, allowFailure });

    const results = await multicall.aggregate3.staticCall([may(good, false), may(bad, true)]);

    expect(results.map(({ success }) => success)).to.deep.equal([true, false]);
    expect(results[0].returnData).to.equal(balance);
    await expect(multicall.aggregate3.staticCall([may(bad, false)])).to.be.revertedWithCustomError(
      multicall,
      "CallFailed",
    );
  });
});
