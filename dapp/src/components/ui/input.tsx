import type { ComponentProps } from "react";
import { cn } from "../../lib/cn.ts";

const look =
  "w-full rounded-md border border-control bg-surface px-3 text-sm placeholder:text-muted disabled:opacity-55 aria-invalid:border-bad";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(look, "h-9", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(look, "min-h-20 py-2", className)} {...rest} />;
}

/** The platform's own list: it works with every keyboard, reader and phone. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={cn(look, "h-9 pr-8", className)} {...rest} />;
}
