import { expect } from "chai";
import { caseItems, nextCaseItem } from "./case-walk.ts";

describe("the walk of a case", () => {
  it("takes whole items until 512 entries are covered", () => {
    expect(caseItems([100, 500, 300, 300], 2)).to.deep.equal([2, 3]);
    expect(caseItems([100, 500, 511, 1], 2)).to.deep.equal([2, 3]);
    expect(caseItems([100, 500, 511, 0], 2)).to.deep.equal([2, 3, 0]);
    expect(caseItems([9000, 5], 0)).to.deep.equal([0]);
  });

  it("goes round the end, and takes no item twice", () => {
    expect(caseItems([10, 10, 10], 2)).to.deep.equal([2, 0, 1]);
    expect(caseItems([0], 0)).to.deep.equal([0]);
  });

  it("takes twelve items at most", () => {
    const items = caseItems(Array(100).fill(1), 95);
    expect(items).to.deep.equal([95, 96, 97, 98, 99, 0, 1, 2, 3, 4, 5, 6]);
  });

  it("leaves out an item of which not every chunk could be demanded, unless it is the first", () => {
    expect(caseItems([...Array(11).fill(1), 2_000], 0)).to.have.length(11);
    expect(caseItems([...Array(11).fill(1), 1_000], 0)).to.have.length(12);
    expect(caseItems([20_000, 5], 0)).to.deep.equal([0]);
  });

  it("can be gone step by step", () => {
    expect(nextCaseItem({ items: 3, startItem: 2, covered: [] })).to.equal(2);
    expect(nextCaseItem({ items: 3, startItem: 2, covered: [511] })).to.equal(0);
    expect(nextCaseItem({ items: 3, startItem: 2, covered: [511, 1] })).to.equal(undefined);
  });
});
