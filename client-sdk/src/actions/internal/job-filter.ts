import { type Address, type Hex, isAddressEqual } from "viem";
import type { JobEvent } from "../../protocol/job-events.ts";
import type { ReadClient, WithHistory } from "./clients.ts";
import { readJobSummary } from "./job-state.ts";

/** Which jobs; what is left out does not matter. */
export interface JobCriteria {
  /** Only jobs of this client. */
  readonly client?: Address | undefined;
  /** Only jobs that name this provider or that it accepted. */
  readonly provider?: Address | undefined;
  /** Only jobs for this model. */
  readonly model?: Hex | undefined;
}

interface Parties {
  readonly client: Address;
  readonly model: Hex;
  /** As named, then as accepted. */
  readonly provider: Address;
}

/** Tells of events whether their job meets criteria; what an event does not say, it reads once from the job's history. */
export class JobFilter {
  readonly #client: ReadClient;
  readonly #query: WithHistory;
  readonly #criteria: JobCriteria;
  readonly #jobs = new Map<Hex, Parties>();

  constructor(client: ReadClient, { market, fromBlock, ...criteria }: WithHistory & JobCriteria) {
    this.#client = client;
    this.#query = { market, fromBlock };
    this.#criteria = criteria;
  }

  async matches(event: JobEvent): Promise<boolean> {
    const { client, provider, model } = this.#criteria;
    if (client === undefined && provider === undefined && model === undefined) {
      return true;
    }
    const parties = await this.#partiesOf(event);
    return (
      (client === undefined || isAddressEqual(parties.client, client)) &&
      (provider === undefined || isAddressEqual(parties.provider, provider)) &&
      (model === undefined || parties.model === model.toLowerCase())
    );
  }

  async #partiesOf(event: JobEvent): Promise<Parties> {
    const { job } = event;
    if (event.eventName === "JobPosted") {
      const { client, model, provider } = event.args;
      return this.#remember(job, { client, model, provider });
    }
    const known = this.#jobs.get(job) ?? (await this.#read(event));
    if (event.eventName === "JobAccepted") {
      return this.#remember(job, { ...known, provider: event.args.provider });
    }
    if (event.eventName === "JobSettled" || event.eventName === "JobRefunded") {
      this.#jobs.delete(job);
    }
    return known;
  }

  /** A job that was posted before the watch began. */
  async #read({ job, blockNumber }: JobEvent): Promise<Parties> {
    const { spec, frozen } = await readJobSummary(this.#client, { ...this.#query, job }, blockNumber);
    const { client, model } = spec;
    return this.#remember(job, { client, model, provider: frozen?.provider ?? spec.provider });
  }

  #remember(job: Hex, parties: Parties): Parties {
    this.#jobs.set(job, parties);
    return parties;
  }
}
