import { type Address, concatHex, type Hex, keccak256, numberToHex } from "viem";
import type { CourtLimits } from "../chain/court.ts";
import type { Head } from "../chain/head.ts";
import type { Clock } from "../clock.ts";
import { isFatal } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { CaseRow } from "../store/cases.ts";
import type { DossierRow } from "../store/dossiers.ts";
import { check } from "./check.ts";
import { doChore, openDrawn } from "./chores.ts";
import type { CaseFile, SeatContext, SeatedFile, SeatResult } from "./context.ts";
import { demand } from "./demand.ts";
import { awaitsDraw, frozenIn, lastOf } from "./dossier.ts";
import { eventOfFailure } from "./failure.ts";
import { fetch } from "./fetch.ts";
import { type Chore, choreOf, dutyOf, positionOf, type SeatDuty } from "./machine.ts";
import type { Recollection } from "./recall.ts";
import { type Sight, Sights } from "./sights.ts";
import { commit, reveal } from "./words.ts";

/** How a seat works. */
export interface SeatRunnerOptions {
  readonly context: SeatContext;
  /** The seat's account. */
  readonly account: Address;
  /** Its number; zero if the account has no seat (yet). */
  readonly seatOf: (account: Address) => Promise<number>;
  /** A job that was posted before this node began to watch. */
  readonly recall: (job: Hex) => Promise<Recollection | undefined>;
  readonly limits: CourtLimits;
  readonly head: Head;
  /** Blocks that a step must be deep; 1 is the newest block. */
  readonly confirmations: number;
  /** Chores that anyone may do are put off by up to so many seconds, so that not all seats do them at once. */
  readonly choreJitterSeconds: number;
  readonly pollIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when the node is to stop: nothing new is begun then. */
  readonly drain: AbortSignal;
}

const STAGES: Readonly<Record<SeatDuty, (context: SeatContext, file: SeatedFile) => Promise<SeatResult>>> = {
  fetch,
  check,
  demand,
  commit,
  reveal,
};

const MAX_BACKOFF_MS = 10_000;
/** What landed should be told of by then; if not, the stage looks at the chain again. */
const MAX_TELLING_MS = 30_000;
/** The model serves buyers besides. */
const CHECKS_AT_ONCE = 1;
const FETCHES_AT_ONCE = 4;

type Task = SeatDuty | Chore | "open" | "recall";

/** Something to do for a case or a job. */
interface Next {
  readonly task: Task;
  readonly work: () => Promise<SeatResult>;
}

/** Until when a case or job rests: a block that tells of it, or a while, whichever is first. */
interface Hold {
  readonly block: number;
  readonly ms: number;
}

/** Moves cases on: finds what each needs of this seat or of anyone, does it, stores what it learned. Rows are all it remembers. */
export class SeatRunner {
  readonly #options: SeatRunnerOptions;
  readonly #sights: Sights;
  readonly #busy = new Map<Hex, Task>();
  readonly #holds = new Map<Hex, Hold>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #fatal = Promise.withResolvers<never>();
  #seat = 0;
  #credit = 0n;
  #lookedAt: Hex | undefined;

  constructor(options: SeatRunnerOptions) {
    this.#options = options;
    this.#sights = new Sights(options);
  }

