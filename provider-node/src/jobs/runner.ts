import type { Hex } from "viem";
import type { Head } from "../chain/head.ts";
import type { ChainEvent } from "../chain/watcher.ts";
import type { Clock } from "../clock.ts";
import { isFatal } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { accept } from "../stages/accept.ts";
import { answer } from "../stages/answer.ts";
import type { Stage, StageContext, StageResult } from "../stages/context.ts";
import { decline } from "../stages/decline.ts";
import { execute } from "../stages/execute.ts";
import { fetch } from "../stages/fetch.ts";
import { fulfil } from "../stages/fulfil.ts";
import { open } from "../stages/open.ts";
import { settle } from "../stages/settle.ts";
import { submit } from "../stages/submit.ts";
import type { JobRow } from "../store/jobs.ts";
import type { Terms } from "../terms.ts";
import { eventOfFailure } from "./failure.ts";
import type { Intake } from "./intake.ts";
import type { Judge } from "./judge.ts";
import { type Duty, deadlineOf, dutyOf, isBeforeAccept, isEngaged, type Moment, statusOf } from "./machine.ts";

/** How a runner works. */
export interface RunnerOptions {
  readonly context: StageContext;
  readonly intake: Intake;
  readonly judge: Judge;
  readonly terms: Pick<Terms, "isDrained">;
  readonly head: Head;
  /** Jobs that are executed at once. */
  readonly concurrency: number;
  /** Blocks that a step must be deep; 1 is the newest block. */
  readonly confirmations: number;
  /** Whether the node settles its jobs itself. */
  readonly settles: boolean;
  readonly pollIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when the node is to stop; what it has promised is finished first. */
  readonly drain: AbortSignal;
}

const STAGES: Readonly<Record<Exclude<Duty, "settle">, Stage>> = {
  fetch,
  accept,
  execute,
  submit,
  fulfil,
  open,
  answer,
  decline,
};

const MAX_BACKOFF_MS = 10_000;
/** What landed should be told of by then; if not, the stage looks at the chain again. */
const MAX_TELLING_MS = 30_000;
/** Jobs in one settlement: some 25,000 gas each. */
const MAX_SETTLED_AT_ONCE = 200;

/** Until when a job rests: a block that tells of it, or a while, whichever is first. */
interface Hold {
  readonly block: number;
  readonly ms: number;
}

/** Moves jobs on: finds what each needs, runs the stage, stores what it learned. Rows are all it remembers. */
export class Runner {
  readonly #options: RunnerOptions;
  /** Jobs that a stage works on. */
  readonly #busy = new Map<Hex, Duty>();
  readonly #holds = new Map<Hex, Hold>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #fatal = Promise.withResolvers<never>();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /**
   * Works until it drains: once the signal aborts nothing new is promised, and it is over when all promises are kept.
   *
   * @throws NodeError that is fatal.
   */
  async run(events: AsyncIterable<ChainEvent>): Promise<void> {
    await Promise.race([this.#follow(events), this.#tick(), this.#fatal.promise]);
  }

  /** Resolves when no stage is at work. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#tasks]);
  }

  /** Where the machine stands now. */
  moment(): Moment {
    const { head, confirmations } = this.#options;
    return { now: head.now(), head: head.block?.number ?? 0, confirmations };
  }

  /** Starts whatever can be started, the most urgent first. */
  pump(): void {
    const { head, context } = this.#options;
    if (!head.isSynced || context.signal.aborted) {
      return;
    }
    this.#forgetHolds();
    const moment = this.moment();
    const idle = context.store.jobs.active().filter(({ id }) => !this.#busy.has(id) && !this.#isHeld(id));
    const due = idle.flatMap((job) => {
      const duty = this.#dutyOf(job, moment);
      return duty === undefined ? [] : [{ job, duty, deadline: deadlineOf(job.state, job.spec) ?? 0 }];
    });
    for (const { job, duty } of due.sort((a, b) => a.deadline - b.deadline)) {
      if (duty !== "settle" && this.#hasRoom(duty)) {
        this.#start(duty, [job]);
      }
    }
    const settling = due.filter(({ duty }) => duty === "settle").map(({ job }) => job);
    if (settling.length > 0 && this.#hasRoom("settle")) {
      this.#start("settle", settling.slice(0, MAX_SETTLED_AT_ONCE));
    }
  }

  async #follow(events: AsyncIterable<ChainEvent>): Promise<void> {
    for await (const event of events) {
      this.#options.intake.take(event);
      if (event.type === "reorg") {
        this.#holds.clear();
      }
      this.pump();
    }
  }

  async #tick(): Promise<void> {
    const { clock, pollIntervalMs, context } = this.#options;
    while (!this.#isDrained()) {
      this.pump();
      await clock.sleep(pollIntervalMs, context.signal);
    }
  }

  /** A node that drains, or was drained by its owner, finishes what it has promised, and promises nothing more. */
  #dutyOf({ state, spec }: JobRow, moment: Moment): Duty | undefined {
    const { drain, settles, terms } = this.#options;
    const isPromised = state.origin === "ordered" || !isBeforeAccept(state);
    const duty = (drain.aborted || terms.isDrained) && !isPromised ? undefined : dutyOf(state, spec, moment);
    return (duty === "settle" || duty === "open") && !settles ? undefined : duty;
  }

