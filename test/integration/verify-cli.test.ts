import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {
  decodeEvidence,
  type EvidenceItem,
  encodeEvidence,
  encodeOutput,
  encodeRequest,
  type InferenceRequest,
  inputRoot,
  type JobSpec,
  jobId,
  type ResultEvidence,
  requestHash,
  resultRoot,
  samplingSeed,
  traceRoot,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { getAddress, type Hex, keccak256, numberToHex, zeroAddress } from "viem";
import type { Engine } from "../../provider-node/src/engine/engine.ts";
import { type LoadedEngines, loadEngines } from "../../provider-node/src/engine/load.ts";
import { silentLogger } from "../../provider-node/src/logger.ts";
import { ownCommand } from "./support/own-command.ts";
import { touchstone } from "./support/touchstone.ts";
import { verifiedStoryteller } from "./support/verified-model.ts";

const MARKET = getAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3");
const PROVIDER = getAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
const CHAIN = 31_337;
const REQUESTS: readonly InferenceRequest[] = ["a fox", "an owl", "a clock"].map((subject) => ({
  messages: [{ role: "user", content: `Tell a story about ${subject}` }],
  maxTokens: 80,
}));

interface Told {
  readonly verdict: string;
  readonly level: string;
  readonly faults: readonly { readonly item: number; readonly code: string }[];
  readonly cases: readonly {
    readonly items: number[];
    readonly word: string;
    readonly statistics: { tokens: number };
  }[];
}

describe("touchstone verify", function () {
  this.timeout(60_000);
  let folder: string;
  let model: string;
  let loaded: LoadedEngines;
  let engine: Engine;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-verify-cli-"));
    model = await verifiedStoryteller(folder);
    const settings = { models: [model], gpu: "cpu", threads: 1, contextSequences: 1, dataDir: folder } as const;
    loaded = await loadEngines(settings, silentLogger);
    engine = loaded.engines[0]!;
  });

  after(async () => {
    await loaded.close();
    await rm(folder, { recursive: true });
  });

  /** The result of a job whose provider does with each request what `work` says. */
  async function evidenceOf(
    work: (request: InferenceRequest, seed: Hex) => Promise<EvidenceItem>,
  ): Promise<ResultEvidence> {
    const spec: JobSpec = {
      ...{ client: MARKET, provider: PROVIDER, model: engine.model.id, items: REQUESTS.length, price: 1n },
      input: inputRoot(REQUESTS.map((request) => requestHash(encodeRequest(request)))),
      ...{ acceptBy: 1, submitWithin: 1, challengeWindow: 1, flags: 0 },
      ...{ callback: zeroAddress, callbackGas: 0, salt: numberToHex(1, { size: 32 }) },
    };
    const job = jobId({ chainId: CHAIN, market: MARKET, spec });
    const items: EvidenceItem[] = [];
    for (const [index, request] of REQUESTS.entries()) {
      items.push(await work(request, samplingSeed({ job, provider: PROVIDER, index })));
    }
    const results = items.map(({ output, traceRoot }) => ({ outputHash: keccak256(output), traceRoot }));
    const root = resultRoot({ job, provider: PROVIDER, items: results });
    return { chainId: CHAIN, market: MARKET, job, spec, provider: PROVIDER, root, verified: false, items };
  }

  async function honest(request: InferenceRequest, seed: Hex, done = request): Promise<EvidenceItem> {
    const { output, trace } = await engine.generate(done, { seed, signal: new AbortController().signal });
    return { request: encodeRequest(request), output: encodeOutput(output), trace, traceRoot: traceRoot(trace) };
  }

  async function run(evidence: ResultEvidence | string, ...args: string[]) {
    const file = path.join(folder, "result.json");
    await writeFile(file, typeof evidence === "string" ? evidence : encodeEvidence(evidence));
    // A second llama.cpp in this process would write its log to the terminal.
    const command = args.includes("--full") ? touchstone : ownCommand;
    return await command(["verify", file, "--models", model, "--data-dir", folder, ...args]);
  }
  const told = (stdout: string) => JSON.parse(stdout) as Told;

  it("finds nothing against an honest provider, lightly and fully", async () => {
    const evidence = await evidenceOf(honest);
    expect(decodeEvidence(encodeEvidence(evidence))).to.deep.equal(evidence);
    const light = await run(evidence, "--json");
    expect([light.code, told(light.stdout).verdict, told(light.stdout).level]).to.deep.equal([0, "plausible", "light"]);
    const full = await run(evidence, "--json", "--full");
    expect(full.stderr).to.equal("");
    expect([full.code, told(full.stdout).verdict, told(full.stdout).level]).to.deep.equal([0, "confirmed", "full"]);
    const [only, ...others] = told(full.stdout).cases;
    expect(others).to.deep.equal([]);
    expect(only?.items).to.deep.equal([0, 1, 2]);
    expect(only?.statistics.tokens).to.be.greaterThan(100);
    expect(only?.word).to.match(/^0x[0-9a-f]{64}$/);
    const plain = await run(evidence, "--full");
    expect(plain.stdout).to.include("confirmed").and.include("within");
  });

  it("refutes a cheat that shows only with the model", async () => {
    const cheat = await evidenceOf((request, seed) => honest(request, seed, { ...request, temperature: 0.7 }));
    expect((await run(cheat)).code).to.equal(0);
    const { code, stdout } = await run(cheat, "--full", "--json");
    expect([code, told(stdout).verdict, told(stdout).faults]).to.deep.equal([1, "refuted", []]);
  });

  it("refutes a claim that contradicts itself, and says where", async () => {
    const cheat = await evidenceOf(async (request, seed) => {
      const item = await honest(request, seed);
      return request === REQUESTS[1] ? { ...item, output: new TextEncoder().encode("nonsense") } : item;
    });
    for (const args of [["--json"], ["--json", "--full"]]) {
      const { code, stdout } = await run(cheat, ...args);
      expect([code, told(stdout).verdict]).to.deep.equal([1, "refuted"]);
      expect(told(stdout).faults.map(({ item, code: fault }) => [item, fault])).to.deep.equal([
        [1, "OUTPUT_UNREADABLE"],
      ]);
    }
  });

  it("refutes what was answered without a trace, once it knows that the model asks for one", async () => {
    const untraced = { trace: new Uint8Array(), traceRoot: traceRoot(new Uint8Array()) };
    const cheat = await evidenceOf(async (request, seed) => ({ ...(await honest(request, seed)), ...untraced }));
    expect((await run(cheat)).code).to.equal(0);
    const ended = [await run(cheat, "--full", "--json"), await run({ ...cheat, verified: true }, "--json")];
    for (const { code, stdout } of ended) {
      expect([code, told(stdout).faults[0]?.code]).to.deep.equal([1, "TRACE_MISSING"]);
    }
  });

  it("with code 2 says what it cannot judge: no evidence, another's bytes, another model, no tolerances", async () => {
    const evidence = await evidenceOf(honest);
    const [first, ...others] = evidence.items;
    const swapped = { ...evidence, items: [...others, first!] };
    const cases: [ResultEvidence | string, string[], string][] = [
      ["{}", [], "INVALID_DATA"],
      [swapped, [], "CONTENT_ROOT_MISMATCH"],
      [{ ...evidence, root: evidence.job }, [], "CONTENT_ROOT_MISMATCH"],
      [evidence, ["--full", "--models", "storyteller"], "MODEL_NOT_SERVED"],
    ];
    for (const [given, args, code] of cases) {
      const ended = await run(given, ...args);
      expect([ended.code, ended.stdout], code).to.deep.equal([2, ""]);
      expect(ended.stderr).to.include(code);
    }
    expect(await ownCommand(["verify", path.join(folder, "nothing")])).to.include({ code: 2 });
    expect((await ownCommand(["verify", evidence.job, "--data-dir", folder])).stderr).to.include("CONFIG_MISSING");
  });

  it("keeps the evidence where it is told", async () => {
    const evidence = await evidenceOf(honest);
    const kept = path.join(folder, "kept.json");
    expect((await run(evidence, "--save", kept)).code).to.equal(0);
    expect(decodeEvidence(await readFile(kept, "utf8"))).to.deep.equal(evidence);
  });
});
