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
  demand: "This is your share of what buyers want. Your machine and your stake could serve more.",
  speed: "This is all that your machine can write. Buyers would take more.",
  stake: "This is all that your stake can back. With more of it you could take more jobs at the same time.",
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
        <Fact name="Earns your stake in">{paybackDays === undefined ? "–" : formatDays(paybackDays)}</Fact>
        <Fact name="Your machine could sell, a day">
          <Amount value={limits.speed} digits={2} />
        </Fact>
        <Fact name="Your stake could back, a day">
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
          Buyers go on as in the last {demand.days === 1 ? "day" : formatDays(demand.days)}: {formatCount(demand.jobs)}{" "}
          jobs paid, worth <Amount value={BigInt(Math.floor(demand.volumePerDay))} /> a day.
        </li>
        <li>
          {competitors === 0
            ? "Nobody else sells now."
            : `${formatCount(competitors)} other ${competitors === 1 ? "provider sells" : "providers sell"} now.`}{" "}
          {marketPrice !== undefined && (
            <>
              The usual price is <Amount value={marketPrice} />.{" "}
            </>
          )}
          At the same price all get the same number of jobs; who asks half as much gets four where the others get one.
        </li>
        <li>
          Your stake backs each job until it is paid, which takes {formatDuration(hold)}{" "}
          {isHoldMeasured ? "on average" : "at least"}. Jobs under way may cost{" "}
          {formatPercent(parameters.exposureShare / BASIS_POINTS)} of the stake together.
        </li>
        <li>The market keeps {formatPercent(parameters.feeShare / BASIS_POINTS, 1)} of each price.</li>
        <li>
          Live calls, validator seats, electricity and the gas of transactions are not counted. A wrong result costs
          stake.
        </li>
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
