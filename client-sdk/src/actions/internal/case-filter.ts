import type { Hex } from "viem";
import type { CaseEvent } from "../../protocol/case-events.ts";
import { readCaseRecord } from "./case-state.ts";
import type { ReadClient, WithHistory } from "./clients.ts";

interface CaseCriteria {
  readonly caseId?: Hex | undefined;
  readonly job?: Hex | undefined;
}

/** Tells of events whether their case meets criteria; the job of a case opened before the watch it reads once. */
export class CaseFilter {
  readonly #client: ReadClient;
  readonly #query: WithHistory;
  readonly #caseId: string | undefined;
  readonly #job: string | undefined;
  readonly #jobs = new Map<Hex, string>();

  constructor(client: ReadClient, { market, fromBlock, caseId, job }: WithHistory & CaseCriteria) {
    this.#client = client;
    this.#query = { market, fromBlock };
    this.#caseId = caseId?.toLowerCase();
    this.#job = job?.toLowerCase();
  }

  async matches(event: CaseEvent): Promise<boolean> {
    if (this.#caseId !== undefined && event.caseId !== this.#caseId) {
      return false;
    }
    return this.#job === undefined || (await this.#jobOf(event)) === this.#job;
  }

  async #jobOf(event: CaseEvent): Promise<string> {
    if ("job" in event.args) {
      this.#jobs.set(event.caseId, event.args.job);
      return event.args.job;
    }
    const known = this.#jobs.get(event.caseId);
    if (known !== undefined) {
      return known;
    }
    const { job } = await readCaseRecord(this.#client, this.#query, event.caseId, event.blockNumber);
    this.#jobs.set(event.caseId, job);
    return job;
  }
}
