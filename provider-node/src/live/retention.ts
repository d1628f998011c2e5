/** The windows of a court that a case runs through, seconds. */
export interface CaseWindows {
  readonly commitWindow: number;
  readonly revealWindow: number;
  readonly appealWindow: number;
  readonly answerWindow: number;
}

/**
 * How long what a receipt is about must be at hand, in seconds from its issue: a payer brings it at the last moment, both
 * tiers judge, each after an answer that was demanded; and as long again, for whoever acts late.
 *
 * @param lifetime The court's `receiptLifetime`, seconds.
 */
export function evidenceSeconds(lifetime: number, windows: CaseWindows | undefined): number {
  if (windows === undefined) {
    return lifetime;
  }
  const { commitWindow, revealWindow, appealWindow, answerWindow } = windows;
  return lifetime + 2 * (2 * (answerWindow + commitWindow + revealWindow) + appealWindow);
}
