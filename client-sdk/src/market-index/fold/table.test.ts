import { expect } from "chai";
import { Table } from "./table.ts";

interface Row {
  key: string;
  count: number;
}

const rowsOf = (table: Table<string, Row>) => [...table.values()].map(({ key, count }) => `${key}${count}`);

describe("Table", () => {
  let base: Table<string, Row>;
  beforeEach(() => {
    base = new Table<string, Row>();
    for (const key of ["a", "b", "c"]) {
      base.editOr(key, () => ({ key, count: 1 }));
    }
  });

  it("shows the rows below in their order, changed ones in their place and added ones after", () => {
    const over = new Table<string, Row>(base);
    over.edit("b")!.count = 2;
    over.editOr("d", () => ({ key: "d", count: 3 })).count += 1;
    expect(rowsOf(over)).to.deep.equal(["a1", "b2", "c1", "d4"]);
    expect([...over.latest()].map(({ key }) => key)).to.deep.equal(["d", "c", "b", "a"]);
    expect(over.size).to.equal(4);
  });

  it("leaves the table below as it is", () => {
    const over = new Table<string, Row>(base);
    over.edit("b")!.count = 2;
    over.editOr("d", () => ({ key: "d", count: 1 }));
    expect(rowsOf(base)).to.deep.equal(["a1", "b1", "c1"]);
    expect(base.get("b")).to.deep.equal({ key: "b", count: 1 });
    expect(over.get("b")).to.deep.equal({ key: "b", count: 2 });
  });

  it("changes a row in place where nothing lies below, and makes only what is missing", () => {
    base.editOr("a", () => ({ key: "a", count: 9 })).count += 1;
    expect(base.get("a")).to.deep.equal({ key: "a", count: 2 });
    expect(base.edit("x")).to.equal(undefined);
    expect(base.get("x")).to.equal(undefined);
    expect(base.size).to.equal(3);
  });
});
