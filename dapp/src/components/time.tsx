import { useNow } from "../hooks/use-now.ts";
import { formatDuration, formatRelative } from "../lib/format.ts";

const MINUTE = 60;

/** A moment: how long ago, or how long until; the date itself when pointed at. Unix seconds. */
export function Time({ at }: { readonly at: number | undefined }) {
  const now = useNow(5);
  if (at === undefined) {
    return <span className="text-muted">–</span>;
  }
  const date = new Date(at * 1_000);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()} className="whitespace-nowrap">
      {formatRelative(at, now)}
    </time>
  );
}

/** What is left until a moment, counting down. Unix seconds. */
export function Countdown({ until, over = "now" }: { readonly until: number; readonly over?: string }) {
  const now = useNow(1);
  const left = until - now;
  if (left <= 0) {
    return <span>{over}</span>;
  }
  return (
    <time dateTime={`PT${left}S`} title={new Date(until * 1_000).toLocaleString()} className="whitespace-nowrap">
      {left > MINUTE ? formatDuration(left) : `${left} s`}
    </time>
  );
}
