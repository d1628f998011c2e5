import { expect } from "chai";
import { encodePacked, keccak256, padHex } from "viem";
import { samplingSeed } from "./seed.ts";

const JOB = keccak256("0x01");
const PROVIDER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

describe("sampling seeds", () => {
  it("are keccak256 of job, provider and index, each a word wide", () => {
    const words = [JOB, padHex(PROVIDER, { size: 32 }), padHex("0x07", { size: 32 })] as const;
    const expected = keccak256(encodePacked(["bytes32", "bytes32", "bytes32"], words));
    expect(samplingSeed({ job: JOB, provider: PROVIDER, index: 7 })).to.equal(expected);
  });
});
