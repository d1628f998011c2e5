import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { providerCardSchema } from "@touchstone/sdk";
import { marketAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { bytesToHex, decodeFunctionData, getAddress, type Hex, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { writeKeystore } from "../../provider-node/src/keystore.ts";
import { VERSION } from "../../provider-node/src/version.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { startTouchstone, touchstone } from "./support/touchstone.ts";

const MARKET = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const PROVIDER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const PASSWORD = { TOUCHSTONE_PASSWORD: "correct horse" };
const WEAK = 1024;
const NOWHERE = "http://127.0.0.1:1";

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly mend?: string;
}

describe("the touchstone command", function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-cli-"));
  });

  after(() => rm(folder, { recursive: true }));

  describe("says", () => {
    it("its version, and how it is used", async () => {
      expect(await touchstone(["--version"])).to.include({ code: 0, stdout: `${VERSION}\n` });
      const help = await touchstone(["start", "--help"]);
      expect(help.code).to.equal(0);
      expect(help.stdout).to.include("--max-items <value>").and.not.include("--password <value>");
    });

    it("with code 2 what is wrong with a command line or with settings", async () => {
      const cases: [string[], string][] = [
        [["stort"], "start"],
        [["start", "--max-itms", "3"], "--max-items"],
        [["start", "--max-items", "many", "--data-dir", folder], "maxItems"],
        [["start", "--data-dir", folder], "touchstone init"],
        [["keys", "export", "--yes", "--data-dir", folder], "touchstone keys new"],
      ];
      const ended = await Promise.all(cases.map(([args]) => touchstone(args)));
      for (const [index, { code, stderr }] of ended.entries()) {
        const [args, told] = cases[index]!;
        expect([args, code]).to.deep.equal([args, 2]);
        expect(stderr).to.include(told);
      }
    });

    it("with code 75 that it may be tried again", async () => {
      const settings = ["--market", MARKET, "--provider", PROVIDER, "--rpc-urls", NOWHERE, "--data-dir", folder];
      expect((await touchstone(["status", ...settings])).code).to.equal(75);
    });
  });

  describe("keys", () => {
    it("are imported, listed and exported, and never overwritten", async () => {
      const privateKey = generatePrivateKey();
      const address = privateKeyToAddress(privateKey);
      const keyFile = path.join(folder, "key");
      await writeFile(keyFile, `${privateKey}\n`);
      const at = ["--data-dir", path.join(folder, "imported"), "--json"];
      const imported = await touchstone(["keys", "import", keyFile, ...at], PASSWORD);
      const file = path.join(folder, "imported", "keys", "operator.json");
      expect(JSON.parse(imported.stdout)).to.deep.equal({ address, file });
      const [listed, exported, again] = await Promise.all([
        touchstone(["keys", "list", ...at]),
        touchstone(["keys", "export", "--yes", ...at], PASSWORD),
        touchstone(["keys", "import", keyFile, ...at], PASSWORD),
      ]);
      expect(JSON.parse(listed.stdout).keys).to.deep.equal([{ address, file, isUsed: true }]);
      expect(JSON.parse(exported.stdout)).to.deep.equal({ address, privateKey });
      expect([again.code, again.stderr]).to.satisfy(
        ([code, text]: [number, string]) => code === 2 && text.includes("KEYSTORE_EXISTS"),
      );
    });

    it("are not shown to who does not say that it is meant, nor to a wrong password", async () => {
      const at = ["--data-dir", path.join(folder, "imported")];
      const [unasked, wrong] = await Promise.all([
        touchstone(["keys", "export", ...at], PASSWORD),
        touchstone(["keys", "export", "--yes", ...at], { TOUCHSTONE_PASSWORD: "wrong" }),
      ]);
      expect(unasked).to.include({ code: 2, stdout: "" });
      expect(wrong).to.include({ code: 2, stdout: "" });
    });
  });

  describe("measures", () => {
    it("how fast this machine runs a model", async () => {
      const { stdout, code } = await touchstone(["bench", "--json", "--data-dir", folder, "--gpu", "cpu"]);
      const [model] = JSON.parse(stdout).models;
      expect(code).to.equal(0);
      expect(model).to.include({ model: "storyteller", backend: "cpu", threads: 1 });
      expect(model.tokensPerSecond).to.be.greaterThan(0);
    });
  });

  describe("that runs a node", () => {
    it("ends it at once when it is asked to stop a second time", async () => {
      const silent = net.createServer(() => {}).listen(0, "127.0.0.1"); // An endpoint that takes calls and never answers.
      await once(silent, "listening");
      const { port } = silent.address() as net.AddressInfo;
      const keystore = path.join(folder, "silent.json");
      await writeKeystore(keystore, generatePrivateKey(), PASSWORD.TOUCHSTONE_PASSWORD, WEAK);
      const settings = [
        "--market",
        MARKET,
        "--provider",
        PROVIDER,
        "--rpc-urls",
        `http://127.0.0.1:${port}`,
        "--gpu",
        "cpu",
      ];
      const node = startTouchstone(
        ["start", "--data-dir", path.join(folder, "silent"), "--keystore", keystore, ...settings],
        PASSWORD,
      );
      const [called] = await once(silent, "connection");
      node.kill("SIGTERM");
      await untilSaid(node, "stopping");
      node.kill("SIGTERM");
      const [code] = await once(node, "exit");
      called.destroy();
      silent.close();
      expect(code).to.equal(1);
    });
  });

  describe("from nothing to a node that runs", () => {
    let world: World;
    let dataDir: string;
    let provider: Awaited<ReturnType<World["newcomer"]>>;
    let port: number;
    let operator: `0x${string}`;
    let coldKey: string[];
    let node: ChildProcess | undefined;

    before(async () => {
      world = await startWorld();
      provider = await world.newcomer();
      dataDir = path.join(folder, "node");
      port = await freePort();
      const file = path.join(folder, "cold.json");
      coldKey = ["--keystore", file];
      const privateKey = bytesToHex(provider.account.getHdKey().privateKey!);
      await writeKeystore(file, privateKey, PASSWORD.TOUCHSTONE_PASSWORD, WEAK);
    });

    after(async () => {
      node?.kill("SIGKILL");
      await world?.stop();
    });

    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await touchstone([...args, "--json", "--data-dir", dataDir]);
      return { code, stderr, ...(stdout === "" ? {} : JSON.parse(stdout)) };
    };
    /** With the provider's own key, which lies elsewhere than the node's. */
    const cold = async (...args: string[]) => {
      const { code, stderr } = await touchstone(
        [...args, ...coldKey, "--config", path.join(dataDir, "config.json")],
        PASSWORD,
      );
      expect([args, code, stderr]).to.deep.equal([args, 0, stderr]);
    };
    const stateOf = async (): Promise<Record<string, string>> => {
      const { findings } = (await json("doctor")) as { findings: Finding[] };
      expect(findings.filter(({ state, mend }) => state !== "ok" && !mend)).to.deep.equal([]);
      return Object.fromEntries(findings.map(({ check, state }) => [check, state]));
    };

    it("init writes settings and a key that only their owner can read", async () => {
      const publicUrl = `http://127.0.0.1:${port}`;
      const { file, operator: address } = await json(
        ...["init", "--yes", "--rpc-urls", world.rpcUrl, "--market", world.market],
        ...["--provider", provider.account.address, "--port", String(port), "--public-url", publicUrl],
        ...["--confirmations", "1", "--poll-interval-ms", "50", "--gpu", "cpu", "--min-free-disk-bytes", "0"],
      );
      operator = address;
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
      expect(JSON.parse(await readFile(file, "utf8"))).to.include({ market: world.market, port: String(port) });
      expect((await stat(path.join(dataDir, "keys", "operator.json"))).mode & 0o777).to.equal(0o600);
      expect((await stat(path.join(dataDir, "keys", "password"))).mode & 0o777).to.equal(0o600);
    });

    it("init again keeps the key and changes what it is told", async () => {
      const again = await json("init", "--yes", "--name", "Aurora");
      expect(again.operator).to.equal(operator);
      expect(JSON.parse(await readFile(again.file, "utf8"))).to.include({ name: "Aurora", market: world.market });
    });

    it("doctor tells what is missing", async () => {
      const state = await stateOf();
      expect(state).to.include({ chain: "ok", market: "ok", key: "ok", model: "ok", port: "ok", disk: "ok" });
      expect(state).to.include({ stake: "problem", operator: "problem", "gas money": "problem" });
      expect(state).to.include({ "live calls": "warning" }); // This chain has no payment channels.
    });

    it("stake and operator are for the provider's own key", async () => {
      const refused = await json("stake", "50");
      expect(refused.code).to.equal(2);
      expect(refused.stderr).to.include(provider.account.address);
      await cold("stake", "50");
      await cold("operator", "set", operator, "--days", "30");
      expect((await provider.getAccount()).stake).to.equal(50_000_000n);
    });

    it("what a wallet elsewhere should sign is printed", async () => {
      const { transactions } = await json("stake", "1.5", "--calldata");
      const targets = [world.token, world.market, world.market].map((target) => getAddress(target));
      expect(transactions.map(({ to }: { to: string }) => getAddress(to))).to.deep.equal(targets);
      const { functionName, args } = decodeFunctionData({ abi: marketAbi, data: transactions[2].data as Hex });
      expect([functionName, args]).to.deep.equal(["stake", [1_500_000n]]);
    });

    it("pricing is set in tokens of the market", async () => {
      const { prices } = await json("pricing", "--item", "0.0002", "--output", "1.5");
      expect(prices).to.include({ item: "200", output: "1500000" });
      expect((await json("pricing")).prices).to.deep.equal(prices);
      expect((await json("pricing", "--item", "0.0000001")).code).to.equal(2);
    });

    it("doctor finds no problem left", async () => {
      await world.tester.setBalance({ address: operator, value: parseEther("1") });
      const { code, healthy } = await json("doctor");
      expect({ code, healthy }).to.deep.equal({ code: 0, healthy: true });
    });

    it("start serves, status tells, drain and resume are followed, pricing shows what is in force, stop ends it", async () => {
      const started = startTouchstone(["start", "--data-dir", dataDir]);
      node = started;
      let log = "";
      started.stderr?.on("data", (text) => {
        log += text;
      });
      const exited = once(started, "exit");
      const url = `http://127.0.0.1:${port}`;
      const isReady = () =>
        fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await isReady())) {
        expect(started.exitCode, log).to.equal(null);
        await sleep(100);
      }
      const card = providerCardSchema.parse(await (await fetch(`${url}/card`)).json());
      expect(card).to.deep.include({ name: "Aurora", active: true });
      const market = getAddress(world.market);
      expect(card.touchstone).to.deep.include({ provider: provider.account.address, market });
      expect(card.touchstone.models[0]).to.include({ name: "storyteller", pricePerItem: "200" });

      const status = await json("status");
      expect(status.node).to.include({ isRunning: true, isReady: true, url });
      expect(status.money.amounts).to.include({ stake: "50000000", exposure: "0" });
      expect((await stateOf())["public url"]).to.equal("ok");
      await json("card", "publish");
      expect((await provider.getProviderCard({ provider: provider.account.address })).endpoint).to.equal(url);

      const activity = async () => providerCardSchema.parse(await (await fetch(`${url}/card`)).json()).active;
      expect([(await json("drain")).drained, await activity()]).to.deep.equal([true, false]);
      expect((await json("status")).node.terms).to.include({ drained: true });
      expect((await touchstone(["status", "--data-dir", dataDir])).stdout).to.include("touchstone resume");
      expect([(await json("resume")).drained, await activity()]).to.deep.equal([false, true]);

      const prices = { pricePerItem: 5n, pricePerMillionInputTokens: 6n, pricePerMillionOutputTokens: 7n };
      const issuedAt = Math.floor(Date.now() / 1000) + 2; // newer than the ones above
      const instruction = await provider.signInstruction({ action: "prices", prices, issuedAt });
      await provider.sendInstruction({ url, instruction });
      const shown = await json("pricing");
      expect([shown.prices.item, shown.inForce]).to.deep.equal(["200", { item: "5", input: "6", output: "7" }]);
      expect((await touchstone(["pricing", "--data-dir", dataDir])).stdout).to.include("touchstone pricing --reset");
      while (Date.now() / 1000 < issuedAt + 1) {
        await sleep(100);
      }
      expect((await json("pricing", "--reset")).inForce.item).to.equal("200");

      expect((await touchstone(["stop", "--data-dir", dataDir])).code).to.equal(0);
      expect((await exited)[0], log).to.equal(0);
      expect(existsSync(path.join(dataDir, "running.json"))).to.equal(false);
      expect((await json("status")).node.isRunning).to.equal(false);
      for (const command of ["stop", "drain", "resume"]) {
        expect((await touchstone([command, "--data-dir", dataDir])).code, command).to.equal(75);
      }
    });

    it("start says so where the port is taken, and takes the node down", async () => {
      const holder = net.createServer().listen(port, "127.0.0.1");
      await once(holder, "listening");
      const { code, stderr } = await touchstone(["start", "--data-dir", dataDir]);
      holder.close();
      expect([code, stderr.includes(`port ${port}`)]).to.deep.equal([2, true]);
    });

    it("unstake asks stake back and takes it once its period is over", async () => {
      await cold("unstake", "10");
      const { unbonding, stake } = await provider.getAccount();
      expect([unbonding.amount, stake]).to.deep.equal([10_000_000n, 40_000_000n]);
      await world.pass(unbonding.withdrawableAt - (await world.now()));
      await cold("unstake");
      expect((await provider.getAccount()).unbonding.amount).to.equal(0n);
    });
  });
});

async function untilSaid({ stderr }: ChildProcess, word: string): Promise<void> {
  let said = "";
  while (!said.includes(word)) {
    const [text] = await once(stderr!, "data");
    said += text;
  }
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  return port;
}
