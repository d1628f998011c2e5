import { expect } from "chai";
import { type Address, encodePacked, keccak256, padHex } from "viem";
import { receiptSpec } from "./receipt.ts";
import { baseSeed, callSeed, requestSeed, samplingSeed, seedOf } from "./seed.ts";

const JOB = keccak256("0x01");
const PROVIDER: Address = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

describe("sampling seeds", () => {
  it("are keccak256 of job, provider and index, each a word wide", () => {
    const words = [JOB, padHex(PROVIDER, { size: 32 }), padHex("0x07", { size: 32 })] as const;
    const expected = keccak256(encodePacked(["bytes32", "bytes32", "bytes32"], words));
    expect(samplingSeed({ job: JOB, provider: PROVIDER, index: 7 })).to.equal(expected);
  });
});

describe("seeds of live calls", () => {
  const SPEC = { flags: 2, input: keccak256("0x02"), salt: keccak256("0x03") };

  it("are keccak256 of input, provider and salt of the spec that the receipt stands for", () => {
    const words = [SPEC.input, padHex(PROVIDER, { size: 32 }), SPEC.salt] as const;
    const expected = keccak256(encodePacked(["bytes32", "bytes32", "bytes32"], words));
    expect(baseSeed({ job: JOB, spec: SPEC, provider: PROVIDER, index: 0 })).to.equal(expected);
    const job = baseSeed({ job: JOB, spec: { ...SPEC, flags: 0 }, provider: PROVIDER, index: 0 });
    expect(job).to.equal(samplingSeed({ job: JOB, provider: PROVIDER, index: 0 }));
  });

  it("are known before the call is answered, and are the same by its receipt", () => {
    const call = { requestHash: keccak256("0x04"), channelId: keccak256("0x05"), seq: 3n };
    const rest = { payer: PROVIDER, model: JOB, cumulative: 1n, resultRoot: JOB, promptTokens: 1, completionTokens: 1 };
    const receipt = { ...call, ...rest, provider: PROVIDER, amount: 1n, issuedAt: 1 };
    const spec = receiptSpec(receipt, 60);
    const seed = callSeed({ ...call, provider: PROVIDER });
    expect(baseSeed({ job: JOB, spec, provider: PROVIDER, index: 0 })).to.equal(seed);
    expect(callSeed({ ...call, provider: PROVIDER, seq: 4n })).not.to.equal(seed);
  });
});

describe("the seed that a request names", () => {
  it("goes before the one that it would have, in both lanes", () => {
    const request = { messages: [{ role: "user", content: "hi" }], seed: 7 } as const;
    expect(seedOf(request, JOB)).to.equal(keccak256(padHex("0x07", { size: 32 })));
    expect(seedOf({ messages: request.messages }, JOB)).to.equal(JOB);
    expect(seedOf({ error: { code: "X", message: "" } }, JOB)).to.equal(JOB);
  });

  it("may be negative: two's complement", () => {
    expect(requestSeed(-1)).to.equal(keccak256(`0x${"ff".repeat(32)}`));
  });
});
