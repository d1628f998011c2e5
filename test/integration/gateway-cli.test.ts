import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { expect } from "chai";
import OpenAI from "openai";
import { generatePrivateKey } from "viem/accounts";
import { GATEWAY_DEFAULTS, openKeys } from "../../gateway/src/index.ts";
import type { Host } from "../../provider-node/src/cli/host.ts";
import { run } from "../../provider-node/src/cli/run.ts";
import { SETTINGS } from "../../provider-node/src/config.ts";
import { writeKeystore } from "../../provider-node/src/keystore.ts";
import { startWorld, type World } from "./support/sdk-world.ts";

const MAIN = path.join(import.meta.dirname, "../../provider-node/src/main.ts");
const PASSWORD = "buyer's password";
/** Cheap to open. */
const SCRYPT_N = 1_024;

describe("touchstone gateway", () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), "touchstone-gateway-cli-"));
  });

  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  /** Runs a command of `touchstone` in this process: to start one takes longer than what is tested. */
  const touchstone = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const said = { stdout: "", stderr: "" };
    const into = (name: keyof typeof said) =>
      new Writable({
        write(chunk, _encoding, done) {
          said[name] += String(chunk);
          done();
        },
      });
    const host: Host = {
      ...{ args, env, cwd: dataDir, pid: process.pid, isInteractive: false, isTerminal: false },
      ...{ stdout: into("stdout"), stderr: into("stderr") },
      onStopRequest: () => () => {},
      exit: () => {
        throw new Error("exit");
      },
      signal: () => false,
    };
    return { code: await run(host), ...said };
  };
  const keys = (...args: string[]) => touchstone(["gateway", "keys", ...args, "--data-dir", dataDir]);

  it("makes keys that are shown once, lists and revokes them", async () => {
    const made = await keys("add", "tester", "--per-day", "5000", "--total", "9000", "--json");
    expect(made.code).to.equal(0);
    const { key, id } = JSON.parse(made.stdout);
    const open = openKeys(path.join(dataDir, "gateway"));
    expect(open.keys.find(key)).to.include({ id, budgetPerDay: 5_000n, budgetTotal: 9_000n });
    const listed = await keys("list");
    expect(listed.stdout).to.include(id).and.not.include(key);
    expect((await keys("revoke", id)).code).to.equal(0);
    expect(open.keys.find(key)).to.equal(undefined);
    open.close();
    const again = await keys("revoke", id);
    expect([again.code, again.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && said.includes("KEY_UNKNOWN"),
    );
  });

  it("refuses amounts, counts and names that are none", async () => {
    for (const wrong of [
      ["--per-day", "1.5"],
      ["--total", "-1"],
      ["--requests-per-minute", "0"],
    ]) {
      const { code, stderr } = await keys("add", "tester", ...wrong);
      expect(code, wrong.join(" ")).to.equal(2);
      expect(stderr).to.include("CONFIG_INVALID");
    }
    expect((await keys("add", "two\nlines")).code).to.equal(2);
  });

  it("has the standards of the gateway itself", () => {
    const told: Readonly<Record<string, { readonly standard: unknown }>> = SETTINGS;
    const compared = Object.entries(GATEWAY_DEFAULTS).flatMap(([name, standard]) => {
      const row = told[`gateway${name.charAt(0).toUpperCase()}${name.slice(1)}`] ?? told[name];
      return row === undefined ? [] : [[name, row.standard, standard]];
    });
    expect(compared).to.have.length.greaterThan(10);
    for (const [name, inTable, own] of compared) {
      expect(inTable, String(name)).to.equal(own);
    }
  });

  it("says what is missing before it starts", async () => {
    const nothing = await touchstone(["gateway", "--data-dir", dataDir]);
    expect([nothing.code, nothing.stderr.includes("CONFIG_MISSING")]).to.deep.equal([2, true]);
    const market = `0x${"11".repeat(20)}`;
    const keyless = await touchstone(["gateway", "start", "--data-dir", dataDir, "--market", market]);
    expect([keyless.code, keyless.stderr.includes("KEYSTORE_MISSING")]).to.deep.equal([2, true]);
  });

  describe("on a chain", () => {
    let world: World;

    before(async () => {
      world = await startWorld();
    });

    after(() => world.stop());

    it("serves until it is asked to stop, with a first key that it shows", async () => {
      await writeKeystore(path.join(dataDir, "keys", "buyer.json"), generatePrivateKey(), PASSWORD, SCRYPT_N);
      await writeFile(path.join(dataDir, "password"), PASSWORD);
      const env = {
        PATH: process.env.PATH ?? "",
        HOME: "/nonexistent",
        TOUCHSTONE_RPC_URLS: world.rpcUrl,
        TOUCHSTONE_MARKET: world.market,
        TOUCHSTONE_DATA_DIR: dataDir,
        TOUCHSTONE_PASSWORD_FILE: path.join(dataDir, "password"),
        TOUCHSTONE_GATEWAY_PORT: "0",
        TOUCHSTONE_GATEWAY_FALLBACK_URL: "http://127.0.0.1:1/v1",
        TOUCHSTONE_GATEWAY_FALLBACK_MODELS: "other=hosted",
        TOUCHSTONE_GATEWAY_FALLBACK_KEY: "sk-hosted",
      };
      const child = spawn(process.execPath, [MAIN, "gateway"], { env, stdio: ["ignore", "pipe", "pipe"] });
      let logged = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        logged += text;
      });
      const told: Record<string, string> = {};
      for await (const line of createInterface({ input: child.stdout })) {
        const [, name = "", value = ""] = /^(Base URL|API key|Usage)\s+(\S+)/.exec(line) ?? [];
        told[name] = value;
        if (name === "Usage") {
          break;
        }
      }
      const client = new OpenAI({ baseURL: told["Base URL"]!, apiKey: told["API key"]!, maxRetries: 0 });
      const { data } = await client.models.list();
      expect(data.map(({ id, owned_by }) => [id, owned_by])).to.deep.equal([["other", "fallback"]]);
      const second = await touchstone(["gateway", "--data-dir", dataDir], env);
      expect([second.code, second.stderr.includes("STORE_LOCKED")]).to.deep.equal([1, true]);
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      expect(code, logged).to.equal(0);
      expect(logged).to.include("gateway listens").and.not.include(told["API key"]!);
      expect(logged).to.not.include("sk-hosted");
    });
  });
});
