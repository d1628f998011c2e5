import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { NodeError } from "./errors.ts";
import { findPassword, isPrivateFile, openKeystore, readKeystoreAddress, writeKeystore } from "./keystore.ts";

const WEAK = 1024;

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return error instanceof NodeError ? error.code : undefined;
}

describe("a key file", () => {
  let folder: string;
  let file: string;
  const privateKey = generatePrivateKey();
  const address = privateKeyToAddress(privateKey);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-keys-"));
    file = path.join(folder, "keys", "operator.json");
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("gives back the key to who knows the password", async () => {
    expect(await writeKeystore(file, privateKey, "pass", WEAK)).to.equal(address);
    expect(await openKeystore(file, "pass")).to.equal(privateKey);
    expect(await codeOf(openKeystore(file, "Pass"))).to.equal("KEYSTORE_PASSWORD_WRONG");
  });

  it("is readable by its owner alone, and costs what geth's cost, unless told otherwise", async () => {
    await writeKeystore(file, privateKey, "pass");
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await isPrivateFile(file)).to.equal(true);
    expect(JSON.parse(await readFile(file, "utf8")).crypto.kdfparams).to.include({ n: 262_144, r: 8, p: 1 });
    await chmod(file, 0o644);
    expect(await isPrivateFile(file)).to.equal(false);
  });

  it("tells its address without the password", async () => {
    await writeKeystore(file, privateKey, "pass", WEAK);
    expect(await readKeystoreAddress(file)).to.equal(address);
  });

  it("is never overwritten", async () => {
    await writeKeystore(file, privateKey, "pass", WEAK);
    expect(await codeOf(writeKeystore(file, generatePrivateKey(), "pass", WEAK))).to.equal("KEYSTORE_EXISTS");
    expect(await openKeystore(file, "pass")).to.equal(privateKey);
  });

  it("is understood by others, and theirs by us", async () => {
    await writeKeystore(file, privateKey, "pass", WEAK);
    expect((await Wallet.fromEncryptedJson(await readFile(file, "utf8"), "pass")).address).to.equal(address);
    const theirs = path.join(folder, "theirs.json");
    await writeFile(theirs, new Wallet(privateKey).encryptSync("pass"));
    expect(await openKeystore(theirs, "pass")).to.equal(privateKey);
    expect(await readKeystoreAddress(theirs)).to.equal(address);
  });

  it("with PBKDF2 opens too", async () => {
    // The example of the Web3 Secret Storage Definition.
    const example = {
      crypto: {
        cipher: "aes-128-ctr",
        cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
        ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        kdf: "pbkdf2",
        kdfparams: {
          c: 262144,
          dklen: 32,
          prf: "hmac-sha256",
          salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
        },
        mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
      },
      id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
      version: 3,
    };
    const given = path.join(folder, "example.json");
    await writeFile(given, JSON.stringify(example));
    expect(await openKeystore(given, "testpassword")).to.equal(
      "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d",
    );
    expect(await readKeystoreAddress(given)).to.equal(undefined);
  });

  it("that is not there, is something else, or asks for absurd memory is refused", async () => {
    expect(await codeOf(openKeystore(file, "pass"))).to.equal("KEYSTORE_MISSING");
    const wrong = path.join(folder, "wrong.json");
    await writeFile(wrong, "{}");
    expect(await codeOf(openKeystore(wrong, "pass"))).to.equal("KEYSTORE_INVALID");
    await writeKeystore(file, privateKey, "pass", WEAK);
    const greedy = JSON.parse(await readFile(file, "utf8"));
    greedy.crypto.kdfparams.n = 2 ** 28;
    await writeFile(wrong, JSON.stringify(greedy));
    expect(await codeOf(openKeystore(wrong, "pass"))).to.equal("KEYSTORE_INVALID");
  });
});

describe("the password of a key file", () => {
  it("comes from the environment before a file before a question", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-password-"));
    const passwordFile = path.join(folder, "password");
    await writeFile(passwordFile, "from the file\nand no more\n");
    const ask = () => Promise.resolve("asked");
    expect(await findPassword({ passwordFile, password: "env" }, ask)).to.equal("env");
    expect(await findPassword({ passwordFile, password: undefined }, ask)).to.equal("from the file");
    expect(await findPassword({ passwordFile: undefined, password: undefined }, ask)).to.equal("asked");
    await rm(folder, { recursive: true });
    expect(await codeOf(findPassword({ passwordFile, password: undefined }))).to.equal("KEYSTORE_PASSWORD_MISSING");
    const nothing = { passwordFile: undefined, password: undefined };
    expect(await codeOf(findPassword(nothing))).to.equal("KEYSTORE_PASSWORD_MISSING");
  });
});
