import { caseItems } from "../protocol/case-walk.ts";
import type { Fault, ItemClaim } from "../protocol/claim.ts";
import { checkEvidence, claimsOf, type ResultEvidence } from "../protocol/evidence.ts";
import { TRACE_ENTRY_BYTES } from "../protocol/generated/constants.ts";
import type { Tolerances } from "../protocol/tolerances.ts";
import { isOver, type Word } from "../protocol/word.ts";
import { type FetchEvidenceErrorType, type FetchEvidenceParameters, fetchEvidence } from "./fetch-evidence.ts";
import type { ReadClient } from "./internal/clients.ts";

/** What a model of one's own finds of a few items. */
export interface ResultFinding {
  readonly word: Word;
  readonly faults: readonly Fault[];
}

/** A model of one's own: `touchstone` has one that runs llama.cpp; any function will do. */
export interface ResultJudge<Finding extends ResultFinding = ResultFinding> {
  /** Of the model's manifest. */
  readonly tolerances: Tolerances;
  /** Holds claims against the model, as many as one case would. */
  judge(claims: readonly ItemClaim[]): Promise<Finding>;
}

export type VerifyResultParameters = FetchEvidenceParameters & {
  /** What was fetched before: nothing is asked of any server. */
  readonly evidence?: ResultEvidence | undefined;
  /** For a full check. Without it, the check is light: hashes, roots, and claims that contradict themselves. */
  readonly judge?: ResultJudge | undefined;
};

/** Items that one case would cover, and what a model finds of them. */
export interface JudgedCase<Finding> {
  /** In order; a client may challenge the first. */
  readonly items: readonly number[];
  readonly finding: Finding;
  readonly isRefuted: boolean;
}

/** What a check says of a result. */
export interface VerifyResultReturnType<Finding extends ResultFinding = ResultFinding> {
  /**
   * `refuted` if it speaks against the provider. `confirmed` if a model agrees within its tolerances. `plausible` if the
   * check was light: nothing speaks against the provider that can be seen without the model.
   */
  readonly verdict: "confirmed" | "plausible" | "refuted";
  /** Contradictions that show without any tolerance. */
  readonly faults: readonly Fault[];
  /** What the model found, all items once, as the court would split them; none of a light check. */
  readonly cases: readonly JudgedCase<Finding>[];
  readonly evidence: ResultEvidence;
}

export type VerifyResultErrorType = FetchEvidenceErrorType;

/**
 * Verifies a submitted result. Throws where it cannot judge, for example because nobody has the bytes any more: that
 * says nothing about the provider.
 *
 * @example
 * const { verdict, faults } = await client.verifyResult({ job });
 */
export async function verifyResult(
  client: ReadClient,
  parameters: VerifyResultParameters,
): Promise<VerifyResultReturnType> {
  const { evidence = await fetchEvidence(client, parameters), judge } = parameters;
  return await judgeEvidence(evidence, judge);
}

/** As {@link verifyResult}, of evidence at hand: needs no chain and no server. */
export async function judgeEvidence<Finding extends ResultFinding = ResultFinding>(
  evidence: ResultEvidence,
  judge?: ResultJudge<Finding>,
): Promise<VerifyResultReturnType<Finding>> {
  const light = await checkEvidence(evidence, judge === undefined ? undefined : true);
  if (light.length > 0 || judge === undefined) {
    return { verdict: light.length > 0 ? "refuted" : "plausible", faults: light, cases: [], evidence };
  }
  const claims = claimsOf(evidence);
  const cases: JudgedCase<Finding>[] = [];
  for (const items of splitIntoCases(evidence)) {
    const finding = await judge.judge(items.map((item) => claims[item] as ItemClaim));
    const isRefuted = finding.faults.length > 0 || isOver(finding.word, judge.tolerances);
    cases.push({ items, finding, isRefuted });
  }
  const faults = cases.flatMap(({ finding }) => finding.faults);
  const verdict = cases.some(({ isRefuted }) => isRefuted) ? "refuted" : "confirmed";
  return { verdict, faults, cases, evidence };
}

/** Every item once, in the walks of cases that follow each other. */
function splitIntoCases({ items }: ResultEvidence): number[][] {
  const entries = items.map(({ trace }) => trace.length / TRACE_ENTRY_BYTES);
  const cases: number[][] = [];
  for (let start = 0; start < items.length; start += cases.at(-1)?.length ?? 1) {
    cases.push(caseItems(entries, start).filter((item) => item >= start));
  }
  return cases;
}
