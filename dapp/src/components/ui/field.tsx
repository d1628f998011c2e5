import { type ReactNode, useId } from "react";
import { cn } from "../../lib/cn.ts";

export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Why the value cannot be used, and how to mend it. */
  readonly error?: string | undefined;
  readonly className?: string;
  /** Makes the control; give it all that it is handed. */
  readonly children: (control: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ReactNode;
}

/** A labelled control with what helps to fill it in. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const isWrong = error !== undefined && error !== "";
  return (
    <div className={cn("grid content-start gap-1.5", className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children({ id, "aria-describedby": `${id}-hint`, "aria-invalid": isWrong })}
      <p id={`${id}-hint`} className={cn("min-h-4 text-xs", isWrong ? "text-bad" : "text-muted")}>
        {isWrong ? error : hint}
      </p>
    </div>
  );
}
