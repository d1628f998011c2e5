import type { ComponentProps } from "react";
import { cn } from "../../lib/cn.ts";

/** A table that scrolls sideways in its own frame, so that the page never does. */
export function Table({ className, label, ...rest }: ComponentProps<"table"> & { readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="relative min-w-0 overflow-x-auto">
      <table className={cn("w-full border-collapse text-sm", className)} {...rest} />
    </section>
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn("whitespace-nowrap border-b px-3 py-2 text-left font-medium text-muted text-xs", className)}
      {...rest}
    />
  );
}

/** The head of a table whose columns have plain names. */
export function TableHead({ names }: { readonly names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <Th key={name}>{name}</Th>
        ))}
      </tr>
    </thead>
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return <td className={cn("whitespace-nowrap border-b px-3 py-2.5", className)} {...rest} />;
}

export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return <tr className={cn("hover:bg-raised/50 [&:last-child>td]:border-b-0", className)} {...rest} />;
}
