import { Area, AreaChart, Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { chartDate } from "../lib/chart-date.ts";
import type { ChartPoint, ChartProps, ChartTone } from "./chart.tsx";

/** Of the theme, so that both themes need no more. */
const COLOURS: Readonly<Record<ChartTone, string>> = {
  streak: "var(--streak)",
  muted: "var(--control)",
  good: "var(--good)",
  bad: "var(--bad)",
  warn: "var(--warn)",
};

const TICK = { fill: "var(--muted)", fontSize: 11 } as const;
const HINT = {
  background: "var(--surface)",
  border: "1px solid var(--border)",
  borderRadius: 8,
  color: "var(--foreground)",
  fontSize: 12,
} as const;

const readerOf = (key: string) => (point: ChartPoint) => point.values[key] ?? 0;

/** The drawing of a chart. It stands still: figures do not arrive one by one. */
export function ChartPlot({ points, series, kind = "bar", interval = "day", format, formatAxis }: ChartProps) {
  const Frame = kind === "bar" ? BarChart : AreaChart;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Frame data={[...points]} accessibilityLayer={false} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="at"
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: "var(--border)" }}
          minTickGap={24}
          tickFormatter={(at: number) => chartDate(at, interval)}
        />
        <YAxis tick={TICK} tickLine={false} axisLine={false} width={48} tickFormatter={formatAxis ?? format} />
        <Tooltip
          contentStyle={HINT}
          cursor={{ fill: "var(--raised)", stroke: "var(--border)" }}
          itemStyle={{ color: "var(--foreground)" }}
          isAnimationActive={false}
          labelFormatter={(at) => chartDate(Number(at), interval)}
          formatter={(value, name) => [format?.(Number(value)) ?? String(value), name]}
        />
        {series.map(({ key, name, tone = "streak" }) => {
          const common = { name, dataKey: readerOf(key), fill: COLOURS[tone], isAnimationActive: false } as const;
          return kind === "bar" ? (
            <Bar key={key} {...common} stackId="all" maxBarSize={36} />
          ) : (
            <Area key={key} {...common} type="linear" stroke={COLOURS[tone]} strokeWidth={2} fillOpacity={0.14} />
          );
        })}
      </Frame>
    </ResponsiveContainer>
  );
}
