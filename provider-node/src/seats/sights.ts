import PQueue from "p-queue";
import type { Hex } from "viem";
import type { CourtLimits } from "../chain/court.ts";
import type { Head } from "../chain/head.ts";
import type { SeatContext } from "./context.ts";
import { type CaseOnChain, type Phase, phaseOf } from "./machine.ts";

/** What the court showed of a case when it was looked at last. */
export interface Sight extends CaseOnChain {
  readonly phase: Phase;
  /** When the phase ends, if time ends it. Unix seconds. */
  readonly until: number;
  /** The open demand's deadline, unix seconds; zero if nobody demands. */
  readonly answerBy: number;
  /** The newest block when this phase was first seen. */
  readonly block: number;
  /** Chain time then, unix seconds. */
  readonly at: number;
}

/** What sights are taken with. */
export interface SightsOptions {
  readonly context: Pick<SeatContext, "court">;
  readonly limits: CourtLimits;
  readonly head: Head;
}

const PARALLEL = 8;

/** The cases as the court shows them, looked at anew with every block. A restart begins without any. */
export class Sights {
  readonly #options: SightsOptions;
  readonly #shown = new Map<Hex, { readonly onChain: CaseOnChain; readonly answerBy: number }>();
  readonly #phases = new Map<Hex, { readonly key: string; readonly block: number; readonly at: number }>();
  #hash: Hex | undefined;

  constructor(options: SightsOptions) {
    this.#options = options;
  }

  /** Looks at cases: at those that it has no sight of, and at all once there is a new block. */
  async look(ids: readonly Hex[]): Promise<void> {
    const { context, head } = this.#options;
    const { court } = context;
    const hash = head.block?.hash;
    const stale = hash === this.#hash ? ids.filter((id) => !this.#shown.has(id)) : ids;
    const queue = new PQueue({ concurrency: PARALLEL });
    await queue.addAll(
      stale.map((id) => async () => {
        const [onChain, { answerBy }] = await Promise.all([court.caseOf(id), court.demandOf(id)]);
        this.#shown.set(id, { onChain, answerBy });
      }),
    );
    this.#hash = hash;
    for (const id of [...this.#shown.keys()].filter((known) => !ids.includes(known))) {
      this.#shown.delete(id);
      this.#phases.delete(id);
    }
  }

  /** A case as it is now; nothing before it was looked at. */
  of(id: Hex): Sight | undefined {
    const { limits, head } = this.#options;
    const shown = this.#shown.get(id);
    if (shown === undefined) {
      return undefined;
    }
    const now = head.now();
    const { onChain, answerBy } = shown;
    const { phase, until } = phaseOf(onChain, limits, now);
    const key = `${phase}:${onChain.tier}:${onChain.since}`;
    const before = this.#phases.get(id);
    const begun = before?.key === key ? before : { key, block: head.block?.number ?? 0, at: now };
    this.#phases.set(id, begun);
    return { ...onChain, answerBy, phase, until, block: begun.block, at: begun.at };
  }

  /** Has a case looked at anew. */
  forget(id: Hex): void {
    this.#shown.delete(id);
  }
}
