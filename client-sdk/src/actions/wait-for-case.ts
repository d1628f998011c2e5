import { CaseError, TouchstoneError } from "../errors.ts";
import { CaseStatus } from "../protocol/generated/enums.ts";
import { type GetCaseReturnType, getCase } from "./get-case.ts";
import { type CaseReference, idOfCase } from "./internal/case-state.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import { pause } from "./internal/pause.ts";
import type { ReadErrorType } from "./internal/transact.ts";

/** What to wait for: `seated` (seats check), `revealed` (all words are told), `closed` (there is a verdict). */
export type CaseMilestone = "seated" | "revealed" | "closed";

export type WaitForCaseParameters = WithHistory &
  CaseReference & {
    readonly until: CaseMilestone;
    /** Told at first and whenever the status changed. */
    readonly onProgress?: ((status: CaseStatus) => void) | undefined;
    /** Told of failures of the RPC server; the wait goes on. */
    readonly onError?: ((error: TouchstoneError) => void) | undefined;
    /** Ends the wait with the signal's reason. */
    readonly signal?: AbortSignal | undefined;
    /** Ends the wait with `CASE_WAIT_TIMEOUT`. Default: never. */
    readonly timeoutMs?: number | undefined;
    /** Milliseconds between looks. Default: the client's. */
    readonly pollingInterval?: number | undefined;
  };

export type WaitForCaseReturnType = GetCaseReturnType;

export type WaitForCaseErrorType = ReadErrorType | CaseError;

const REACHED: Readonly<Record<CaseMilestone, readonly CaseStatus[]>> = {
  seated: [CaseStatus.Commit, CaseStatus.Waiting, CaseStatus.Reveal, CaseStatus.Revealed],
  revealed: [CaseStatus.Revealed],
  closed: [CaseStatus.Closed],
};

/**
 * Waits until a case, in whichever tier it is, gets somewhere. Nothing happens in a case by itself: somebody must call
 * `seatPanel` and `closeCase`, as the nodes that take seats do. A case that is not opened yet is waited for.
 *
 * @throws CaseError `CASE_ENDED` where the case was closed before, `CASE_WAIT_TIMEOUT`.
 * @example
 * const { ending } = await buyer.waitForCase({ job, until: "closed", timeoutMs: 3_600_000 });
 */
export async function waitForCase(
  client: ReadClient,
  parameters: WaitForCaseParameters,
): Promise<WaitForCaseReturnType> {
  const { market, until, signal, timeoutMs, pollingInterval = client.pollingInterval } = parameters;
  const id = idOfCase(parameters);
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const end = AbortSignal.any([signal, timeout].filter((one) => one !== undefined));
  let told: CaseStatus | undefined;
  for (;;) {
    try {
      const { status } = await readCourt(client, { market, functionName: "caseOf", args: [id] });
      if (status !== told) {
        told = status as CaseStatus;
        parameters.onProgress?.(told);
      }
      if (REACHED[until].includes(status as CaseStatus)) {
        return await getCase(client, { ...parameters, caseId: id });
      }
      if (status === CaseStatus.Closed) {
        throw new CaseError(
          "CASE_ENDED",
          `Case ${id} was closed before it was ${until}: read it with \`getCase\`.`,
          id,
        );
      }
    } catch (error) {
      if (!(error instanceof TouchstoneError && error.retryable)) {
        throw error;
      }
      parameters.onError?.(error);
    }
    await pause(pollingInterval, end);
    signal?.throwIfAborted();
    if (timeout?.aborted) {
      const sentence = `Case ${id} was not ${until} within ${timeoutMs} ms. It goes on: wait again.`;
      throw new CaseError("CASE_WAIT_TIMEOUT", sentence, id, { details: { until, timeoutMs } });
    }
  }
}
