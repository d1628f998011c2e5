import { expect } from "chai";
import { chartDate, chartTick } from "./chart-date.ts";

describe("dates of charts", () => {
  it("are told in UTC, as the index counts days and hours", () => {
    const at = Date.UTC(2026, 10, 23) / 1_000;
    expect(chartDate(at, "day")).to.equal("23 Nov");
    expect(chartDate(at + 3_600, "hour")).to.equal("23 Nov, 01:00");
  });

  it("are short at the axis", () => {
    const at = Date.UTC(2026, 10, 23) / 1_000;
    expect([at, at + 3_600].map((time) => chartTick(time, "hour"))).to.deep.equal(["23 Nov", "01:00"]);
    expect(chartTick(at, "day")).to.equal("23 Nov");
  });
});
