import { useCallback, useEffect, useState } from "react";
import type { RequestFormat } from "../../lib/read-requests.ts";

/** A job that is being written. */
export interface Draft {
  readonly text: string;
  readonly format: RequestFormat;
  /** Of a CSV. */
  readonly column: string | undefined;
  /** The id of the model. */
  readonly model: string | undefined;
  /** As it was typed. */
  readonly maxTokens: string;
}

const KEY = "touchstone.job-draft";
const EMPTY: Draft = { text: "", format: "text", column: undefined, model: undefined, maxTokens: "128" };

/** The job that is being written: it outlives failures, other pages and a reload, as long as the tab is open. */
export function useDraft() {
  const [draft, setDraft] = useState<Draft>(load);
  useEffect(() => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(draft));
    } catch {
      // full or forbidden: it then lives as long as the page
    }
  }, [draft]);
  const change = useCallback((part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })), []);
  return { draft, change };
}

/** What is asked was bought: the next job begins with an empty page. */
export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // there was nothing to forget
  }
}

function load(): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}
