import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ROOT } from "../../lib/paths.ts";
import { withSections } from "../economics/report.ts";
import { type LiveReport, sections } from "./report.ts";

describe("docs/performance.md", () => {
  it("shows what the bench of the live lane found", () => {
    const report = JSON.parse(readFileSync(path.join(ROOT, "bench", "live.json"), "utf8")) as LiveReport;
    const text = readFileSync(path.join(ROOT, "docs", "performance.md"), "utf8");
    expect(withSections(text, sections(report))).to.equal(text);
  });
});
