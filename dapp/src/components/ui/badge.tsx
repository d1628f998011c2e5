import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "../../lib/cn.ts";

const look = cva(
  "inline-flex items-center gap-1 whitespace-nowrap rounded-full border px-2 py-px font-medium text-xs",
  {
    variants: {
      tone: {
        neutral: "border-border text-muted",
        gold: "border-gold/40 text-gold",
        good: "border-good/40 text-good",
        bad: "border-bad/40 text-bad",
        warn: "border-warn/40 text-warn",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type Tone = NonNullable<VariantProps<typeof look>["tone"]>;

export function Badge({ className, tone, ...rest }: ComponentProps<"span"> & { readonly tone?: Tone }) {
  return <span className={cn(look({ tone }), className)} {...rest} />;
}
