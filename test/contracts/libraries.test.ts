import { expect } from "chai";
import { AbiCoder, concat, dataSlice, id as hashText, keccak256, TypedDataEncoder } from "ethers";
import { inputLeafTypes, quoteTypes, resultLeafTypes } from "../../client-sdk/src/protocol/generated/typed-data.ts";
import { now } from "./support/clock.ts";
import { type Frozen, freeze, idOf, SPEC_TYPES, type Spec, specOf } from "./support/jobs.ts";
import { openWorlds, type World } from "./support/world.ts";

const newWorld = await openWorlds();

/** One other value for every member of a spec. */
const OTHER_SPEC: Spec = {
  client: "0x0000000000000000000000000000000000000001",
  provider: "0x0000000000000000000000000000000000000002",
  model: hashText("other model"),
  input: hashText("other input"),
  items: 9n,
  price: 1n,
  acceptBy: 1n,
  submitWithin: 1n,
  challengeWindow: 1n,
  flags: 1n,
  callback: "0x0000000000000000000000000000000000000003",
  callbackGas: 1n,
  salt: hashText("other salt"),
};

/** One other value for every frozen member. */
const OTHER_FROZEN: Frozen = {
  provider: "0x0000000000000000000000000000000000000002",
  price: 1n,
  submitWithin: 1n,
  challengeWindow: 1n,
  verified: true,
  submitBlock: 1n,
  resultRoot: hashText("other root"),
};

describe("A job's id", () => {
  it("is the EIP-712 digest of its spec", async () => {
    const world = await newWorld();
    const spec = await specOf(world);

    expect(await world.market.jobId(spec)).to.equal(await idOf(world, spec));
  });

  for (const member of Object.keys(OTHER_SPEC) as (keyof Spec)[]) {
    it(`depends on the spec's ${member}`, async () => {
      const world = await newWorld();
      const harness = await deployHarness(world);
      const spec = await specOf(world);
      const other = { ...spec, [member]: OTHER_SPEC[member] };

      expect(await harness.jobSpecHash(other)).to.equal(TypedDataEncoder.hashStruct("JobSpec", SPEC_TYPES, other));
      expect(await harness.jobSpecHash(other)).not.to.equal(await harness.jobSpecHash(spec));
    });
  }
});

describe("The digest of what is frozen", () => {
  it("is the first 26 bytes of the hash of its encoding", async () => {
    const world = await newWorld();
    const harness = await deployHarness(world);
    const frozen = freeze(await specOf(world), world.provider.address);

    expect(await harness.frozenDigest(frozen)).to.equal(digestOf(frozen));
  });

  for (const member of Object.keys(OTHER_FROZEN) as (keyof Frozen)[]) {
    it(`depends on the frozen ${member}`, async () => {
      const world = await newWorld();
      const harness = await deployHarness(world);
      const frozen = freeze(await specOf(world), world.provider.address);
      const other = { ...frozen, [member]: OTHER_FROZEN[member] };

      expect(await harness.frozenDigest(other)).to.equal(digestOf(other));
      expect(await harness.frozenDigest(other)).not.to.equal(await harness.frozenDigest(frozen));
    });
  }
});

describe("The hash of a quote", () => {
  it("is that of EIP-712", async () => {
    const harness = await deployHarness(await newWorld());
    const quote = { job: hashText("job"), validUntil: 1_900_000_000n };
    const types = { Quote: [...quoteTypes.Quote] };

    expect(await harness.quoteHash(quote)).to.equal(TypedDataEncoder.hashStruct("Quote", types, quote));
  });
});

