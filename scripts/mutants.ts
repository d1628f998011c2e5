// Puts faults into copies of the contracts, one by one, and tells which the Solidity tests do not notice:
// `node scripts/mutants.ts`, or with `--invariants` by the stateful invariants alone. Exits with 1 where one survives.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./lib/paths.ts";
import { MUTANTS, type Mutant } from "./mutants/mutants.ts";

const WORK = path.join(ROOT, "cache", "mutants");
const COPIED = ["contracts", "test/contracts", "foundry.toml", "scripts/solc.mjs", "package.json"];
const ONLY_INVARIANTS = ["--match-contract", "(Market|Court)Invariants"];

rmSync(WORK, { recursive: true, force: true });
mkdirSync(WORK, { recursive: true });
for (const name of COPIED) {
  cpSync(path.join(ROOT, name), path.join(WORK, name), { recursive: true });
}
symlinkSync(path.join(ROOT, "node_modules"), path.join(WORK, "node_modules"));

let survived = 0;
for (const mutant of MUTANTS) {
  const noticed = noticedBy(mutant);
  survived += noticed === undefined ? 1 : 0;
  console.log(
    `${noticed === undefined ? "SURVIVED" : "killed  "} ${describe(mutant)}${noticed ? `  by ${noticed}` : ""}`,
  );
}
console.log(`${MUTANTS.length - survived} passed, ${survived} failed`);
process.exitCode = survived === 0 ? 0 : 1;

/** The first test that fails with this fault in, if any does. */
function noticedBy({ file, from, to }: Mutant): string | undefined {
  const place = path.join(WORK, file);
  const text = readFileSync(place, "utf8");
  if (text.split(from).length !== 2) {
    throw new Error(`${file} should have this once: ${from}`);
  }
  writeFileSync(place, text.replace(from, to));
  const scope = process.argv.includes("--invariants") ? ONLY_INVARIANTS : [];
  const { stdout } = spawnSync(path.join(ROOT, "node_modules/.bin/forge"), ["test", "--fail-fast", ...scope], {
    cwd: WORK,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  writeFileSync(place, text);
  // The forge of npm exits with 0 whatever happens, so that only its words tell.
  if (!stdout.includes("Suite result:")) {
    throw new Error(`${file} did not compile with: ${to}\n${stdout}`);
  }
  const failure = stdout.includes("[FAIL") ? stdout.slice(stdout.indexOf("[FAIL")) : undefined;
  return failure && (/\s(\w+)\([^)]*\) \((?:runs|gas)/.exec(failure)?.[1] ?? "a test");
}

function describe({ file, from, to }: Mutant): string {
  return `${path.basename(file)}: ${from.trim()}  ->  ${to.trim() || "(nothing)"}`;
}
