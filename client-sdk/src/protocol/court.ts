import type { Address, Hex } from "viem";
import type { CaseStatus } from "./generated/enums.ts";

/** A case as the court stores it. */
export interface Case {
  readonly status: CaseStatus;
  /** 1: three seats, who may only acquit. 2: nine fresh seats, of whom six convict. */
  readonly tier: number;
  /** One bit a position: 0 to 2 sit in tier one, 3 to 11 in tier two. */
  readonly committed: number;
  readonly revealed: number;
  /** When the status came about. Unix seconds. */
  readonly since: number;
  /** The block whose hash draws the panel. */
  readonly anchor: number;
  /** The first item that the case is about. */
  readonly startItem: number;
  /** What seats demand next: the item so many after the first, and which chunk of it. */
  readonly nextItem: number;
  readonly nextChunk: number;
  /** Demands for data so far. */
  readonly demands: number;
  /** Tokens that their answers covered. */
  readonly answeredTokens: number;
  /** What the client put down. Token units. */
  readonly bond: bigint;
}

/** One validator. */
export interface Seat {
  /** Its cold account, whose operator keys in the market act for the seat. */
  readonly owner: Address;
  /** Token units. */
  readonly stake: bigint;
}

/** A place on a panel; it never moves. */
export interface PanelSlot {
  readonly seat: number;
  /** Unix seconds. */
  readonly joinedAt: number;
  /** Unix seconds; zero while the seat serves. */
  readonly leftAt: number;
  /** When the panel got this slot. Unix seconds. */
  readonly createdAt: number;
}

/** An open demand for data. */
export interface Demand {
  readonly job: Hex;
  readonly demander: Address;
  /** The provider answers before this. Unix seconds. */
  readonly answerBy: number;
  readonly item: number;
  /** 0: the request, the output and the first chunk of the trace. n: chunk n of the trace alone. */
  readonly chunk: number;
}

/** The bytes of an item, with proofs that they are those behind the job. */
export interface Answer {
  readonly outputHash: Hex;
  readonly traceRoot: Hex;
  /** From the result leaf to the job's result root. */
  readonly resultProof: readonly Hex[];
  /** From the input leaf to the job's input root; chunk 0 only. */
  readonly inputProof: readonly Hex[];
  /** From the trace leaf to the trace root; none where the trace is empty. */
  readonly traceProof: readonly Hex[];
  /** The exact bytes; chunk 0 only. */
  readonly request: Hex;
  readonly output: Hex;
  /** Which chunk `trace` is: the demanded one, or the last one where there are fewer. */
  readonly traceChunk: number;
  /** The chunk of the trace; empty where the trace is. */
  readonly trace: Hex;
}
