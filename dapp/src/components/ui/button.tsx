import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "../../lib/cn.ts";

const look = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium text-sm transition-colors disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-primary text-on-primary hover:bg-primary/88",
        outline: "border border-border bg-surface hover:bg-raised",
        ghost: "hover:bg-raised",
        danger: "border border-bad/45 bg-surface text-bad hover:bg-bad/8",
        link: "h-auto px-0 text-gold underline-offset-4 hover:underline",
      },
      size: { md: "h-9 px-4", sm: "h-8 px-3", icon: "size-9" },
    },
    defaultVariants: { variant: "outline", size: "md" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof look> {
  /** Renders its child, a link for example, as a button. */
  readonly asChild?: boolean;
  /** Something is under way: it cannot be pressed and says so. */
  readonly isBusy?: boolean;
}

export function Button({ className, variant, size, asChild, isBusy, children, disabled, ...rest }: ButtonProps) {
  const classes = cn(look({ variant, size }), variant === "link" && "h-auto px-0", className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button type="button" className={classes} disabled={disabled || isBusy} aria-busy={isBusy} {...rest}>
      {isBusy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}
