import { Verdict } from "@touchstone/sdk/protocol";

/** How a verdict reads on a page. */
export interface VerdictWords {
  readonly name: string;
  /** Against the provider: bad; for it: good. */
  readonly tone: "neutral" | "good" | "bad" | "warn" | "gold";
  /** What it means for client and provider. */
  readonly meaning: string;
}

const WORDS: Readonly<Record<Verdict, VerdictWords>> = {
  [Verdict.None]: {
    name: "Not chosen",
    tone: "neutral",
    meaning: "The draw did not choose this job after all; it goes on as if there had been no case.",
  },
  [Verdict.Acquitted]: { name: "Acquitted", tone: "good", meaning: "The result stands, and the provider is paid." },
  [Verdict.Convicted]: {
    name: "Convicted",
    tone: "bad",
    meaning: "The result did not come from the model: the client was repaid and the provider slashed.",
  },
  [Verdict.Withheld]: {
    name: "Withheld",
    tone: "bad",
    meaning: "The provider did not show its data: the client was repaid and the provider slashed.",
  },
  [Verdict.Undecidable]: {
    name: "Undecidable",
    tone: "warn",
    meaning: "The seats' measurements lie too far apart: nobody was slashed, and the result stands.",
  },
  [Verdict.NoQuorum]: {
    name: "No quorum",
    tone: "warn",
    meaning: "Too few seats spoke: the client was repaid, and the provider paid from the fines of the absent.",
  },
  [Verdict.Moot]: { name: "Moot", tone: "neutral", meaning: "Another case had ended the job before." },
};

/** The words for a verdict, or for a case that is still open. */
export function verdictWords(verdict: Verdict, isOpen: boolean): VerdictWords {
  return isOpen
    ? {
        name: "Open",
        tone: "gold",
        meaning: "Validators are checking the result. Money stays where it is until they are done.",
      }
    : WORDS[verdict];
}
