import { zeroAddress } from "viem";
import { JobStatus, Outcome } from "../../protocol/generated/enums.ts";
import type { EventArgs, Handlers } from "./events.ts";
import { accountOf, credit, knownJob, modelOf, providerOf } from "./rows.ts";
import type { JobRow, Place, ProviderRow } from "./state.ts";
import { countJob } from "./statistics.ts";

/** The life of jobs. Mirrors `Jobs` and `Agreements`. */
export const jobHandlers = {
  JobPosted(state, args, place) {
    credit(state, args.client, -args.price);
    state.market.jobs += 1;
    state.market.openJobs += 1;
    modelOf(state, args.model).jobs += 1;
    const job = state.jobs.editOr(args.id, () => newJob(args, place));
    countJob(state, job, { posted: 1 }, place);
  },
  JobAccepted(state, { id, provider, verified }, place) {
    const job = knownJob(state, id);
    Object.assign(job, { status: JobStatus.Accepted, provider, verified, acceptedAt: place.timestamp });
    state.market.openJobs -= 1;
    providerOf(state, provider, place).jobs += 1;
    accountOf(state, provider).exposure += job.price;
  },
  JobSubmitted(state, { id, resultRoot }, { block, timestamp }) {
    const change = { status: JobStatus.Submitted, resultRoot, submitBlock: block, submittedAt: timestamp };
    Object.assign(knownJob(state, id), change);
  },
  JobLocked(state, { id }) {
    knownJob(state, id).status = JobStatus.InCase;
  },
  JobReleased(state, { id }) {
    knownJob(state, id).status = JobStatus.Submitted;
  },
  JobSettled(state, { id, provider, outcome, paid, fee }, place) {
    const volume = paid + fee;
    const job = knownJob(state, id);
    Object.assign(job, { status: JobStatus.Settled, outcome, endedAt: place.timestamp, paid, fee });
    const account = accountOf(state, provider);
    account.exposure -= volume;
    account.balance += paid;
    account.fees += fee;
    const seller = providerOf(state, provider, place);
    seller[outcome === Outcome.Completed ? "completed" : "unverified"] += 1;
    seller.earned += paid;
    modelOf(state, job.model).volume += volume;
    state.market.volume += volume;
    state.market.fees += fee;
    countJob(state, job, { settled: 1, volume, paid, fees: fee }, place);
  },
  JobRefunded(state, { id, provider, outcome, refund, penalty }, place) {
    const job = knownJob(state, id);
    const status = outcome >= Outcome.Withheld ? JobStatus.Rejected : JobStatus.Refunded;
    Object.assign(job, { status, outcome, endedAt: place.timestamp, refund, penalty });
    credit(state, job.client, refund + penalty);
    if (provider === zeroAddress) {
      state.market.openJobs -= 1; // nobody had accepted
    } else {
      accountOf(state, provider).exposure -= refund;
      countRefund(providerOf(state, provider, place), outcome);
    }
    state.market.refunded += refund;
    state.market.penalties += penalty;
    countJob(state, job, { refunded: 1, penalties: penalty }, place);
  },
  /** It is no part of a job's life. */
  JobSkipped: () => undefined,
} satisfies Partial<Handlers>;

/** Where nobody could judge, the provider is not at fault. */
function countRefund(provider: ProviderRow, outcome: number): void {
  if (outcome === Outcome.Declined) {
    provider.declined += 1;
  } else if (outcome === Outcome.NoShow) {
    provider.noShows += 1;
  } else if (outcome === Outcome.Withheld || outcome === Outcome.Rejected) {
    provider.rejected += 1;
  }
}

function newJob(args: EventArgs<"JobPosted">, { timestamp, isAfterDraw }: Place): JobRow {
  const { provider, ...spec } = args;
  return {
    ...spec,
    provider: provider === zeroAddress ? undefined : provider,
    status: JobStatus.Open,
    outcome: Outcome.None,
    isOrder: isAfterDraw,
    ...{ verified: undefined, resultRoot: undefined, submitBlock: undefined },
    ...{ postedAt: timestamp, acceptedAt: undefined, submittedAt: undefined, endedAt: undefined },
    ...{ paid: 0n, fee: 0n, refund: 0n, penalty: 0n },
    steps: [],
  };
}
