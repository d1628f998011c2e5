import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { InvalidDataError } from "../errors.ts";
import type { JobSpec } from "./job.ts";
import { parseAs } from "./parse-as.ts";
import { jobProgressSchema, quoteRequestSchema, resultListSchema, specFromWire, specToWire } from "./wire.ts";

const SPEC: JobSpec = {
  client: "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
  provider: zeroAddress,
  model: `0x${"ab".repeat(32)}`,
  input: zeroHash,
  items: 2 ** 32 - 1,
  price: 2n ** 64n - 1n,
  acceptBy: 2 ** 40 - 1,
  submitWithin: 1,
  challengeWindow: 0,
  flags: 255,
  callback: zeroAddress,
  callbackGas: 0,
  salt: zeroHash,
};

/** The places of the faults of a value. */
function faultsOf(schema: Parameters<typeof parseAs>[0], value: unknown): string[] {
  try {
    parseAs(schema, value, "test");
  } catch (error) {
    return (error as InvalidDataError).issues.map((issue) => issue.split(":")[0] ?? "");
  }
  return [];
}

describe("wire forms", () => {
  it("carry amounts as decimal strings and come back as they were", () => {
    const wire = specToWire(SPEC);
    expect(wire.price).to.equal("18446744073709551615");
    expect(specFromWire(JSON.parse(JSON.stringify(wire)))).to.deep.equal(SPEC);
  });

  it("take addresses and hashes in any case that is no mistake", () => {
    const wire = { ...specToWire(SPEC), client: SPEC.client.toLowerCase(), model: `0x${"AB".repeat(32)}` };
    expect(specFromWire(wire)).to.deep.equal(SPEC);
    const mistyped = { ...wire, client: SPEC.client.replace("d8dA", "D8dA") };
    expect(() => specFromWire(mistyped)).to.throw(InvalidDataError);
  });

  it("refuse every field that does not fit its width or form", () => {
    const changes = {
      client: "0x12",
      model: "0x12",
      items: 2 ** 32,
      acceptBy: 2 ** 40,
      submitWithin: 1.5,
      challengeWindow: -1,
      flags: 256,
      callbackGas: "0",
      salt: "",
    };
    const bad = { ...specToWire(SPEC), ...changes };
    expect(faultsOf(quoteRequestSchema, { spec: bad })).to.have.length(8); // the first of nine
    for (const [field, value] of Object.entries(changes)) {
      const spec = { ...specToWire(SPEC), [field]: value };
      expect(faultsOf(quoteRequestSchema, { spec }), field).to.deep.equal([`spec.${field}`]);
    }
    for (const price of ["18446744073709551616", "-1", "1.5", "01", "", "0x10", 5, "1e3"]) {
      const spec = { ...specToWire(SPEC), price };
      expect(faultsOf(quoteRequestSchema, { spec }), String(price)).to.deep.equal(["spec.price"]);
    }
  });

  it("refuse what is missing or unknown in what a buyer sends", () => {
    const { salt: _, ...incomplete } = specToWire(SPEC);
    expect(faultsOf(quoteRequestSchema, { spec: incomplete })).to.deep.equal(["spec.salt"]);
    expect(faultsOf(quoteRequestSchema, { spec: { ...specToWire(SPEC), tip: 1 } })).to.deep.equal(["spec"]);
  });

  it("let a newer node say more", () => {
    const progress = { job: zeroHash, stage: "execute", done: 1, items: 2, tokensPerSecond: 9 };
    expect(faultsOf(jobProgressSchema, progress)).to.deep.equal([]);
  });

  it("know no result without items", () => {
    const list = { job: zeroHash, provider: zeroAddress, root: zeroHash, items: [] };
    expect(faultsOf(resultListSchema, list)).to.deep.equal(["items"]);
  });
});
