import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type JudgedCase, judgeEvidence, type VerifyResultReturnType } from "@touchstone/sdk";
import {
  ContentError,
  decodeEvidence,
  encodeEvidence,
  encodeWord,
  type ResultEvidence,
} from "@touchstone/sdk/protocol";
import type { Command } from "commander";
import { type Hex, isAddressEqual } from "viem";
import type { Settings } from "../config.ts";
import { startBackend } from "../engine/backend.ts";
import { openLlamaEngine } from "../engine/llama.ts";
import { type ResolvedModel, resolveModel } from "../engine/models.ts";
import { NodeError } from "../errors.ts";
import { createLogger } from "../log.ts";
import { resultJudge } from "../verify/result-judge.ts";
import { testSequentially } from "../verify/sequential.ts";
import type { Finding } from "../verify/word-of.ts";
import type { Host } from "./host.ts";
import { marketClient } from "./market.ts";
import { say, sayJson, sayTable } from "./output.ts";
import { readSettings, withSettings } from "./settings.ts";

/** What the exit code of `touchstone verify` says. */
const VERDICT_EXIT = { inOrder: 0, refuted: 1, notJudged: 2 } as const;

const JOB_ID = /^0x[0-9a-f]{64}$/i;

type Options = Readonly<Record<string, unknown>>;
type Verified = VerifyResultReturnType<Finding>;

/** `touchstone verify`: checks what a provider answered, by hashes alone or with the model. */
export function addVerify(program: Command, host: Host, setExitCode: (code: number) => void): void {
  const command = program
    .command("verify <result>")
    .description(
      "check the result of a job, by its id or as a file of --save (compared with the chain if --market is given)",
    )
    .addHelpText("after", "\nExit code: 0 in order, 1 it speaks against the provider, 2 it could not be judged.");
  withSettings(command)
    .option("--full", "run the model too: it must be among `models`")
    .option("--save <file>", "keep all that it takes to judge: nodes delete what is old")
    .option("--json", "write JSON")
    .action(async (result: string, options: Options) => {
      try {
        const verified = await verify(host, result, options);
        tell(host, verified, options);
        setExitCode(verified.verdict === "refuted" ? VERDICT_EXIT.refuted : VERDICT_EXIT.inOrder);
      } catch (error) {
        // Not being able to judge says nothing about the provider: never the code of a refuted result.
        const { message, code } = error as { readonly message?: string; readonly code?: string };
        host.stderr.write(`${message ?? String(error)}${code === undefined ? "" : ` (${code})`}\n`);
        setExitCode(VERDICT_EXIT.notJudged);
      }
    });
}

async function verify(host: Host, result: string, options: Options): Promise<Verified> {
  const settings = await readSettings(host, options);
  const evidence = JOB_ID.test(result)
    ? await fetchEvidence(settings, result as Hex)
    : await compared(settings, decodeEvidence(await readFile(path.resolve(host.cwd, result), "utf8")));
  if (typeof options.save === "string") {
    await writeFile(path.resolve(host.cwd, options.save), encodeEvidence(evidence));
  }
  return options.full ? await judgeFully(host, settings, evidence) : await judgeEvidence<Finding>(evidence);
}

function fetchEvidence(settings: Settings, job: Hex): Promise<ResultEvidence> {
  const { market } = settings;
  if (market === undefined) {
    throw new NodeError("CONFIG_MISSING", "The settings name no market: give --market, or the file of a result.");
  }
  return marketClient({ ...settings, market }).fetchEvidence({ job });
}

/** A file is whoever's word: where the settings name its market, the chain is asked whether it holds what was posted. */
async function compared(settings: Settings, evidence: ResultEvidence): Promise<ResultEvidence> {
  const { job, market, root } = evidence;
  if (settings.market !== undefined && isAddressEqual(settings.market, market)) {
    const { frozen } = await marketClient({ ...settings, market }).getJob({ job });
    if (frozen?.resultRoot !== root || frozen.provider !== evidence.provider || frozen.verified !== evidence.verified) {
      const sentence = `The file is not about the result that was posted for job ${job}. It says nothing about the provider.`;
      throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { job, root } });
    }
  }
  return evidence;
}

async function judgeFully(host: Host, settings: Settings, evidence: ResultEvidence): Promise<Verified> {
  const logger = createLogger({ ...settings, logLevel: "warn", destination: host.stderr, isTerminal: host.isTerminal });
  const model = await findModel(settings, evidence.spec.model);
  const stop = new AbortController();
  const forget = host.onStopRequest(() => stop.abort(new NodeError("STOPPED", "The check was asked to stop.")));
  const llama = await startBackend({ gpu: settings.gpu, logger });
  try {
    const engine = await openLlamaEngine({ llama, model, threads: settings.threads, sequences: 1 });
    // Nobody else's word is compared with ours: any seed will do.
    return await judgeEvidence(evidence, resultJudge(engine, { wordSeed: evidence.job, signal: stop.signal }));
  } finally {
    forget();
    await llama.dispose();
  }
}

async function findModel(settings: Settings, id: Hex): Promise<ResolvedModel> {
  for (const reference of settings.models) {
    const model = await resolveModel(reference, settings);
    if (model.modelId === id) {
      return model;
    }
  }
  const sentence = `None of the models here is that of the job, ${id}. Name it with --models.`;
  throw new NodeError("MODEL_NOT_SERVED", sentence, { details: { model: id, models: settings.models } });
}

const VERDICTS: Readonly<Record<Verified["verdict"], string>> = {
  confirmed: "confirmed: the model agrees",
  plausible: "plausible: nothing speaks against it that shows without the model (--full)",
  refuted: "refuted: it speaks against the provider",
};

function tell(host: Host, verified: Verified, options: Options): void {
  const { verdict, faults, cases, evidence } = verified;
  const { job, provider, items } = evidence;
  if (options.json) {
    const told = cases.map((one) => ({ ...one, finding: undefined, ...findingOf(one) }));
    const level = options.full ? "full" : "light";
    sayJson(host, { job, provider, items: items.length, level, verdict, faults, cases: told });
    return;
  }
  sayTable(host, [
    ["job", job],
    ["provider", provider],
    ["items", String(items.length)],
    ["verdict", VERDICTS[verdict]],
  ]);
  for (const { item, code, message } of faults) {
    say(host, `item ${item}: ${message} (${code})`);
  }
  const rows = cases.filter(({ finding }) => finding.faults.length === 0).map(rowOf);
  if (rows.length > 0) {
    sayTable(host, rows, ["items", "tokens", "mismatches", "margin", "distance", "sequential test", "thresholds"]);
  }
}

function findingOf({ finding: { statistics, word, entries } }: JudgedCase<Finding>) {
  const sequential = testSequentially(entries.map(({ matches }) => matches));
  return { statistics, word: encodeWord(word), sequential };
}

function rowOf(one: JudgedCase<Finding>): string[] {
  const { statistics, sequential } = findingOf(one);
  const { tokens, mismatches, margin, distance } = statistics;
  return [
    one.items.join(" "),
    String(tokens),
    String(mismatches),
    margin.toExponential(2),
    distance.toFixed(4),
    sequential.decision,
    one.isRefuted ? "over" : "within",
  ];
}
