#!/usr/bin/env node
// The compiler of npm behind the command line that forge speaks: `--version` and `--standard-json`.
import solc from "solc";

if (process.argv.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else {
  const chunks = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
  }
  process.stdout.write(solc.compile(Buffer.concat(chunks).toString("utf8")));
}
