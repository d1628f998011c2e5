import { Verdict } from "@touchstone/sdk/protocol";

/** How a verdict reads on a page. */
export interface VerdictWords {
  readonly name: string;
  /** Against the provider: bad; for it: good. */
  readonly tone: "neutral" | "good" | "bad" | "warn" | "gold";
  /** The verdict as a headline. */
  readonly headline: string;
  /** What it means for client and provider. */
  readonly meaning: string;
}

const WORDS: Readonly<Record<Verdict, VerdictWords>> = {
  [Verdict.None]: {
    name: "Not chosen",
    tone: "neutral",
    headline: "Not chosen: there was nothing to try",
    meaning: "The draw did not choose this job after all; it goes on as if there had been no case.",
  },
  [Verdict.Acquitted]: {
    name: "Acquitted",
    tone: "good",
    headline: "Acquitted: the result stands",
    meaning: "It is what the model writes, as far as anybody can measure. The provider keeps its pay and its stake.",
  },
  [Verdict.Convicted]: {
    name: "Convicted",
    tone: "bad",
    headline: "Convicted: the provider is guilty",
    meaning: "The result did not come from the model. The client was repaid, and the provider lost stake.",
  },
  [Verdict.Withheld]: {
    name: "Withheld",
    tone: "bad",
    headline: "Convicted: the provider showed nothing",
    meaning: "It did not publish its data in time. The client was repaid, and the provider lost stake.",
  },
  [Verdict.Undecidable]: {
    name: "Undecidable",
    tone: "warn",
    headline: "No verdict: the seats do not agree",
    meaning: "Their measurements lie too far apart. Nobody lost stake for the result, and it stands.",
  },
  [Verdict.NoQuorum]: {
    name: "No quorum",
    tone: "warn",
    headline: "No verdict: too few seats spoke",
    meaning: "The client was repaid, and the provider paid from the fines of the absent.",
  },
  [Verdict.Moot]: {
    name: "Moot",
    tone: "neutral",
    headline: "Nothing left to decide",
    meaning: "Another case or demand had ended the job before.",
  },
};

const OPEN: VerdictWords = {
  name: "Open",
  tone: "gold",
  headline: "In court: there is no verdict yet",
  meaning: "Validators are checking the result. Money stays where it is until they are done.",
};

/** The words for a verdict, or for a case that is still open. */
export function verdictWords(verdict: Verdict, isOpen: boolean): VerdictWords {
  return isOpen ? OPEN : WORDS[verdict];
}
