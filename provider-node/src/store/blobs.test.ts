import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { type Hex, keccak256 } from "viem";
import { Blobs } from "./blobs.ts";

describe("blobs", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "touchstone-blobs-"));
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const open = (maxBytes = 1_000, minFreeBytes = 0) => Blobs.open({ dir, maxBytes, minFreeBytes });
  const bytes = (length: number, fill = 1) => new Uint8Array(length).fill(fill);
  const fileOf = (hash: Hex) => path.join(dir, hash.slice(2, 4), hash.slice(2));

  async function codeOf(work: Promise<unknown>): Promise<unknown> {
    try {
      await work;
      return "none";
    } catch (error) {
      return (error as { readonly code?: unknown }).code;
    }
  }

  it("gives back what was put in, by its keccak256, after a restart too", async () => {
    const hash = await (await open()).put(bytes(10));
    expect(hash).to.equal(keccak256(bytes(10)));
    const blobs = await open();
    expect(new Uint8Array((await blobs.get(hash))!)).to.deep.equal(bytes(10));
    expect(await blobs.get(keccak256("0x01"))).to.equal(undefined);
    expect(blobs.usedBytes).to.equal(10);
  });

  it("counts a blob once, and no more when it is gone", async () => {
    const blobs = await open();
    const hash = await blobs.put(bytes(10));
    await Promise.all([blobs.put(bytes(10)), blobs.put(bytes(10))]);
    expect(blobs.usedBytes).to.equal(10);
    await blobs.delete(hash);
    await blobs.delete(hash);
    expect(blobs.usedBytes).to.equal(0);
    expect(await blobs.has(hash)).to.equal(false);
  });

  it("never gives bytes that do not fit their hash, and makes room for the right ones", async () => {
    const blobs = await open();
    const hash = await blobs.put(bytes(10));
    writeFileSync(fileOf(hash), bytes(10, 2));
    expect(await codeOf(blobs.get(hash))).to.equal("BLOB_CORRUPT");
    expect(await blobs.has(hash)).to.equal(false);
    await blobs.put(bytes(10));
    expect(new Uint8Array((await blobs.get(hash))!)).to.deep.equal(bytes(10));
  });

  it("clears at its start what a crash left unfinished", async () => {
    mkdirSync(path.join(dir, "aa"));
    writeFileSync(path.join(dir, "aa", "half.1.tmp"), bytes(10));
    const blobs = await open();
    expect(blobs.usedBytes).to.equal(0);
    expect(readdirSync(path.join(dir, "aa"))).to.deep.equal([]);
  });

  it("takes no byte over its quota, even when many come at once", async () => {
    const blobs = await open(100);
    const codes = await Promise.all(Array.from({ length: 20 }, (_, fill) => codeOf(blobs.put(bytes(10, fill)))));
    expect(codes.filter((code) => code === "none")).to.have.length(10);
    expect(codes.filter((code) => code === "STORE_QUOTA_REACHED")).to.have.length(10);
    expect(blobs.usedBytes).to.equal(100);
  });

  it("refuses before it writes when the disk would be left with less than it must have free", async () => {
    const blobs = await open(1_000, 2 ** 60);
    expect(await codeOf(blobs.put(bytes(1)))).to.equal("DISK_FULL");
    expect(await codeOf(blobs.ensureRoom(1))).to.equal("DISK_FULL");
    expect(blobs.usedBytes).to.equal(0);
  });

  it("takes no name that is not a hash", async () => {
    const blobs = await open();
    for (const name of ["0x../../../etc/passwd", "0x1234", "", `0x${"A".repeat(64)}`]) {
      expect(await codeOf(Promise.resolve().then(() => blobs.get(name as Hex))), name).to.equal(undefined);
    }
  });
});
