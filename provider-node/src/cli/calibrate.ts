import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { modelId, TRACE_KIND, type Verification } from "@touchstone/sdk/protocol";
import type { Command } from "commander";
import { findCpuBinaries } from "../calibrate/builds.ts";
import { type Calibration, calibrate } from "../calibrate/calibrate.ts";
import { type FoundMachine, machinesAtHand, tellApart } from "../calibrate/machines.ts";
import type { Settings } from "../config.ts";
import { type ResolvedModel, resolveModel } from "../engine/models.ts";
import { NodeError } from "../errors.ts";
import type { Host } from "./host.ts";
import { say, sayJson, sayTable } from "./output.ts";
import { readSettings, withSettings } from "./settings.ts";

const MANIFEST = "manifest.json";

/** Honest runs of a calibration where nothing else is said. */
const RUNS = 200;

/** Cases that all machines judge: each falsification four times, and as many honest ones. */
const CASES = 24;

interface Options {
  readonly windows: string;
  readonly class?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `touchstone calibrate`: measures by how much honest machines differ, and writes what follows into a manifest. */
export function addCalibrate(program: Command, host: Host): void {
  const command = program
    .command("calibrate <model>")
    .description("measure how far honest machines differ, and write the tolerances into the model's manifest");
  withSettings(command)
    .option("--windows <count>", "honest runs of 512 tokens; half of them try what the others set", `${RUNS}`)
    .option("--class <name>", "name of the backend class; made from machines and quantisation where left out")
    .option("--dry-run", "write nothing")
    .option("--json", "write JSON")
    .action(async (reference: string, options: Options & Readonly<Record<string, unknown>>) => {
      const settings = await readSettings(host, options);
      const model = await resolveModel(reference, settings);
      const file = path.join(path.dirname(model.path), MANIFEST);
      if (!options.dryRun) {
        await requireManifest(file, model);
      }
      const machines = await findMachines(settings, model);
      const calibration = await run(host, model, machines, options);
      const verification = verificationOf(model, machines, calibration, options);
      const manifest = { ...model.manifest, verification };
      if (!options.dryRun) {
        await writeFile(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
      }
      const result = { model: modelId(manifest), machines, verification, tried: calibration.tried };
      options.json ? sayJson(host, result) : tell(host, result);
    });
}

/** A file alone has no manifest to write to: its model id follows from its bytes. */
async function requireManifest(file: string, { manifest }: ResolvedModel): Promise<void> {
  const written = await readFile(file, "utf8").catch(() => "{}");
  if ((JSON.parse(written) as { name?: unknown }).name !== manifest.name) {
    const sentence = `There is no manifest of ${manifest.name} at ${file}: name a folder that has one, or add --dry-run.`;
    throw new NodeError("MODEL_UNSUPPORTED", sentence, { details: { file } });
  }
}

async function findMachines(settings: Settings, model: ResolvedModel): Promise<FoundMachine[]> {
  const folder = path.join(settings.dataDir, "cache", "builds");
  return await tellApart(await machinesAtHand(await findCpuBinaries(), settings.gpu, folder), model);
}

async function run(host: Host, model: ResolvedModel, machines: readonly FoundMachine[], { windows }: Options) {
  const runs = Number(windows);
  if (!Number.isInteger(runs) || runs < 2) {
    throw new NodeError("CONFIG_INVALID", "--windows must be a whole number of at least 2.", { details: { windows } });
  }
  let done = 0;
  const onStep = () => {
    done += 1;
    host.stderr.write(host.isTerminal ? `\r${done} of ${CASES + runs} ` : "");
  };
  const calibration = await calibrate(model, machines, { runs, cases: CASES, set: "calibrate", onStep });
  host.stderr.write(host.isTerminal ? "\n" : "");
  return calibration;
}

function verificationOf(
  { manifest }: ResolvedModel,
  machines: readonly FoundMachine[],
  { tolerances, tried }: Calibration,
  { class: name }: Options,
): Verification {
  const gpus = machines.filter(({ gpu }) => gpu !== "cpu").map(({ gpu }) => gpu);
  const devices = ["cpu", ...new Set(gpus)].join("+");
  const backendClass = name ?? `llama.cpp-${devices}-${manifest.quantisation.toLowerCase()}`;
  const { windows, over: falsePositives } = tried;
  return { backendClass, traceKind: TRACE_KIND, tolerances, calibration: { windows, falsePositives } };
}

interface Result {
  readonly model: string;
  readonly machines: readonly FoundMachine[];
  readonly verification: Verification;
  readonly tried: Calibration["tried"];
}

function tell(host: Host, { model, machines, verification, tried }: Result): void {
  const { tolerances, backendClass } = verification;
  const names = machines.map(({ name, same }) => (same.length === 0 ? name : `${name} (as ${same.join(", ")})`));
  const rows = [
    ["class", backendClass],
    ...names.map((name, index) => [index === 0 ? "machines" : "", name]),
    ...Object.entries(tolerances).map(([name, value]) => [name, String(value)]),
    ["false positives", `${tried.over} of ${tried.windows} windows of 50 tokens that set no threshold`],
    ["outliers", `${tried.far} of ${tried.words} words away from their panel's median`],
    ["model id", model],
  ];
  sayTable(host, rows);
  if (tried.over === 0) {
    const bound = (300 / tried.windows).toFixed(2);
    say(
      host,
      `A rate of more than ${bound} % is ruled out with 95 % confidence (rule of three); more --windows say more.`,
    );
  }
}
