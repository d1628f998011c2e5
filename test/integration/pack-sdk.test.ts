import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createContext, runInContext } from "node:vm";
import { type JobSpec, jobId, specFromWire, type WireJobSpec } from "@touchstone/sdk";
import { expect } from "chai";
import { build } from "esbuild";
import { bytesToHex, zeroAddress, zeroHash } from "viem";
import { type ContentServer, startContentServer } from "./support/content-server.ts";
import { node, npm } from "./support/npm.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { cardOf, newBuyer, newProvider, type Person, PRICE, publish } from "./support/trade.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const SDK = path.join(ROOT, "client-sdk");

const SPEC: JobSpec = {
  ...{ client: zeroAddress, provider: zeroAddress, model: zeroHash, input: zeroHash, items: 1, price: 1n },
  ...{
    acceptBy: 1,
    submitWithin: 1,
    challengeWindow: 1,
    flags: 0,
    callback: zeroAddress,
    callbackGas: 0,
    salt: zeroHash,
  },
};
const PRINT_ID = `
  const zero = "0x" + "00".repeat(32), nobody = "0x" + "00".repeat(20);
  const spec = { client: nobody, provider: nobody, model: zero, input: zero, items: 1, price: 1n, acceptBy: 1,
    submitWithin: 1, challengeWindow: 1, flags: 0, callback: nobody, callbackGas: 0, salt: zero };
  console.log(sdk.jobId({ chainId: 1, market: nobody, spec }));`;
const ID = jobId({ chainId: 1, market: zeroAddress, spec: SPEC });

describe("the packed SDK", function () {
  this.timeout(300_000);

  let project: string;
  before(async () => {
    project = await mkdtemp(path.join(tmpdir(), "touchstone-sdk-"));
    const packed = await npm(SDK, "pack", "--json", "--pack-destination", project);
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    await writeFile(path.join(project, "package.json"), '{ "private": true, "type": "module" }');
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    await npm(project, "install", ...quiet, path.join(project, filename), "viem@2");
  });
  after(() => rm(project, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFile(path.join(project, name), text);

  it("holds built code, types, sources for the debugger, a readme and a licence, and no tests", async () => {
    const packed = await npm(SDK, "pack", "--json", "--dry-run");
    const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
    const paths = files.map((file) => file.path);
    expect(paths).to.include.members(["README.md", "LICENSE", "dist/index.js", "dist/index.d.ts", "src/index.ts"]);
    expect(paths.filter((file) => /\.test\.|tsbuildinfo/.test(file))).to.deep.equal([]);
  });

  it("works in an empty project, both entries", async () => {
    for (const entry of ["@touchstone/sdk", "@touchstone/sdk/protocol"]) {
      await write("id.js", `import * as sdk from "${entry}";${PRINT_ID}`);
      expect((await node(project, "id.js")).trim()).to.equal(ID);
    }
  });

  it("has types that a strict project takes", async () => {
    const source = await example();
    await write("buy.ts", source);
    const options = {
      strict: true,
      noEmit: true,
      module: "nodenext",
      target: "es2024",
      skipLibCheck: true,
      types: ["node"],
    };
    const typeRoots = [path.join(ROOT, "node_modules/@types")];
    await write("tsconfig.json", JSON.stringify({ compilerOptions: { ...options, typeRoots }, files: ["buy.ts"] }));
    const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
    const printed = await node(project, tsc, "-p", ".").catch((error: { stdout: string }) => error.stdout);
    expect(printed).to.equal("");
  });

  it("buys as its readme says", async () => {
    const world = await startWorld();
    const server = await startContentServer();
    try {
      const buyer = await newBuyer(world);
      const seller = await sell(world, server);
      const privateKey = bytesToHex(buyer.account.getHdKey().privateKey!);
      await mkdir(path.join(project, ".touchstone"), { recursive: true });
      const { rpcUrl, market } = world;
      await write(".touchstone/network.json", JSON.stringify({ rpcUrl, market, accounts: { buyer: { privateKey } } }));
      await write("buy.ts", await example());
      expect((await node(project, "buy.ts")).trim()).to.equal("A fox found a key.");
      await seller.stop();
    } finally {
      await server.stop();
      await world.stop();
    }
  });

  it("works as a bundle in a browser", async () => {
    const code = await bundle('import * as sdk from "@touchstone/sdk"; globalThis.sdk = sdk;');
    const printed: string[] = [];
    const { TextEncoder, TextDecoder, URL, AbortSignal, AbortController, crypto, setTimeout, clearTimeout, fetch } =
      globalThis;
    const web = {
      TextEncoder,
      TextDecoder,
      URL,
      AbortSignal,
      AbortController,
      crypto,
      setTimeout,
      clearTimeout,
      fetch,
    };
    const context = createContext({ ...web, console: { log: (line: string) => printed.push(line) } });
    runInContext(`${code};${PRINT_ID}`, context);
    expect(printed).to.deep.equal([ID]);
  });

  it("leaves out of a bundle what is not used", async () => {
    const whole = await bundle('import * as sdk from "@touchstone/sdk"; globalThis.sdk = sdk;');
    const one = await bundle('import { jobId } from "@touchstone/sdk"; globalThis.jobId = jobId;');
    expect(one.length).to.be.lessThan(whole.length / 10);
    const action = await bundle('import { stake } from "@touchstone/sdk"; globalThis.stake = stake;');
    for (const unused of ["CONTENT_ROOT_MISMATCH", "ZodError", "SEAL_UNREADABLE"]) {
      expect(whole).to.contain(unused);
      expect(action).to.not.contain(unused);
    }
    expect(action.length).to.be.lessThan(whole.length * 0.75);
  });

  /** A minified bundle for browsers. */
  async function bundle(contents: string): Promise<string> {
    const { outputFiles, warnings } = await build({
      stdin: { contents, resolveDir: project },
      ...{ bundle: true, minify: true, write: false, platform: "browser", format: "iife", logLevel: "silent" },
    });
    expect(warnings).to.deep.equal([]);
    return outputFiles[0]!.text;
  }
});

/** The first program of the readme. */
async function example(): Promise<string> {
  const readme = await readFile(path.join(SDK, "README.md"), "utf8");
  return /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
}

/** A provider whose server quotes, and that does each job at once. */
async function sell(world: World, server: ContentServer): Promise<{ stop(): Promise<void> }> {
  const provider: Person = await newProvider(world);
  const { address } = provider.account;
  server.answers.set("/card", cardOf(world, provider, server.url));
  server.answers.set("/quotes", async ({ spec }: { spec: WireJobSpec }) => {
    const offered = { ...specFromWire(spec), provider: address, price: PRICE };
    return provider.signQuote({ spec: offered, validUntil: (await world.now()) + 60 });
  });
  await provider.updateProvider({ uri: `${server.url}/card` });
  const controller = new AbortController();
  const since = await world.tester.getBlockNumber({ cacheTime: 0 });
  const working = (async () => {
    for await (const { eventName, job } of provider.watchJobs({
      provider: address,
      since,
      signal: controller.signal,
    })) {
      if (eventName === "JobAccepted") {
        const outputs = [{ finishReason: "stop" as const, promptTokens: 1, text: "A fox found a key.", tokens: [1] }];
        await provider.submitResult({ job, resultRoot: publish(server, { job, provider: address, outputs }) });
      }
    }
  })();
  return {
    async stop() {
      controller.abort();
      await working;
    },
  };
}