  /**
   * Works until the node is to stop and nothing is under way.
   *
   * @throws NodeError that is fatal.
   */
  async run(): Promise<void> {
    await Promise.race([this.#tick(), this.#fatal.promise]);
  }

  /** Resolves when no stage is at work. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#tasks]);
  }

  /** The seat's number; zero if the account has none. */
  get seat(): number {
    return this.#seat;
  }

  /** What the seat earned and did not claim yet when it was looked last, token units. */
  get credit(): bigint {
    return this.#credit;
  }

  /** Cases that are not over, by their phase; with `own`, only those that this seat judges. */
  casesByPhase({ own }: { readonly own: boolean }): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const row of this.#options.context.store.cases.all()) {
      const phase = this.#sights.of(row.id)?.phase;
      const isCounted = !own || positionOf(row.state, this.#seat) !== undefined;
      if (phase !== undefined && phase !== "closed" && phase !== "none" && isCounted) {
        counts[phase] = (counts[phase] ?? 0) + 1;
      }
    }
    return counts;
  }

  async #tick(): Promise<void> {
    const { clock, pollIntervalMs, context, drain, head, logger } = this.#options;
    while (!drain.aborted || this.#busy.size > 0) {
      if (head.isSynced && !drain.aborted) {
        await this.#look().catch((error: unknown) => {
          if (isFatal(error)) {
            throw error;
          }
          logger.debug("court not readable", { error });
        });
      }
      await clock.sleep(pollIntervalMs, context.signal);
    }
  }

  /** Looks at the court, then starts whatever can be started. */
  async #look(): Promise<void> {
    const { account, seatOf, context } = this.#options;
    this.#seat ||= await seatOf(account);
    const hash = this.#options.head.block?.hash;
    if (hash !== this.#lookedAt) {
      this.#credit = await context.court.creditOf(account);
      this.#lookedAt = hash;
    }
    const known = context.store.cases.all().filter(({ job }) => context.store.dossiers.get(job) !== undefined);
    await this.#sights.look(known.map(({ id }) => id));
    this.#pump();
  }

  #pump(): void {
    const { context, drain } = this.#options;
    if (this.#seat === 0 || drain.aborted || context.signal.aborted) {
      return;
    }
    const { cases, dossiers } = context.store;
    for (const row of cases.all().filter(({ id }) => this.#isIdle(id))) {
      this.#start(row.id, this.#nextOf(row));
    }
    for (const dossier of dossiers.all().filter(({ id }) => this.#isIdle(id))) {
      this.#start(dossier.id, this.#drawOf(dossier));
    }
  }

  /** What a case needs of this seat, or of anyone whose turn it is. */
  #nextOf(row: CaseRow): Next | undefined {
    const { context } = this.#options;
    const file = this.#fileOf(row);
    const position = positionOf(row.state, this.#seat);
    if (file === undefined) {
      const isUnknown = position !== undefined && context.store.dossiers.get(row.job) === undefined;
      return isUnknown ? { task: "recall", work: () => this.#recall(row) } : undefined;
    }
    const sight = this.#sights.of(row.id);
    if (sight === undefined) {
      return undefined;
    }
    const moment = { ...sight, position, isDemandOpen: sight.answerBy > 0, isDeep: this.#isDeep(sight) };
    const duty = dutyOf(row.state.work.name, moment);
    if (duty !== undefined && position !== undefined) {
      const seated = { ...file, seat: this.#seat, position, until: sight.until };
      return this.#hasRoom(duty) ? { task: duty, work: () => STAGES[duty](context, seated) } : undefined;
    }
    return this.#choreOf(file, sight);
  }

  #choreOf(file: CaseFile, sight: Sight): Next | undefined {
    const { context, head } = this.#options;
    const isMoot = lastOf(file.dossier.history, "repaid") !== undefined;
    const chore = choreOf({ ...sight, head: head.block?.number ?? 0, now: head.now(), isMoot });
    const isDue = chore !== undefined && this.#isMyTurn(file.row.id, sight);
    return isDue ? { task: chore, work: () => doChore(context, chore, file) } : undefined;
  }

  /** What a job needs whose draw nobody has looked at. */
  #drawOf(dossier: DossierRow): Next | undefined {
    const { context, head, limits } = this.#options;
    const submitted = lastOf(dossier.history, "submitted");
    const number = head.block?.number ?? 0;
    const isDecided = submitted !== undefined && number > submitted.block + limits.drawDelay;
    const isDue = isDecided && awaitsDraw(dossier.history) && this.#isMyTurn(dossier.id, submitted);
    return isDue ? { task: "open", work: () => openDrawn(context, dossier, number) } : undefined;
  }

  #isDeep({ block }: Sight): boolean {
    const { head, confirmations } = this.#options;
    return (head.block?.number ?? 0) - block + 1 >= confirmations;
  }

  #fileOf(row: CaseRow): CaseFile | undefined {
    const dossier = this.#options.context.store.dossiers.get(row.job);
    const frozen = dossier && frozenIn(dossier.spec, dossier.history);
    return dossier && frozen && { row, dossier, spec: dossier.spec, frozen };
  }

  /** Each seat waits another while before it does what any of them may do. */
  #isMyTurn(id: Hex, { at }: Pick<Sight, "at">): boolean {
    const { choreJitterSeconds, head } = this.#options;
    const hash = BigInt(keccak256(concatHex([id, numberToHex(this.#seat, { size: 4 })])));
    return head.now() >= at + Number(hash % BigInt(choreJitterSeconds + 1));
  }

  async #recall({ id, job }: CaseRow): Promise<SeatResult> {
    const { recall, context } = this.#options;
    const { store, engines } = context;
    const found = await recall(job);
    store.transaction(() => {
      if (found === undefined || !engines.has(found.spec.model)) {
        const message = "The case is about a job or a model that this node does not know.";
        store.cases.apply(id, { name: "failed", code: "MODEL_NOT_SERVED", message });
        return;
      }
      store.dossiers.add(job, found.spec);
      for (const fact of found.facts) {
        store.dossiers.note(job, fact);
      }
    });
    return { onChain: {} };
  }

  #hasRoom(duty: SeatDuty): boolean {
    const alike = [...this.#busy.values()].filter((other) => other === duty).length;
    const most = duty === "check" ? CHECKS_AT_ONCE : duty === "fetch" ? FETCHES_AT_ONCE : Number.POSITIVE_INFINITY;
    return alike < most;
  }

  #isIdle(id: Hex): boolean {
    const hold = this.#holds.get(id);
    const { head, clock } = this.#options;
    const isHeld = hold !== undefined && (head.block?.number ?? 0) < hold.block && clock.now() < hold.ms;
    if (hold !== undefined && !isHeld) {
      this.#holds.delete(id);
    }
    return !isHeld && !this.#busy.has(id);
  }

  #start(id: Hex, next: Next | undefined): void {
    if (next === undefined) {
      return;
    }
    const { task, work } = next;
    this.#busy.set(id, task);
    const done = work()
      .then(
        (result) => this.#learn(id, task, result),
        (error: unknown) => this.#stumble(id, task, error),
      )
      .finally(() => {
        this.#busy.delete(id);
        this.#tasks.delete(done);
      })
      .catch((error: unknown) => this.#fatal.reject(error));
    this.#tasks.add(done);
  }

  #learn(id: Hex, task: Task, result: SeatResult): void {
    const { context, head, clock, pollIntervalMs, logger } = this.#options;
    if ("event" in result) {
      context.store.cases.apply(id, result.event);
    } else if ("restUntil" in result) {
      const ms = clock.now() + Math.max(1, result.restUntil - head.now()) * 1000;
      this.#holds.set(id, { block: Number.POSITIVE_INFINITY, ms });
    } else {
      const { block = Number.POSITIVE_INFINITY } = result.onChain;
      const patience = result.onChain.block === undefined ? 2 * pollIntervalMs : MAX_TELLING_MS;
      this.#holds.set(id, { block, ms: clock.now() + patience });
    }
    this.#sights.forget(id); // What was seen may be behind what was done.
    logger.info("seat did", { id, task, head: head.block?.number });
  }

  /** @throws the error, if the node must stop. */
  #stumble(id: Hex, task: Task, error: unknown): void {
    const { context, clock, pollIntervalMs, logger } = this.#options;
    if (isFatal(error)) {
      throw error;
    }
    if (context.signal.aborted) {
      return;
    }
    const row = context.store.cases.get(id);
    const attempts = (row?.attempts ?? 0) + 1;
    const event = row && eventOfFailure(error);
    if (event === undefined) {
      context.store.cases.setAttempts(id, attempts);
    } else {
      context.store.cases.apply(id, event);
    }
    const backoff = Math.min(pollIntervalMs * 2 ** attempts, MAX_BACKOFF_MS);
    this.#holds.set(id, { block: Number.POSITIVE_INFINITY, ms: clock.now() + backoff });
    logger.warn("seat failed", { id, task, attempts, becomes: event?.name ?? "retry", error });
  }
}
