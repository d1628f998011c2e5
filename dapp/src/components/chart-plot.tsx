import { Area, AreaChart, Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { chartDate, chartTick } from "../lib/chart-date.ts";
import { axisMark, plotted } from "../lib/chart-values.ts";
import { CHART_COLOURS, type ChartPoint, type ChartProps, inWords } from "./chart.tsx";

const TICK = { fill: "var(--muted)", fontSize: 11 } as const;
const HINT = {
  background: "var(--surface)",
  border: "1px solid var(--border)",
  borderRadius: 8,
  color: "var(--foreground)",
  fontSize: 12,
} as const;

/** The drawing of a chart. It stands still: figures do not arrive one by one. */
export function ChartPlot(props: ChartProps) {
  const { points, series, kind = "bar", interval = "day", unit, format, formatAxis = axisMark } = props;
  const Frame = kind === "bar" ? BarChart : AreaChart;
  const readerOf = (key: string) => (point: ChartPoint) => {
    const value = point.values[key];
    return value === undefined ? null : plotted(value, unit);
  };
  const words = (point: ChartPoint, name: unknown) => {
    const key = series.find((one) => one.name === name)?.key ?? "";
    return inWords(point.values[key], { unit, format });
  };
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
          tickFormatter={(at: number) => chartTick(at, interval)}
        />
        <YAxis
          tick={TICK}
          tickLine={false}
          axisLine={false}
          width={56}
          allowDecimals={unit !== undefined || format !== undefined}
          tickFormatter={formatAxis}
        />
        <Tooltip
          contentStyle={HINT}
          cursor={{ fill: "var(--raised)", stroke: "var(--border)" }}
          itemStyle={{ color: "var(--foreground)" }}
          isAnimationActive={false}
          labelFormatter={(at) => chartDate(Number(at), interval)}
          formatter={(_, name, { payload }) => [words(payload as ChartPoint, name), name]}
        />
        {series.map(({ key, name, tone = "streak" }) => {
          const common = { name, dataKey: readerOf(key), fill: CHART_COLOURS[tone], isAnimationActive: false } as const;
          return kind === "bar" ? (
            <Bar key={key} {...common} stackId="all" maxBarSize={36} />
          ) : (
            <Area
              key={key}
              {...common}
              type="linear"
              stroke={CHART_COLOURS[tone]}
              strokeWidth={2}
              fillOpacity={0.14}
              dot={{ r: 3, fill: CHART_COLOURS[tone], fillOpacity: 1 }}
              connectNulls
            />
          );
        })}
      </Frame>
    </ResponsiveContainer>
  );
}
