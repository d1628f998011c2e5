import type { ComponentProps, ReactNode } from "react";
import { cn } from "../../lib/cn.ts";

export function Card({ className, ...rest }: ComponentProps<"section">) {
  return <section className={cn("min-w-0 rounded-xl border bg-surface p-4 sm:p-5", className)} {...rest} />;
}

export interface CardHeaderProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Buttons at its end. */
  readonly actions?: ReactNode;
}

export function CardHeader({ title, description, actions }: CardHeaderProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
      <div className="grid gap-0.5">
        <h2 className="font-semibold">{title}</h2>
        {description !== undefined && <p className="max-w-prose text-muted text-sm">{description}</p>}
      </div>
      {actions}
    </div>
  );
}
