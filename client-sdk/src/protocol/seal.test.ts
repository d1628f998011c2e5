import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { expect } from "chai";
import type { Hex } from "viem";
import { bytesToString, hexToBytes, stringToBytes } from "viem/utils";
import { SealError, TouchstoneError } from "../errors.ts";
import { bytesToBase64Url } from "./base64.ts";
import { createSealKeys, openSealed, sealedModel, sealRequest } from "./seal.ts";

const PROVIDER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
const OTHER = "0x000000000000000000000000000000000000dEaD";
const MODEL: Hex = `0x${"ab".repeat(32)}`;
const BYTES = stringToBytes('{"messages":[{"role":"user","content":"Where does it hurt?"}]}');

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (error: unknown) => (error instanceof TouchstoneError ? error.code : String(error)),
  );

describe("sealed requests", () => {
  it("are opened by the provider alone, byte for byte", async () => {
    const keys = await createSealKeys();
    const sealed = await sealRequest(BYTES, keys.publicKey, { model: MODEL, provider: PROVIDER });
    expect(bytesToString(sealed)).not.to.include("hurt");
    expect(sealedModel(sealed)).to.equal(MODEL);
    expect(await openSealed(sealed, keys.privateKey, PROVIDER)).to.deep.equal({ bytes: BYTES, model: MODEL });
    const { privateKey } = await createSealKeys();
    expect(await codeOf(openSealed(sealed, privateKey, PROVIDER))).to.equal("SEAL_UNREADABLE");
  });

  it("are for one provider and one model", async () => {
    const keys = await createSealKeys();
    const sealed = await sealRequest(BYTES, keys.publicKey, { model: MODEL, provider: PROVIDER });
    expect(await codeOf(openSealed(sealed, keys.privateKey, OTHER))).to.equal("SEAL_UNREADABLE");
    const moved = stringToBytes(bytesToString(sealed).replace(MODEL, `0x${"cd".repeat(32)}`));
    expect(await codeOf(openSealed(moved, keys.privateKey, PROVIDER))).to.equal("SEAL_UNREADABLE");
  });

  it("are never twice the same", async () => {
    const { publicKey } = await createSealKeys();
    const seal = async () => bytesToString(await sealRequest(BYTES, publicKey, { model: MODEL, provider: PROVIDER }));
    expect(await seal()).not.to.equal(await seal());
  });

  it("are refused with any letter changed", async () => {
    const keys = await createSealKeys();
    const sealed = await sealRequest(BYTES, keys.publicKey, { model: MODEL, provider: PROVIDER });
    const { touchstone_sealed: parts } = JSON.parse(bytesToString(sealed)) as {
      touchstone_sealed: Record<"model" | "enc" | "ciphertext", string>;
    };
    for (const part of ["enc", "ciphertext"] as const) {
      for (const place of [0, Math.floor(parts[part].length / 2)]) {
        const old = parts[part];
        const changed = `${old.slice(0, place)}${old[place] === "A" ? "B" : "A"}${old.slice(place + 1)}`;
        const body = JSON.stringify({ touchstone_sealed: { ...parts, [part]: changed } });
        expect(await codeOf(openSealed(stringToBytes(body), keys.privateKey, PROVIDER))).to.equal("SEAL_UNREADABLE");
      }
    }
  });

  it("say what is wrong with keys and bodies", async () => {
    const { privateKey } = await createSealKeys();
    const binding = { model: MODEL, provider: PROVIDER } as const;
    for (const key of ["", "AAAA", "?", bytesToBase64Url(new Uint8Array(31)), bytesToBase64Url(new Uint8Array(32))]) {
      expect(await codeOf(sealRequest(BYTES, key, binding)), key).to.equal("SEAL_KEY_INVALID"); // all zeros: no point
    }
    for (const body of ["", "{}", '{"touchstone_sealed":{}}', '{"touchstone_sealed":{"enc":"","ciphertext":""}}']) {
      expect(await codeOf(openSealed(stringToBytes(body), privateKey, PROVIDER))).to.equal("INVALID_DATA");
    }
  });

  it("are a SealError with its code where they cannot be read", () => {
    expect(new SealError("SEAL_UNREADABLE", "")).to.include({ code: "SEAL_UNREADABLE", retryable: false });
  });

  // RFC 9180, appendix A.1.1: base mode of the suite that seals use.
  it("use the suite of the RFC's first test vector", async () => {
    const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
    const recipientKey = await suite.kem.deserializePrivateKey(
      hexToBytes("0x4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
    );
    const opened = await suite.open(
      {
        recipientKey,
        enc: hexToBytes("0x37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
        info: hexToBytes("0x4f6465206f6e2061204772656369616e2055726e"),
      },
      hexToBytes("0xf938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"),
      hexToBytes("0x436f756e742d30"),
    );
    expect(bytesToString(new Uint8Array(opened))).to.equal("Beauty is truth, truth beauty");
  });
});
