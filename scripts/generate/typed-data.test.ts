import { expect } from "chai";
import { parseEncodedType } from "./typed-data.ts";

describe("an encoded EIP-712 type", () => {
  it("gives its members in order and its nested types after it", () => {
    expect(parseEncodedType("Mail(Person from,bytes32[] parts)Person(address wallet)")).to.deep.equal({
      Mail: [
        { name: "from", type: "Person" },
        { name: "parts", type: "bytes32[]" },
      ],
      Person: [{ name: "wallet", type: "address" }],
    });
  });

  it("may have no members", () => {
    expect(parseEncodedType("Ping()")).to.deep.equal({ Ping: [] });
  });

  for (const encoded of ["", "Mail", "Mail(address to", "Mail(address  to)", "Mail(address to, uint256 at)"]) {
    it(`is refused where it is "${encoded}"`, () => {
      expect(() => parseEncodedType(encoded)).to.throw("Not a");
    });
  }
});
