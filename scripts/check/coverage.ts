// Fails unless the Solidity tests run every line and take every branch of `contracts/`, but for `contracts/dev/`.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { installed, runCommand } from "../lib/command.ts";
import { ROOT } from "../lib/paths.ts";

const REPORT = "cache/forge/lcov.info";
const reportFile = path.join(ROOT, REPORT);

rmSync(reportFile, { force: true });
mkdirSync(path.dirname(reportFile), { recursive: true });

const measured = await runCommand(
  installed(
    "forge",
    "coverage",
    "--report=lcov",
    `--report-file=${REPORT}`,
    "--no-match-coverage=^(test|contracts/dev)/",
  ),
);
const isMeasured = measured.code === 0 && existsSync(reportFile);
const gaps = isMeasured ? uncovered(readFileSync(reportFile, "utf8")) : ["forge coverage failed"];
for (const gap of gaps) {
  console.log(gap);
}
console.log(gaps.length === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
process.exitCode = gaps.length === 0 ? 0 : 1;

/**
 * What an lcov report says was never run, one line each; also where it is empty, for then nothing was measured.
 * Format: https://manpages.debian.org/geninfo#FILES
 */
function uncovered(report: string): string[] {
  let file = "";
  let lines = 0;
  const gaps: string[] = [];
  for (const row of report.split("\n")) {
    const [kind = "", value = ""] = row.split(/:(.*)/);
    const [line = "", second = "", branch = "", taken = ""] = value.split(",");
    if (kind === "SF") {
      file = value;
    } else if (kind === "DA") {
      lines += 1;
      if (second === "0") {
        gaps.push(`${file}:${line}: never run`);
      }
    } else if (kind === "BRDA" && (taken === "0" || taken === "-")) {
      gaps.push(`${file}:${line}: branch ${branch} never taken`);
    }
  }
  return lines === 0 ? ["The report has no lines."] : gaps;
}
