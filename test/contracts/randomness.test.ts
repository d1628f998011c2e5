import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import { network } from "hardhat";
import { ZERO_HASH } from "./support/world.ts";

/** Where EIP-2935 puts its contract. */
const HISTORY = "0x0000F90827F1C53a10cb7A02335B175320002935";

const chain = await network.create();

describe("The seed that a block gives", () => {
  it("is the block's hash", async () => {
    const { randomness, block } = await open();

    for (const number of [block - 1, block - 256]) {
      const { hash } = (await chain.ethers.provider.getBlock(number)) ?? {};
      expect(await randomness.seedOf(number, { blockTag: block })).to.equal(hash);
    }
  });

  it("is none while the block is not there", async () => {
    const { randomness, block } = await open();

    for (const number of [block, block + 1, 2n ** 256n - 1n]) {
      expect(await randomness.seedOf(number, { blockTag: block })).to.equal(ZERO_HASH);
    }
  });

  it("is none for a block older than 256 where the chain keeps no history", async () => {
    const { randomness, block } = await open("0x");

    expect(await randomness.seedOf(block - 257, { blockTag: block })).to.equal(ZERO_HASH);
  });

  it("is the history's for an older block where the chain keeps one, and none where that refuses", async () => {
    const { randomness, block } = await open((await historyCode()).deployed, 8_300);

    for (const number of [block - 257, block - 8_191]) {
      const hash = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256"], [number]));
      expect(await randomness.seedOf(number, { blockTag: block })).to.equal(hash);
    }
    expect(await randomness.seedOf(block - 8_192, { blockTag: block })).to.equal(ZERO_HASH);
  });

  it("is none where what is at the history's address answers with anything but 32 bytes", async () => {
    // Returns 31 bytes of memory.
    const { randomness, block } = await open("0x601f5ff3");

    expect(await randomness.seedOf(block - 257, { blockTag: block })).to.equal(ZERO_HASH);
  });
});

/** A source of seeds on a chain of some age, with a history of one's choice. */
async function open(history = "0x", blocks = 300) {
  const randomness = await chain.ethers.deployContract("BlockHashes");
  await chain.networkHelpers.setCode(HISTORY, history);
  await chain.networkHelpers.mine(blocks);
  return { randomness, block: await chain.networkHelpers.time.latestBlock() };
}

async function historyCode() {
  const history = await chain.ethers.deployContract("TestHistory");
  return { deployed: await chain.ethers.provider.getCode(history) };
}
