import { expect } from "chai";
import { axisMark, plotted, written } from "./chart-values.ts";

const UNIT = { decimals: 18, symbol: "TKN" };
/** More digits than a float holds. */
const AMOUNT = 123_456_789_012_345_678_901_234_567n;

describe("values of charts", () => {
  it("are written to the last digit, and plotted where a float can", () => {
    expect(written(AMOUNT, UNIT)).to.equal("123,456,789.012345678901234567 TKN");
    expect(plotted(AMOUNT, UNIT)).to.be.closeTo(123_456_789.0123, 1e-3);
    expect(written(1n, UNIT)).to.equal("0.000000000000000001 TKN");
    expect(written(0n, UNIT)).to.equal("0 TKN");
  });

  it("are counts where they are numbers", () => {
    expect([written(1_234, UNIT), plotted(1_234, UNIT)]).to.deep.equal(["1,234", 1_234]);
  });

  it("are short at the axis", () => {
    expect([0, 0.0012, 1.5, 80, 25_000].map(axisMark)).to.deep.equal(["0", "0.0012", "1.5", "80", "25K"]);
  });
});
