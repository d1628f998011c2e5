import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { VERSION } from "../../provider-node/src/version.ts";
import { npm } from "./support/npm.ts";

const ROOT = path.join(import.meta.dirname, "../..");

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

describe("the packed node", function () {
  this.timeout(300_000);

  let project: string;
  let packed: Packed;

  const pack = async (workspace: string, ...options: string[]): Promise<Packed> => {
    const printed = await npm(path.join(ROOT, workspace), "pack", "--json", "--pack-destination", project, ...options);
    return JSON.parse(printed.slice(printed.search(/^\[/m)))[0];
  };
  const touchstone = (...args: string[]) =>
    new Promise<{ readonly code: number; readonly stdout: string }>((resolve) => {
      const command = path.join(project, "node_modules/.bin/touchstone");
      execFile(command, args, { cwd: project }, (error, stdout) => resolve({ code: Number(error?.code ?? 0), stdout }));
    });

  before(async () => {
    project = await mkdtemp(path.join(os.tmpdir(), "touchstone-pack-"));
    packed = await pack("provider-node", "--ignore-scripts=false");
    const sdk = await pack("client-sdk");
    const gateway = await pack("gateway");
    // As the README says for machines without a GPU: without the overrides npm fetches every GPU package.
    const { overrides } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8"));
    await writeFile(path.join(project, "package.json"), JSON.stringify({ private: true, overrides }));
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    const files = [sdk, gateway, packed].map(({ filename }) => path.join(project, filename));
    await npm(project, "install", ...quiet, ...files);
  });

  after(() => rm(project, { recursive: true }));

  it("holds built code, the model, a readme and a licence, and no tests", () => {
    const paths = packed.files.map((file) => file.path);
    expect(paths).to.include.members(["README.md", "LICENSE", "dist/main.js", "models/storyteller/manifest.json"]);
    expect(paths.filter((file) => file.endsWith(".gguf"))).to.have.length(1);
    expect(paths.filter((file) => /\.test\.|tsbuildinfo|\.map$/.test(file))).to.deep.equal([]);
  });

  it("leaves nothing behind in the workspace", () => {
    expect(existsSync(path.join(ROOT, "provider-node/models"))).to.equal(false);
  });

  it("runs in an empty project", async () => {
    expect(await touchstone("--version")).to.deep.equal({ code: 0, stdout: `${VERSION}\n` });
  });

  it("brings the gateway, whose keys it makes", async () => {
    const dataDir = path.join(project, "buyer");
    const { code, stdout } = await touchstone("gateway", "keys", "add", "tester", "--json", "--data-dir", dataDir);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout).key).to.match(/^sk-ts-/);
  });

  it("makes its model write there, and tells what is missing", async () => {
    const { code, stdout } = await touchstone("doctor", "--json", "--data-dir", path.join(project, "data"));
    const findings: { check: string; state: string }[] = JSON.parse(stdout).findings;
    const states = Object.fromEntries(findings.map(({ check, state }) => [check, state]));
    expect(code).to.equal(1);
    expect(states).to.include({ model: "ok", settings: "problem", key: "problem" });
  });

  it("comes without GPU packages where they are overridden", () => {
    const binaries = path.join(project, "node_modules/@node-llama-cpp");
    expect(existsSync(path.join(binaries, "linux-x64-cuda", "bins"))).to.equal(false);
    expect(existsSync(path.join(binaries, "linux-x64-vulkan", "bins"))).to.equal(false);
  });
});
