#!/usr/bin/env node
// Runs a command under a Node that is new enough, with the locked dependencies installed:
//
//   node scripts/with-node.mjs [--build] COMMAND [ARGUMENT ...]
//
// With `--build` it brings the build up to date first, for a command that imports what is built.
// It needs nothing but Node >= 18 and npm. Where Node is too old it gets a newer one from npm, and it installs the
// dependencies under *that* one: npm leaves out native parts that the running Node is too old for, and says nothing.
// Its own words go to stderr; stdin, stdout, signals and the exit code are the command's.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST = [22, 13];
const WANTED_MAJOR = 24;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const windows = process.platform === "win32";

/** Whether a version such as "v22.13.0" is new enough. */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** What `npm run` set for its own script would steer an inner npm to the wrong folder, workspace or Node. */
function cleanEnvironment(binFolder) {
  const steering = /^(npm_(package|lifecycle)_|npm_config_(local_prefix|prefix|global|workspaces?|include_workspace))/i;
  const kept = Object.entries(process.env).filter(([name]) => !steering.test(name) && name !== "INIT_CWD");
  const environment = Object.fromEntries(kept);
  const pathName = Object.keys(environment).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const local = path.join(root, "node_modules", ".bin");
  environment[pathName] = [binFolder, local, environment[pathName]].filter(Boolean).join(path.delimiter);
  environment.NODE = environment.npm_node_execpath = path.join(binFolder, windows ? "node.exe" : "node");
  return environment;
}

/** Runs npm under the Node of `environment`, its output on stderr; ends this process where npm fails. */
function npm(args, environment, cwd) {
  const script = process.env.npm_execpath ?? "";
  const [command, prefix] = script.endsWith("npm-cli.js") ? [environment.NODE, [script]] : ["npm", []];
  const result = spawnSync(command, [...prefix, ...args], {
    cwd,
    env: environment,
    stdio: ["ignore", 2, 2],
    shell: windows && command === "npm",
  });
  if (result.status !== 0) {
    console.error(`with-node: \`npm ${args.join(" ")}\` failed${result.error ? `: ${result.error.message}` : "."}`);
    process.exit(result.status || 1);
  }
}

/** The folder of a Node that is new enough: the running one's, or of one got from npm. */
function nodeFolder() {
  if (isNewEnough(process.version)) {
    return path.dirname(process.execPath);
  }
  const home = path.join(root, ".touchstone", "node");
  const platform = windows ? "win" : process.platform;
  const bare = `${platform}-${process.arch}`;
  const name = bare === "darwin-arm64" ? `node-bin-${bare}` : `node-${bare}`;
  const folder = path.join(home, "node_modules", name, "bin");
  const binary = path.join(folder, windows ? "node.exe" : "node");
  const answer = existsSync(binary) ? spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout : "";
  if (!isNewEnough(answer ?? "")) {
    console.error(`with-node: Node ${process.version} is older than ${OLDEST.join(".")}; getting ${WANTED_MAJOR}.`);
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, "package.json"), '{ "private": true }\n');
    const current = cleanEnvironment(path.dirname(process.execPath));
    npm(["install", "--no-save", "--no-package-lock", "--no-fund", `${name}@${WANTED_MAJOR}`], current, home);
  }
  return folder;
}

/** Whether npm's own record of `node_modules` has every package that the lock file has for this machine. */
function isInstalled(lockText) {
  const record = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) {
    return false;
  }
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const fits = (list, value) => !list || list.includes(value) || list.some((entry) => entry.startsWith("!"));
  const libc = process.report?.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
  return Object.entries(JSON.parse(lockText).packages).every(([place, locked]) => {
    const elsewhere =
      !fits(locked.os, process.platform) ||
      !fits(locked.cpu, process.arch) ||
      (process.platform === "linux" && !fits(locked.libc, libc));
    return !place.includes("node_modules/") || elsewhere || installed[place]?.version === locked.version;
  });
}

/** Installs the locked dependencies, unless they are there. */
function ensureInstalled(environment) {
  const lockText = readFileSync(path.join(root, "package-lock.json"), "utf8");
  const stampFile = path.join(root, "node_modules", ".touchstone-lock");
  const digest = createHash("sha256").update(lockText).digest("hex");
  const nodeMajor = spawnSync(environment.NODE, ["-p", "process.versions.node.split('.')[0]"], { encoding: "utf8" });
  const stamp = `${digest} node${nodeMajor.stdout.trim()} ${process.platform}-${process.arch}\n`;
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
    return;
  }
  if (!isInstalled(lockText)) {
    console.error("with-node: installing the locked dependencies.");
    npm(["ci", "--no-fund", "--no-audit"], environment, root);
  }
  writeFileSync(stampFile, stamp);
}

/** Brings the build up to date, its output on stderr; ends this process where it fails. */
function build(environment) {
  const { status } = spawnSync(environment.NODE, [path.join(root, "scripts", "build.ts")], {
    env: environment,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    process.exit(status || 1);
  }
}

/** Runs the command in place of this process, as nearly as Node can. */
function hand(command, args, environment) {
  const child = spawn(command, args, { stdio: "inherit", env: environment, shell: windows && command !== "node" });
  // A terminal sends Ctrl-C to the whole foreground group: the child has it already.
  const pass = (signal) => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal));
  const passed = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of passed) {
    process.on(signal, pass);
  }
  child.on("error", (error) => {
    console.error(`with-node: cannot run ${command}: ${error.message}`);
    process.exit(127);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exit(code ?? 1);
    }
    for (const name of passed) {
      process.removeListener(name, pass);
    }
    process.kill(process.pid, signal);
  });
}

const given = process.argv.slice(2);
const wantsBuild = given[0] === "--build";
const [command, ...args] = wantsBuild ? given.slice(1) : given;
if (command === undefined) {
  console.error("usage: node scripts/with-node.mjs [--build] COMMAND [ARGUMENT ...]");
  process.exit(2);
}
const environment = cleanEnvironment(nodeFolder());
ensureInstalled(environment);
if (wantsBuild) {
  build(environment);
}
hand(command, args, environment);
