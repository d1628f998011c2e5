import { expect } from "chai";
import { hexToBigInt, keccak256, numberToHex, serializeSignature, stringToHex } from "viem";
import { privateKeyToAccount, sign } from "viem/accounts";
import { accountOf, signerOf } from "./signer.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("the signer of a digest", () => {
  it("is the one that viem finds, for many keys and digests", async () => {
    for (let key = 1; key <= 50; key++) {
      const privateKey = numberToHex(key, { size: 32 });
      const hash = keccak256(stringToHex(`digest ${key}`));
      const signature = await sign({ hash, privateKey, to: "hex" });
      expect(signerOf(hash, signature)).to.equal(privateKeyToAccount(privateKey).address.toLowerCase());
    }
  });

  it("is nobody's where the signature is not in the one form that contracts take", async () => {
    const hash = keccak256(stringToHex("digest"));
    const privateKey = numberToHex(1, { size: 32 });
    const { r, s, yParity = 0 } = await sign({ hash, privateKey });
    const good = serializeSignature({ r, s, yParity });
    const other = { r, s: numberToHex(ORDER - hexToBigInt(s), { size: 32 }), yParity: yParity === 1 ? 0 : 1 };
    expect(signerOf(hash, serializeSignature(other))).to.equal(undefined);
    expect(signerOf(hash, `${good.slice(0, -2)}1d` as `0x${string}`)).to.equal(undefined);
    expect(signerOf(hash, good.slice(0, -2) as `0x${string}`)).to.equal(undefined);
    expect(signerOf(hash, `${good}00`)).to.equal(undefined);
    expect(signerOf(hash, `0x${"00".repeat(64)}1b`)).to.equal(undefined);
    expect(signerOf(hash, `0x${"ff".repeat(32)}${"00".repeat(31)}011b`)).to.equal(undefined);
  });
});

describe("the account that signs receipts", () => {
  it("signs as viem's does, bit for bit, for many keys and digests", async () => {
    for (let key = 1; key <= 50; key++) {
      const privateKey = numberToHex(key * 7919, { size: 32 });
      const hash = keccak256(stringToHex(`digest ${key}`));
      const ours = await accountOf(privateKey).sign?.({ hash });
      expect(ours).to.equal(await sign({ hash, privateKey, to: "hex" }));
    }
  });
});
