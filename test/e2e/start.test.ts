import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { runCommand } from "../../scripts/lib/command.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { ENVIRONMENT_FILE, NETWORK_FILE } from "../../scripts/network/record.ts";

const READY_MS = 90_000;
const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");

describe("a network that is left running", function () {
  this.timeout(180_000);
  let start: ChildProcess;
  let said = "";

  before(async () => {
    start = spawn(process.execPath, ["scripts/start.ts"], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [start.stdout, start.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    for (let waited = 0; !said.includes("Ctrl-C") && start.exitCode === null && waited < READY_MS; waited += 200) {
      await sleep(200);
    }
    expect(said, said).to.include("Ctrl-C");
  });

  after(() => start.kill("SIGKILL"));

  it("writes down what a developer needs", () => {
    const record = JSON.parse(readFileSync(NETWORK_FILE, "utf8"));
    expect(record).to.have.all.keys(
      ...["rpcUrl", "chainId", "market", "court", "token", "nodes", "seats", "gateway", "dapp", "accounts"],
    );
    expect(record.nodes).to.have.length(2);
    expect(record.nodes[0]).to.have.all.keys("name", "url", "provider");
    expect(record.seats).to.deep.equal([]);
    expect(record.gateway).to.have.all.keys("baseUrl", "apiKey");
    expect(record.accounts.buyer).to.have.all.keys("address", "privateKey");
  });

  it("serves the pages, and tells them which market they show and whose wallets there are", async () => {
    const { dapp, market, rpcUrl } = JSON.parse(readFileSync(NETWORK_FILE, "utf8"));
    expect(said).to.include(`Open ${dapp}`);
    const page = await fetch(dapp);
    const html = await page.text();
    expect(page.headers.get("cache-control")).to.equal("no-cache");
    expect(page.headers.get("content-security-policy")).to.include("default-src 'none'");
    const [asset = ""] = /assets\/[\w.-]+\.js/.exec(html) ?? [];
    const script = await fetch(`${dapp}/${asset}`);
    expect([script.status, script.headers.get("cache-control")?.includes("immutable")]).to.deep.equal([200, true]);
    const config = await (await fetch(`${dapp}/network.json`)).json();
    expect(config).to.include({ chainId: 31_337, market, rpcUrl });
    const names = config.development.accounts.map(({ name }: { readonly name: string }) => name);
    expect(names).to.include.members(["Buyer", "Newcomer"]);
  });

  it("serves a buyer", async () => {
    const { code, stdout, output } = await runCommand([process.execPath, "examples/buyer.ts"], { quiet: true });
    expect(code, output).to.equal(0);
    expect(stdout.trim()).to.not.equal("");
  });

  it("serves curl, as the readme has it", async () => {
    const [, , commands = ""] = /## Chat with any OpenAI client(.*?)```sh\n(.*?)```/s.exec(readme) ?? [];
    expect(commands).to.include("curl");
    const { code, stdout, output } = await runCommand(["sh", "-euc", commands], { quiet: true });
    expect(code, output).to.equal(0);
    const deltas = [...stdout.matchAll(/^data: (\{.*\})$/gm)].map(([, data = ""]) => JSON.parse(data));
    const text = deltas.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
    expect(text.trim(), output).to.not.equal("");
    expect(stdout.trimEnd()).to.match(/^data: \[DONE\]$/m);
  });

  it("serves the official client of OpenAI", async () => {
    const { code, stdout, output } = await runCommand([process.execPath, "examples/chat.ts"], { quiet: true });
    expect(code, output).to.equal(0);
    expect(stdout.trim()).to.not.equal("");
  });

  it("serves a buyer of single calls, who needs no gateway", async () => {
    const { code, stdout, output } = await runCommand([process.execPath, "examples/live.ts"], { quiet: true });
    expect(code, output).to.equal(0);
    expect(stdout, output).to.match(/Call 1 of 0x\w{40} cost [1-9]\d* units; its receipt has 0 faults\./);
  });

  it("tells its history", async () => {
    const { code, stdout, output } = await runCommand([process.execPath, "examples/history.ts"], { quiet: true });
    expect(code, output).to.equal(0);
    expect(stdout).to.match(/0x\w{40} took [1-9]\d* jobs/);
  });

  it("serves the owner of a provider", async () => {
    const { code, output } = await runCommand([process.execPath, "examples/provider.ts"], { quiet: true });
    expect(code, output).to.equal(0);
    expect(output).to.include("may be withdrawn from");
  });

  it("serves the back end of a contract", async () => {
    const { code, output } = await runCommand([process.execPath, "examples/backend.ts"], { quiet: true });
    expect(code, output).to.equal(0);
    expect(output).to.include("was answered by job");
  });

  it("takes everything down at Ctrl-C, its record too", async () => {
    const { nodes } = JSON.parse(readFileSync(NETWORK_FILE, "utf8"));
    start.kill("SIGINT");
    await once(start, "exit");
    expect(start.exitCode, said).to.equal(0);
    expect([NETWORK_FILE, ENVIRONMENT_FILE].some((file) => existsSync(file))).to.equal(false);
    for (const { url } of nodes) {
      expect(await fetch(`${url}/healthz`).catch(() => "gone")).to.equal("gone");
    }
  });
});
