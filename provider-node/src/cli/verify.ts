import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type JudgedCase, judgeEvidence, type KeptReceipt, type VerifyResultReturnType } from "@touchstone/sdk";
import {
  ContentError,
  decodeEvidence,
  encodeEvidence,
  encodeWord,
  RECEIPT,
  type ResultEvidence,
} from "@touchstone/sdk/protocol";
import type { Command } from "commander";
import { type Hex, isAddressEqual } from "viem";
import type { Settings } from "../config.ts";
import { NodeError } from "../errors.ts";
import { testSequentially } from "../verify/sequential.ts";
import type { Finding } from "../verify/word-of.ts";
import type { Host } from "./host.ts";
import { readKeptReceipts } from "./kept-receipts.ts";
import { marketClient } from "./market.ts";
import { say, sayJson, sayTable } from "./output.ts";
import { withModels } from "./own-models.ts";
import { readSettings, withSettings } from "./settings.ts";
import { checkReceipts, tellReceipts } from "./verify-receipts.ts";

/** What the exit code of `touchstone verify` says. */
const VERDICT_EXIT = { confirmed: 0, plausible: 0, refuted: 1, unjudged: 2 } as const;

const JOB_ID = /^0x[0-9a-f]{64}$/i;

type Options = Readonly<Record<string, unknown>>;
type Verified = VerifyResultReturnType<Finding>;

/** `touchstone verify`: checks what a provider answered, by hashes alone or with the model. */
export function addVerify(program: Command, host: Host, setExitCode: (code: number) => void): void {
  const command = program
    .command("verify <result>")
    .description(
      "check the result of a job, by its id or as a file of --save (compared with the chain if --market is given); or receipts of calls, as a file that the SDK keeps",
    )
    .addHelpText("after", "\nExit code: 0 in order, 1 it speaks against the provider, 2 it could not be judged.");
  withSettings(command)
    .option("--full", "run the model too: it must be among `models`")
    .option("--save <file>", "keep all that it takes to judge: nodes delete what is old")
    .option("--json", "write JSON")
    .action(async (result: string, options: Options) => {
      try {
        const verdict = await verify(host, result, options);
        setExitCode(VERDICT_EXIT[verdict]);
      } catch (error) {
        // Not being able to judge says nothing about the provider: never the code of a refuted result.
        const { message, code } = error as { readonly message?: string; readonly code?: string };
        host.stderr.write(`${message ?? String(error)}${code === undefined ? "" : ` (${code})`}\n`);
        setExitCode(VERDICT_EXIT.unjudged);
      }
    });
}

async function verify(host: Host, result: string, options: Options): Promise<keyof typeof VERDICT_EXIT> {
  const settings = await readSettings(host, options);
  const isJob = JOB_ID.test(result);
  const text = isJob ? "" : await readFile(path.resolve(host.cwd, result), "utf8");
  const receipts = readKeptReceipts(text);
  const judging = options.full === true;
  if (receipts !== undefined && options.save !== undefined) {
    throw new NodeError("CONFIG_INVALID", "--save keeps results of jobs: keep the file of the receipts itself.");
  }
  if (receipts !== undefined) {
    return tellReceipts(host, await verifyReceipts(host, settings, receipts, judging), options);
  }
  const evidence = isJob
    ? await fetchEvidence(settings, result as Hex)
    : await compared(settings, decodeEvidence(text));
  if (typeof options.save === "string") {
    await writeFile(path.resolve(host.cwd, options.save), encodeEvidence(evidence));
  }
  const verified = judging
    ? await withModels(host, settings, async (judgeOf) => judgeEvidence(evidence, await judgeOf(evidence)))
    : await judgeEvidence<Finding>(evidence);
  tell(host, verified, options);
  return verified.verdict;
}

function verifyReceipts(host: Host, settings: Settings, receipts: readonly KeptReceipt[], judging: boolean) {
  return judging
    ? withModels(host, settings, (judgeOf) => checkReceipts(settings, receipts, judgeOf))
    : checkReceipts(settings, receipts);
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
    const client = marketClient({ ...settings, market });
    const isReceipt = evidence.spec.flags === RECEIPT;
    const { frozen } = isReceipt ? await client.getReceipt({ job }) : await client.getJob({ job });
    if (frozen?.resultRoot !== root || frozen.provider !== evidence.provider || frozen.verified !== evidence.verified) {
      const sentence = `The file is not about the result that was posted for job ${job}. It says nothing about the provider.`;
      throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { job, root } });
    }
  }
  return evidence;
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
