import { cn } from "../../lib/cn.ts";

/** Holds the place of what is being read. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-md bg-raised", className)} />;
}
