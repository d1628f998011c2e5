import { cn } from "../../lib/cn.ts";

export interface ProgressProps {
  /** From 0 to 1. */
  readonly value: number;
  readonly label: string;
  readonly className?: string;
}

export function Progress({ value, label, className }: ProgressProps) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cn("h-1.5 overflow-hidden rounded-full bg-raised", className)}
    >
      <div className="h-full rounded-full bg-streak" style={{ width: `${percent}%` }} />
    </div>
  );
}