  #isDrained(): boolean {
    const { context, head, drain } = this.#options;
    if (!drain.aborted || this.#busy.size > 0) {
      return false;
    }
    if (!head.isSynced) {
      return true; // What was promised before this start goes on after the next.
    }
    const moment = this.moment();
    const isOwed = (job: JobRow) =>
      isEngaged(job.state, job.spec, moment.now) || this.#isHeld(job.id) || this.#dutyOf(job, moment) !== undefined;
    return !context.store.jobs.active().some(isOwed);
  }

  #forgetHolds(): void {
    for (const id of [...this.#holds.keys()].filter((held) => !this.#isHeld(held))) {
      this.#holds.delete(id);
    }
  }

  #isHeld(id: Hex): boolean {
    const hold = this.#holds.get(id);
    const { head, clock } = this.#options;
    return hold !== undefined && (head.block?.number ?? 0) < hold.block && clock.now() < hold.ms;
  }

  /** The model is shared by few jobs, and one settlement at a time takes all that are due. */
  #hasRoom(duty: Duty): boolean {
    const alike = [...this.#busy.values()].filter((other) => other === duty).length;
    const most = duty === "execute" ? this.#options.concurrency : duty === "settle" ? 1 : Number.POSITIVE_INFINITY;
    return alike < most;
  }

  #start(duty: Duty, jobs: readonly JobRow[]): void {
    for (const { id } of jobs) {
      this.#busy.set(id, duty);
      this.#holds.delete(id);
    }
    const task = this.#work(duty, jobs)
      .then(
        (result) => this.#learn(duty, jobs, result),
        (error: unknown) => this.#stumble(duty, jobs, error),
      )
      .finally(() => {
        for (const { id } of jobs) {
          this.#busy.delete(id);
        }
        this.#tasks.delete(task);
        this.pump();
      })
      .catch((error: unknown) => this.#fatal.reject(error));
    this.#tasks.add(task);
  }

  async #work(duty: Duty, jobs: readonly JobRow[]): Promise<StageResult> {
    const { context, judge } = this.#options;
    if (duty === "settle") {
      return settle(context, jobs);
    }
    const [job] = jobs as [JobRow];
    if (statusOf(job.state) === "open") {
      // Before the fetch what can be known without the input; before the accept all of it, and the capacity is kept.
      const candidate = { ...job, kind: "posted" } as const;
      const refusal =
        duty === "accept" ? await judge.take(candidate, job.spec.acceptBy) : await judge.refusalOf(candidate);
      if (refusal !== undefined) {
        throw refusal;
      }
    }
    return STAGES[duty](context, job);
  }

  #learn(duty: Duty, jobs: readonly JobRow[], result: StageResult): void {
    const { context, head, clock, pollIntervalMs, logger } = this.#options;
    for (const { id } of jobs) {
      if ("event" in result) {
        context.store.jobs.apply(id, result.event);
      } else {
        const block = result.onChain.block ?? Number.POSITIVE_INFINITY;
        const patience = result.onChain.block === undefined ? 2 * pollIntervalMs : MAX_TELLING_MS;
        this.#holds.set(id, { block, ms: clock.now() + patience });
      }
      logger.info("stage done", { job: id, duty, head: head.block?.number });
    }
  }

  /** @throws the error, if the node must stop. */
  #stumble(duty: Duty, jobs: readonly JobRow[], error: unknown): void {
    const { context, judge, clock, pollIntervalMs, logger } = this.#options;
    if (isFatal(error)) {
      throw error;
    }
    if (context.signal.aborted) {
      return;
    }
    for (const { id } of jobs) {
      judge.release(id);
      const job = context.store.jobs.get(id);
      const event = job && eventOfFailure(error, duty, job);
      const attempts = (job?.attempts ?? 0) + 1;
      if (event === undefined) {
        context.store.jobs.setAttempts(id, attempts);
      } else {
        context.store.jobs.apply(id, event);
      }
      const backoff = Math.min(pollIntervalMs * 2 ** attempts, MAX_BACKOFF_MS);
      this.#holds.set(id, { block: Number.POSITIVE_INFINITY, ms: clock.now() + backoff });
      logger.warn("stage failed", { job: id, duty, attempts, becomes: event?.type ?? "retry", error });
    }
  }
}
