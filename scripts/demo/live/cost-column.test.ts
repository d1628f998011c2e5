import { expect } from "chai";
import fc from "fast-check";
import { costColumn } from "./cost-column.ts";

/** What is written of pieces, each of which raises the cost by one. */
function written(pieces: readonly string[]): string {
  let all = "";
  const column = costColumn((text) => {
    all += text;
  });
  pieces.forEach((piece, index) => {
    column.take(piece, `#${index + 1}`);
  });
  column.end(`#${pieces.length}`);
  return all;
}

describe("the column of costs", () => {
  it("says at the end of each line what the call has cost until there", () => {
    const lines = written(["One\nTwo", " three"]).trimEnd().split("\n");

    expect(lines).to.deep.equal([`${"One".padEnd(72)}  #1`, `${"Two three".padEnd(72)}  #2`]);
  });

  it("breaks lines between words", () => {
    const lines = written(Array.from({ length: 40 }, () => "word "))
      .trimEnd()
      .split("\n");

    expect(lines.map((line) => line.slice(0, 72).trim().split(" ").length)).to.deep.equal([14, 14, 12]);
  });

  it("loses no character but blanks, however the text is cut into pieces, and keeps every line in its width", () => {
    const text = fc.array(fc.string({ unit: fc.constantFrom("a", "é", " ", "\n"), maxLength: 100 }), { maxLength: 8 });
    fc.assert(
      fc.property(text, (pieces) => {
        const lines = written(pieces).split("\n").slice(0, -1);
        const shown = lines.map((line) => line.slice(0, 72)).join("");

        expect(shown.replace(/\s/g, "")).to.equal(pieces.join("").replace(/\s/g, ""));
        expect(lines.every((line) => /^ {2}#\d+$/.test(line.slice(72)))).to.equal(true);
      }),
    );
  });
});