describe("A leaf", () => {
  it("of a request hashes its type, index and request", async () => {
    const harness = await deployHarness(await newWorld());
    const leaf = { index: 3n, requestHash: hashText("request") };
    const types = { InputLeaf: [...inputLeafTypes.InputLeaf] };

    expect(await harness.inputLeaf(leaf.index, leaf.requestHash)).to.equal(
      TypedDataEncoder.hashStruct("InputLeaf", types, leaf),
    );
  });

  it("of a result hashes its type, job, provider, index, output and trace", async () => {
    const { chain, market, provider } = await newWorld();
    const harness = await chain.ethers.deployContract("ProtocolHarness");
    const [job, outputHash, traceRoot] = [hashText("job"), hashText("output"), hashText("trace")];
    const leaf = { job, provider: provider.address, index: 5n, outputHash, traceRoot };
    const types = { ResultLeaf: [...resultLeafTypes.ResultLeaf] };

    expect(await harness.resultLeaf(job, provider, 5n, outputHash, traceRoot)).to.equal(
      TypedDataEncoder.hashStruct("ResultLeaf", types, leaf),
    );
    expect(await harness.resultLeaf(job, market, 5n, outputHash, traceRoot)).not.to.equal(
      TypedDataEncoder.hashStruct("ResultLeaf", types, leaf),
    );
  });

  it("is proved by its siblings, pairs hashed in sorted order", async () => {
    const harness = await deployHarness(await newWorld());
    const [first, second, third] = await Promise.all(
      [0n, 1n, 2n].map((index) => harness.inputLeaf(index, hashText("request"))),
    );
    const root = hashPair(hashPair(first, second), third);

    expect(await harness.verifyProof([second, third], root, first)).to.equal(true);
    expect(await harness.verifyProof([hashPair(first, second)], root, third)).to.equal(true);
    expect(await harness.verifyProof([second, third], root, third)).to.equal(false);
  });
});

describe("A share", () => {
  for (const [amount, share, up, down] of [
    [0n, 200n, 0n, 0n],
    [1n, 200n, 1n, 0n],
    [50n, 200n, 1n, 1n],
    [51n, 200n, 2n, 1n],
    [9_999n, 10_000n, 9_999n, 9_999n],
    [2n ** 64n - 1n, 1n, 1_844_674_407_370_956n, 1_844_674_407_370_955n],
    [2n ** 64n - 1n, 10_000n, 2n ** 64n - 1n, 2n ** 64n - 1n],
  ]) {
    it(`of ${share} basis points of ${amount} is ${up} where it is taken and ${down} where it is allowed`, async () => {
      const harness = await deployHarness(await newWorld());

      expect(await harness.shareUp(amount, share)).to.equal(up);
      expect(await harness.shareDown(amount, share)).to.equal(down);
    });
  }
});

describe("The penalty of a no-show", () => {
  for (const { price, penalty, why } of [
    { price: 1_000n, penalty: 70n, why: "its floor where the share is less" },
    { price: 1_400n, penalty: 70n, why: "either where share and floor are alike" },
    { price: 1_401n, penalty: 71n, why: "its share, rounded up, where that is more" },
  ]) {
    it(`is ${why}`, async () => {
      const harness = await deployHarness(await newWorld());

      expect(await harness.noShowPenalty(price, 500n, 70n)).to.equal(penalty);
    });
  }
});

describe("A deadline", () => {
  for (const { offset, when, isAhead } of [
    { offset: 1n, when: "in the next second", isAhead: true },
    { offset: 0n, when: "in this second", isAhead: false },
    { offset: -1n, when: "in the last second", isAhead: false },
  ]) {
    it(`${when} is ${isAhead ? "ahead and has not" : "not ahead and has"} passed: one of the two, never both`, async () => {
      const world = await newWorld();
      const harness = await deployHarness(world);
      const deadline = (await now(world)) + offset;
      const at = { blockTag: "latest" };

      expect(await harness.isAhead(deadline, at)).to.equal(isAhead);
      expect(await harness.hasPassed(deadline, at)).to.equal(!isAhead);
    });
  }
});

function deployHarness({ chain }: World) {
  return chain.ethers.deployContract("ProtocolHarness");
}

function digestOf(frozen: Frozen): string {
  const types = ["address", "uint64", "uint32", "uint32", "bool", "uint64", "bytes32"];
  const { provider, price, submitWithin, challengeWindow, verified, submitBlock, resultRoot } = frozen;
  const values = [provider, price, submitWithin, challengeWindow, verified, submitBlock, resultRoot];
  return dataSlice(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)), 0, 26);
}

function hashPair(a: string, b: string): string {
  return keccak256(concat(BigInt(a) < BigInt(b) ? [a, b] : [b, a]));
}
