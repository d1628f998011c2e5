import { expect } from "chai";
import fc from "fast-check";
import { base64ToBytes, base64UrlToBytes, bytesToBase64, bytesToBase64Url } from "./base64.ts";

describe("base64", () => {
  it("is what Node.js writes, both ways", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesToBase64(bytes)).to.equal(Buffer.from(bytes).toString("base64"));
        expect(bytesToBase64Url(bytes)).to.equal(Buffer.from(bytes).toString("base64url"));
        expect(base64ToBytes(bytesToBase64(bytes))).to.deep.equal(bytes);
        expect(base64UrlToBytes(bytesToBase64Url(bytes))).to.deep.equal(bytes);
      }),
    );
  });

  it("takes bytes by the megabyte", () => {
    const bytes = Uint8Array.from({ length: 2 ** 20 + 1 }, (_, index) => index % 251);
    expect(base64ToBytes(bytesToBase64(bytes))).to.deep.equal(bytes);
  });

  it("is read in its one canonical form only", () => {
    for (const text of ["A", "AA", "AAA", "AB==", "AAB=", "A===", "AA=A", "AA ==", "AA==\n", "__==", "ä"]) {
      expect(base64ToBytes(text), text).to.equal(undefined);
    }
    for (const text of ["A", "AB", "AAB", "AA==", "++", "AAAAA"]) {
      expect(base64UrlToBytes(text), text).to.equal(undefined);
    }
  });
});
