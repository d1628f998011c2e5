import type { CaseStats, MarketStats, SlashStats } from "@touchstone/sdk";
import { Activity } from "lucide-react";
import { Chart } from "../../components/chart.tsx";
import { Empty } from "../../components/states.tsx";
import { Card } from "../../components/ui/card.tsx";
import { useToken } from "../../hooks/use-token.ts";
import { formatCount } from "../../lib/format.ts";
import { type Interval, meanPrice } from "../../lib/stats.ts";

/** Buckets side by side, oldest first, without gaps. */
export interface History {
  readonly jobs: readonly MarketStats[];
  readonly slashes: readonly SlashStats[];
  readonly cases: readonly CaseStats[];
}

interface ChartsProps {
  readonly history: History;
  readonly interval: Interval;
}

/** Volume, jobs, price, audits and slashes over time. */
export function HistoryCharts(props: ChartsProps) {
  const { jobs, cases } = props.history;
  const isQuiet =
    jobs.every(({ posted, settled, refunded }) => posted + settled + refunded === 0) &&
    cases.every(({ opened, closed }) => opened + closed === 0);
  if (isQuiet) {
    return (
      <Empty icon={Activity} title="Nothing happened in this time">
        Nobody posted a job, and none ended. Look further back, or wait for the next.
      </Empty>
    );
  }
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <VolumeChart {...props} />
      <JobsChart {...props} />
      <PriceChart {...props} />
      <AuditsChart {...props} />
      <SlashesChart {...props} />
    </div>
  );
}

const spanOf = (interval: Interval) => (interval === "hour" ? "each hour (UTC)" : "each day (UTC)");

function VolumeChart({ history: { jobs }, interval }: ChartsProps) {
  const unit = useToken();
  return (
    <Card>
      <Chart
        label={`Volume ${spanOf(interval)}: prices of settled jobs`}
        interval={interval}
        points={jobs.map(({ timestamp, volume }) => ({ at: timestamp, values: { volume } }))}
        series={[{ key: "volume", name: "Volume" }]}
        unit={unit}
      />
    </Card>
  );
}

function JobsChart({ history: { jobs }, interval }: ChartsProps) {
  const posted = jobs.reduce((total, one) => total + one.posted, 0);
  return (
    <Card>
      <Chart
        label={`Jobs ${spanOf(interval)}, by how they ended`}
        interval={interval}
        points={jobs.map(({ timestamp, settled, refunded }) => ({ at: timestamp, values: { settled, refunded } }))}
        series={[
          { key: "settled", name: "Settled" },
          { key: "refunded", name: "Refunded", tone: "bad" },
        ]}
        summary={`Posted: ${formatCount(posted)}.`}
      />
    </Card>
  );
}

function PriceChart({ history: { jobs }, interval }: ChartsProps) {
  const unit = useToken();
  const points = jobs.map((bucket) => ({ at: bucket.timestamp, values: { price: meanPrice(bucket) } }));
  const series = [{ key: "price", name: "Mean price" }];
  const label = `Mean price of a settled job ${spanOf(interval)}`;
  return (
    <Card>
      <Chart kind="line" {...{ label, interval, points, series }} unit={unit} />
    </Card>
  );
}

function AuditsChart({ history: { cases }, interval }: ChartsProps) {
  const opened = cases.reduce((total, one) => total + one.opened, 0);
  const points = cases.map(({ timestamp, closed, convictions }) => ({
    at: timestamp,
    values: { others: closed - convictions, convictions },
  }));
  return (
    <Card>
      <Chart
        label={`Audits ${spanOf(interval)}, by how they ended`}
        interval={interval}
        points={points}
        series={[
          { key: "others", name: "Without a conviction", tone: "muted" },
          { key: "convictions", name: "Convicted", tone: "bad" },
        ]}
        summary={`Opened: ${formatCount(opened)}.`}
      />
    </Card>
  );
}

function SlashesChart({ history: { slashes }, interval }: ChartsProps) {
  const unit = useToken();
  const points = slashes.map(({ timestamp, amount, burned }) => ({
    at: timestamp,
    values: { kept: amount - burned, burned },
  }));
  return (
    <Card className="lg:col-span-2">
      <Chart
        label={`Slashed ${spanOf(interval)}, of stakes and bonds`}
        interval={interval}
        points={points}
        series={[
          { key: "kept", name: "To clients, challengers and the pool", tone: "bad" },
          { key: "burned", name: "Burned", tone: "muted" },
        ]}
        unit={unit}
      />
    </Card>
  );
}
