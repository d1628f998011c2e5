import type { Case } from "./court.ts";
import { CaseStatus } from "./generated/enums.ts";

/** What the next steps of a case are in time for. Unix seconds; left out where it does not apply. */
export interface CaseTimes {
  /** A commit is in time before this. */
  readonly commitBy?: number;
  /** A reveal is in time from this on. */
  readonly revealFrom?: number;
  /** A reveal is in time before this; then the tier may be closed with the words that there are. */
  readonly revealBy?: number;
  /** An appeal against an acquittal is in time before this; then it may be closed. What is no acquittal may be closed at once. */
  readonly appealBy?: number;
}

/** When what may be done in a case, by the court's windows. The clock of a case that waits for an answer stands still. */
export function caseTimes(
  { status, tier, since }: Pick<Case, "status" | "tier" | "since">,
  windows: { readonly commitWindow: number; readonly revealWindow: number; readonly appealWindow: number },
): CaseTimes {
  switch (status) {
    case CaseStatus.Commit: {
      const commitBy = since + windows.commitWindow;
      return { commitBy, revealFrom: commitBy, revealBy: commitBy + windows.revealWindow };
    }
    case CaseStatus.Reveal:
      return { revealFrom: since, revealBy: since + windows.revealWindow };
    case CaseStatus.Revealed:
      return tier === 1 ? { appealBy: since + windows.appealWindow } : {};
    default:
      return {};
  }
}
