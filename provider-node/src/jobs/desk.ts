import type { JobProgress, ResultList, SignedOrder, SignedQuote, WireJobSpec } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";

/** What buyers may ask of the node's jobs over HTTP. Refusals are `NodeError`s whose `code` and sentence go to the buyer. */
export interface JobDesk {
  /** Offers to take a job on at a price: checks policy, input and capacity, then signs. */
  quote(template: WireJobSpec): Promise<SignedQuote>;
  /** Takes a signed order into work; it is stored before this resolves. */
  order(order: SignedOrder): Promise<{ readonly job: Hex }>;
  /** How far a job is, or nothing if this node does not know it. */
  progress(job: Hex): JobProgress | undefined;
  /** The leaves behind a submitted root, or nothing before. */
  results(job: Hex): ResultList | undefined;
  /** Whether an input may be shown to who has this token (`inputReadToken`), or none. */
  mayReadInput(input: Hex, token: Hex | undefined): boolean;
  /** Whether what came of a job may. */
  mayReadResults(job: Hex, token: Hex | undefined): boolean;
}
