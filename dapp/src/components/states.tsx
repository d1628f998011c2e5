import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { explain } from "../lib/explain.ts";
import { Alert } from "./ui/alert.tsx";
import { Button } from "./ui/button.tsx";
import { Skeleton } from "./ui/skeleton.tsx";

export interface EmptyProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  /** Why there is nothing, and what to do about it. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** There is nothing to show, and that is no fault. */
export function Empty({ icon: Icon, title, children, actions }: EmptyProps) {
  return (
    <div className="grid justify-items-center gap-2 rounded-xl border border-dashed px-4 py-10 text-center">
      {Icon !== undefined && <Icon className="size-6 text-muted" aria-hidden />}
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-md text-muted text-sm">{children}</div>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** Rows that are being read. */
export function Loading({ rows = 3, label = "Reading" }: { readonly rows?: number; readonly label?: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-2">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that stand for nothing have nothing else
        <Skeleton key={row} className="h-10" />
      ))}
    </div>
  );
}

/** What could not be read, why, and a way to try again. */
export function Failed({ what, error, retry }: { what: string; error: unknown; retry?: () => unknown }) {
  const { title, sentence } = explain(error);
  return (
    <Alert
      tone="bad"
      title={`${what} could not be read. ${title}.`}
      actions={
        retry !== undefined && (
          <Button size="sm" onClick={() => void retry()}>
            Try again
          </Button>
        )
      }
    >
      {sentence}
    </Alert>
  );
}

/** As much of a TanStack query as a view needs. */
export interface QueryLike<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

export interface QueryViewProps<Data> {
  readonly query: QueryLike<Data>;
  /** What is read, as the start of a sentence: "The jobs". */
  readonly what: string;
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/** Shows a query in whichever state it is; data once read stays while a later reading fails. */
export function QueryView<Data>({ query, what, rows, children }: QueryViewProps<Data>) {
  if (query.data !== undefined) {
    return children(query.data);
  }
  if (query.error !== null && query.error !== undefined) {
    return <Failed what={what} error={query.error} retry={query.refetch} />;
  }
  return <Loading rows={rows} label={`${what}: reading`} />;
}
