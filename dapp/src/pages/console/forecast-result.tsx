import { Amount } from "../../components/amount.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { type Demand, ENOUGH_DAYS, ENOUGH_JOBS, type Forecast } from "../../lib/forecast.ts";
import { formatCount, formatDuration, formatPercent } from "../../lib/format.ts";
import type { Parameters } from "./use-console.ts";

const BASIS_POINTS = 10_000;
const DAY = 86_400;
const YEAR = 365;

const BOUND_BY = {
  demand: "Your share of the demand sets the bound: your machine and stake could serve more.",
  speed: "Your machine sets the bound: buyers would take more than it can write.",
  stake: "Your stake sets the bound: more of it would let you take more jobs at once.",
} as const;

export interface ForecastResultProps {
  readonly result: Forecast;
  readonly demand: Demand;
  readonly competitors: number;
  readonly marketPrice: bigint | undefined;
  /** Seconds. */
  readonly hold: number;
  readonly isHoldMeasured: boolean;
  readonly parameters: Parameters;
}

/** The forecast, what sets its bound, and what it assumes. */
export function ForecastResult(props: ForecastResultProps) {
  const { result, demand } = props;
  const { jobsPerDay, earningsPerDay, limits, paybackDays, bound } = result;
  return (
    <div className="grid content-start gap-4">
      {demand.isThin && (
        <Alert tone="warn" title={demand.jobs === 0 ? "No job was paid here lately" : "Too little to go by"}>
          {demand.jobs === 0
            ? "There is no demand to measure yet, so the forecast is nothing. Live calls are not counted."
            : `${formatCount(demand.jobs)} paid jobs in ${formatDays(demand.days)} are few. From ${ENOUGH_JOBS} jobs in ${ENOUGH_DAYS} days on, the figures start to mean something.`}
        </Alert>
      )}
      <div aria-live="polite" className="grid gap-1">
        <p className="text-muted text-sm">You might earn</p>
        <p className="font-semibold text-3xl tracking-tight">
          <Amount value={earningsPerDay} /> <span className="font-normal text-base text-muted">a day</span>
        </p>
        <p className="text-muted text-sm">{demand.jobs > 0 && BOUND_BY[bound]}</p>
      </div>
      <Facts>
        <Fact name="Jobs a day">{jobsPerDay < 10 ? jobsPerDay.toFixed(1) : formatCount(Math.round(jobsPerDay))}</Fact>
        <Fact name="Stake earned back in">{paybackDays === undefined ? "–" : formatDays(paybackDays)}</Fact>
        <Fact name="Machine allows, a day">
          <Amount value={limits.speed} digits={2} />
        </Fact>
        <Fact name="Stake allows, a day">
          <Amount value={limits.stake} digits={0} />
        </Fact>
      </Facts>
      <Assumptions {...props} />
    </div>
  );
}

function Assumptions({ demand, competitors, marketPrice, hold, isHoldMeasured, parameters }: ForecastResultProps) {
  return (
    <details className="text-muted text-sm" open>
      <summary className="font-medium text-foreground">What this assumes</summary>
      <ul className="mt-2 grid list-disc gap-1 pl-5">
        <li>
          Buyers go on as in the last {formatDays(demand.days)}: {formatCount(demand.jobs)} jobs paid, worth{" "}
          <Amount value={BigInt(Math.floor(demand.volumePerDay))} /> a day.
        </li>
        <li>
          {competitors === 0
            ? "Nobody else sells"
            : `You share it with ${formatCount(competitors)} active ${competitors === 1 ? "provider" : "providers"}`}
          {marketPrice !== undefined && (
            <>
              , {competitors > 1 ? "of whom the middle one asks" : "at"} <Amount value={marketPrice} /> for a million
              tokens written
            </>
          )}
          . At the same price you get the same share; at half of it four times the weight.
        </li>
        <li>
          A job's price lies on the stake for {formatDuration(hold)},{" "}
          {isHoldMeasured ? "the mean of recent jobs" : "the least that a job may have"}; jobs under way may reach{" "}
          {formatPercent(parameters.exposureShare / BASIS_POINTS)} of the stake.
        </li>
        <li>The market keeps {formatPercent(parameters.feeShare / BASIS_POINTS, 1)} of each price.</li>
        <li>Live calls, seats, electricity and gas are not counted. A wrong result costs stake.</li>
      </ul>
    </details>
  );
}

/** A span of days, as roughly as it is known: `14 h`, `12 days`, `3.4 years`. */
function formatDays(days: number): string {
  if (days < 1) {
    return formatDuration(days * DAY);
  }
  return days < 2 * YEAR
    ? `${formatCount(Math.round(days))} ${Math.round(days) === 1 ? "day" : "days"}`
    : `${(days / YEAR).toFixed(1)} years`;
}
