/** What a check of `touchstone doctor` found. */
export interface Finding {
  /** What was looked at, such as `chain`. */
  readonly check: string;
  /** `problem`: the node cannot work so. `warning`: it can, but its operator should know. */
  readonly state: "ok" | "warning" | "problem";
  readonly message: string;
  /** How to put it right. */
  readonly mend?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, state: "ok", message };
}

export function warning(check: string, message: string, mend: string): Finding {
  return { check, state: "warning", message, mend };
}

export function problem(check: string, message: string, mend: string): Finding {
  return { check, state: "problem", message, mend };
}
