import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { openSealed, sealRequest } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { NodeError } from "./errors.ts";
import { loadSealKeys, sealKeysFile } from "./seal-keys.ts";

describe("the keys of sealed requests", () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-seal-"));
  });

  afterEach(() => rm(dataDir, { recursive: true }));

  it("are made once, for their owner alone, and stay", async () => {
    const first = await loadSealKeys(dataDir);
    expect((await stat(sealKeysFile(dataDir))).mode & 0o077).to.equal(0);
    const again = await loadSealKeys(dataDir);
    expect(again).to.deep.equal(first);
    const bytes = new TextEncoder().encode("a secret");
    const sealed = await sealRequest(bytes, first.publicKey, { model: zeroHash, provider: zeroAddress });
    expect((await openSealed(sealed, again.privateKey, zeroAddress)).bytes).to.deep.equal(bytes);
  });

  it("are not replaced where their file is spoiled: what was sealed for them would be lost", async () => {
    await loadSealKeys(dataDir);
    for (const text of ["", "{}", '{"publicKey":"a","privateKey":"b"}']) {
      await writeFile(sealKeysFile(dataDir), text);
      const failure = await loadSealKeys(dataDir).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(NodeError).with.property("code", "KEYSTORE_INVALID");
    }
  });
});
