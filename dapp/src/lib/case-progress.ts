import type { GetCaseReturnType } from "@touchstone/sdk";
import { CaseStatus, FIRST_TIER_SEATS } from "@touchstone/sdk/protocol";

/** What an open case waits for. */
export interface CaseProgress {
  readonly sentence: string;
  /** When the time for it is over. Unix seconds. */
  readonly until: number | undefined;
  /** Whether the client may appeal now. */
  readonly mayAppeal?: boolean;
}

/** What decides about what comes next in a case. */
export interface CaseMoment extends Pick<GetCaseReturnType, "status" | "tier" | "times" | "positions"> {
  /** Whether the words of its first tier acquit. */
  readonly acquits: boolean;
  /** Until when the provider may answer what a seat demanded; nothing where no demand is open. Unix seconds. */
  readonly answerBy: number | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/** What happens next in a case and until when; nothing where it is over. */
export function caseProgress(moment: CaseMoment): CaseProgress | undefined {
  const { status, tier, times, acquits, answerBy, now } = moment;
  switch (status) {
    case CaseStatus.Pinned:
      return { sentence: `${tier === 1 ? "Three" : "Nine"} seats are being drawn by chance.`, until: undefined };
    case CaseStatus.Commit:
      return times.commitBy !== undefined && now >= times.commitBy ? revealing(moment) : committing(moment);
    case CaseStatus.Waiting:
      return {
        sentence:
          "A seat could not get the data and demands it on chain. The provider has to publish it, or is convicted.",
        until: answerBy,
      };
    case CaseStatus.Reveal:
      return revealing(moment);
    case CaseStatus.Revealed:
      return revealed(tier, acquits, times.appealBy, now);
    default:
      return undefined;
  }
}

function committing(moment: CaseMoment): CaseProgress {
  const sentence = `${shareOf(moment, "commitment")} seats have checked the result. They tell what they measured once all have, or when the time is over.`;
  return { sentence, until: moment.times.commitBy };
}

function revealing(moment: CaseMoment): CaseProgress {
  return { sentence: `${shareOf(moment, "word")} seats have told what they measured.`, until: moment.times.revealBy };
}

function revealed(tier: number, acquits: boolean, appealBy: number | undefined, now: number): CaseProgress {
  if (tier === 1 && acquits && appealBy !== undefined && now < appealBy) {
    const sentence =
      "The three seats found nothing wrong. The client may appeal, and nine others decide; else the provider is acquitted.";
    return { sentence, until: appealBy, mayAppeal: true };
  }
  const sentence =
    tier === 1 && !acquits
      ? "The first three seats do not clear the provider. Nine others are drawn next, and decide."
      : "All have spoken. The verdict follows in a moment.";
  return { sentence, until: undefined };
}

/** "2 of 3": how many seats of the tier that judges have done something. */
function shareOf({ tier, positions }: CaseMoment, what: "commitment" | "word"): string {
  const sitting = positions.filter(({ position }) => (tier === 1) === position < FIRST_TIER_SEATS);
  return `${sitting.filter((one) => one[what] !== undefined).length} of ${sitting.length}`;
}
