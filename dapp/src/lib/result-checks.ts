import { type Fault, inputRoot, jobId, type ResultEvidence, resultRoot, traceRoot } from "@touchstone/sdk/protocol";
import { keccak256 } from "viem";

/** One thing that was looked at, and whether it is as it must be. */
export interface ResultCheck {
  readonly name: string;
  readonly isPassed: boolean;
  /** What it means, or what is wrong. */
  readonly sentence: string;
}

/**
 * What a check of a result looked at, line by line: everything is hashed anew here, of the bytes that servers sent.
 *
 * @param faults What `verifyResult` found of the same evidence.
 */
export function resultChecks(evidence: ResultEvidence, faults: readonly Fault[]): ResultCheck[] {
  const { chainId, market, job, spec, provider, root, items } = evidence;
  const requests = inputRoot(items.map(({ request }) => keccak256(request)));
  const leaves = items.map(({ output, traceRoot }) => ({ outputHash: keccak256(output), traceRoot }));
  const answers = resultRoot({ job, provider, items: leaves });
  const traced = items.filter(({ trace }) => trace.length > 0);
  return [
    checkOf("Terms", jobId({ chainId, market, spec }) === job, "Price, model and deadlines make the id of this job."),
    checkOf(
      "Prompts",
      requests === spec.input,
      `${count(items.length, "prompt")} fit the root that the client committed to.`,
    ),
    checkOf(
      "Answers",
      answers === root,
      `${count(items.length, "answer")} fit the root that the provider posted on chain.`,
    ),
    checkOf(
      "Traces",
      items.every((item) => traceRoot(item.trace) === item.traceRoot),
      traced.length === 0
        ? "No item has a trace, and none was committed to."
        : `${count(traced.length, "trace")} fit the roots in the result.`,
    ),
    ...items.map((_, index) => itemCheck(index, faults)),
  ];
}

function checkOf(name: string, isPassed: boolean, sentence: string): ResultCheck {
  return { name, isPassed, sentence: isPassed ? sentence : "What the servers sent is not what was committed to." };
}

function itemCheck(index: number, faults: readonly Fault[]): ResultCheck {
  const found = faults.filter(({ item }) => item === index).map(({ message }) => message);
  const sentence = found.length === 0 ? "Text, tokens and limits do not contradict each other." : found.join(" ");
  return { name: `Item ${index + 1}`, isPassed: found.length === 0, sentence };
}

function count(number: number, noun: string): string {
  return number === 1 ? `The one ${noun}` : `All ${number.toLocaleString("en-US")} ${noun}s`;
}
