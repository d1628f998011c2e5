import { expect } from "chai";
import { chartDate } from "./chart-date.ts";

describe("dates of charts", () => {
  it("are told in UTC, as the index counts days and hours", () => {
    const at = Date.UTC(2026, 10, 23) / 1_000;
    expect(chartDate(at, "day")).to.equal("23 Nov");
    expect(chartDate(at + 3_600, "hour")).to.equal("23 Nov, 01:00");
  });
});
