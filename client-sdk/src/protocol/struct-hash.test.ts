import { expect } from "chai";
import fc from "fast-check";
import { bytesToHex, getAddress, type Hex } from "viem";
import { hashStruct, hashTypedData } from "viem/utils";
import { InvalidDataError } from "../errors.ts";
import { structHash, typedDigest } from "./struct-hash.ts";

const MAIL = {
  Mail: [
    { name: "from", type: "address" },
    { name: "topic", type: "bytes32" },
    { name: "size", type: "uint64" },
    { name: "weight", type: "uint8" },
    { name: "total", type: "uint256" },
  ],
} as const;

const bytes = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => bytesToHex(value));
const uint = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n });
const mail = fc.record({
  ...{ from: bytes(20).map((value) => getAddress(value)), topic: bytes(32), size: uint(64n) },
  ...{ weight: fc.nat(255), total: uint(256n) },
});

describe("EIP-712 hashes", () => {
  it("of structs are viem's", () => {
    fc.assert(
      fc.property(mail, (data) => {
        const expected = hashStruct({ data, primaryType: "Mail", types: MAIL });
        expect(structHash(MAIL, "Mail", data)).to.equal(expected);
      }),
    );
  });

  it("of typed data are viem's, under any of many domains", () => {
    const place = fc.record({
      ...{ name: fc.string({ unit: "grapheme" }), version: fc.constantFrom("1", "2"), chainId: fc.nat() },
      verifyingContract: bytes(20).map((value) => getAddress(value)),
    });
    fc.assert(
      fc.property(mail, place, (message, domain) => {
        const data = { domain, types: MAIL, primaryType: "Mail", message } as const;
        expect(typedDigest(data)).to.equal(hashTypedData(data));
        expect(typedDigest(data)).to.equal(hashTypedData(data)); // the second time from memory
      }),
    );
  });

  it("take hex in any case", () => {
    const data = fc.sample(mail, { numRuns: 1, seed: 7 })[0]!;
    const lower = { ...data, from: data.from.toLowerCase(), topic: `0x${data.topic.slice(2).toUpperCase()}` };
    expect(structHash(MAIL, "Mail", lower)).to.equal(structHash(MAIL, "Mail", data));
  });

  it("are refused of members that are not of their type", () => {
    const [data] = fc.sample(mail, { numRuns: 1, seed: 7 });
    const bad = [
      ...[{ from: "0x12" }, { from: undefined }, { topic: `0x${"g".repeat(64)}` }, { topic: 7 }],
      ...[{ size: 2n ** 64n }, { size: -1n }, { size: 1.5 }, { size: "1" }, { weight: 256 }, { total: undefined }],
    ];
    for (const change of bad) {
      expect(() => structHash(MAIL, "Mail", { ...data, ...change })).to.throw(InvalidDataError);
    }
  });
});
