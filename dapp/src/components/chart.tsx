import { lazy, type ReactNode, Suspense } from "react";
import { chartDate } from "../lib/chart-date.ts";
import { type ChartUnit, type ChartValue, written } from "../lib/chart-values.ts";
import { cn } from "../lib/cn.ts";
import { Skeleton } from "./ui/skeleton.tsx";
import { Table, Td, Th, Tr } from "./ui/table.tsx";

/** Fetched when the first chart is shown: the library is larger than most pages. Where that fails, the table is left. */
const ChartPlot = lazy(async () => {
  const plot = await import("./chart-plot.tsx").catch(() => undefined);
  return { default: plot?.ChartPlot ?? NoPlot };
});

function NoPlot() {
  return <p className="text-muted text-sm">The chart could not be fetched. Its figures are in the table below.</p>;
}

/** One line or one colour of bars. */
export interface ChartSeries {
  /** Under which points have its value. */
  readonly key: string;
  /** For people: "Paid". */
  readonly name: string;
  readonly tone?: ChartTone;
}

export type ChartTone = "streak" | "muted" | "good" | "bad" | "warn";

/** Of the theme, so that both themes need no more. */
export const CHART_COLOURS: Readonly<Record<ChartTone, string>> = {
  streak: "var(--streak)",
  muted: "var(--control)",
  good: "var(--good)",
  bad: "var(--bad)",
  warn: "var(--warn)",
};

/** The values at one moment, by the keys of the series. */
export interface ChartPoint {
  /** Unix seconds: the start of the hour or day. */
  readonly at: number;
  readonly values: Readonly<Record<string, ChartValue | undefined>>;
}

export interface ChartProps {
  /** What it shows, as a sentence: its caption, and its name for who cannot see it. */
  readonly label: string;
  /** Oldest first, without gaps: see `fillBuckets`. One that lacks a value has none, which is not zero. */
  readonly points: readonly ChartPoint[];
  /** Bars of several series are stacked. */
  readonly series: readonly ChartSeries[];
  readonly kind?: "bar" | "line";
  readonly interval?: "hour" | "day";
  /** Of values that are amounts. */
  readonly unit?: ChartUnit | undefined;
  /** Words for values that are numbers, in the hint and the table. Default: the number. */
  readonly format?: (value: number) => string;
  /** A number at the axis, short. */
  readonly formatAxis?: (value: number) => string;
  /** Said in words below: the sum, the trend. */
  readonly summary?: ReactNode;
  readonly className?: string;
}

/** A value for people. */
export function inWords(value: ChartValue | undefined, { unit, format }: Pick<ChartProps, "unit" | "format">): string {
  if (value === undefined) {
    return "–";
  }
  return typeof value === "number" && format !== undefined ? format(value) : written(value, unit);
}

/** A chart over time, with its figures in words and, on demand, as a table. */
export function Chart(props: ChartProps) {
  const { label, points, series, summary, className } = props;
  if (points.every(({ values }) => Object.values(values).every((value) => Number(value ?? 0) === 0))) {
    return <Flat {...{ label, summary, className }} />;
  }
  return (
    <figure className={cn("grid min-w-0 gap-2", className)} aria-label={label}>
      <figcaption className="text-muted text-sm">{label}</figcaption>
      {series.length > 1 && <Legend series={series} />}
      <div aria-hidden className="h-56 min-w-0">
        <Suspense fallback={<Skeleton className="h-full" />}>
          <ChartPlot {...props} />
        </Suspense>
      </div>
      {summary !== undefined && <p className="text-sm">{summary}</p>}
      <details className="text-sm">
        <summary className="w-fit text-muted hover:text-foreground">As a table</summary>
        <ChartTable {...props} />
      </details>
    </figure>
  );
}

/** Nothing to draw. */
function Flat({ label, summary, className }: Pick<ChartProps, "label" | "summary" | "className">) {
  return (
    <figure className={cn("grid min-w-0 gap-2", className)} aria-label={label}>
      <figcaption className="text-muted text-sm">{label}</figcaption>
      <p className="text-sm">None in this time. {summary}</p>
    </figure>
  );
}

function Legend({ series }: Pick<ChartProps, "series">) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {series.map(({ key, name, tone = "streak" }) => (
        <li key={key} className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-xs" style={{ background: CHART_COLOURS[tone] }} />
          {name}
        </li>
      ))}
    </ul>
  );
}

function ChartTable({ label, points, series, interval = "day", unit, format }: ChartProps) {
  return (
    <div className="mt-2 max-h-72 overflow-y-auto">
      <Table label={label}>
        <thead>
          <tr>
            <Th>{interval === "day" ? "Day" : "Hour"}</Th>
            {series.map(({ key, name }) => (
              <Th key={key} className="text-right">
                {name}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map(({ at, values }) => (
            <Tr key={at}>
              <Td>{chartDate(at, interval)}</Td>
              {series.map(({ key }) => (
                <Td key={key} className="text-right">
                  {inWords(values[key], { unit, format })}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
