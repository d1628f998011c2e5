import { type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { Field } from "../../components/ui/field.tsx";
import { Input, Select } from "../../components/ui/input.tsx";
import type { Token } from "../../hooks/use-token.ts";
import { readAmount, writeAmount } from "../../lib/amount-input.ts";
import { type Demand, forecast } from "../../lib/forecast.ts";
import { ForecastResult } from "./forecast-result.tsx";
import type { Parameters } from "./use-console.ts";

/** What is assumed where the market tells nothing yet: a small machine. */
const ASSUMED_SPEED = 40;
const ASSUMED_PRICE = 500_000n;

export interface ForecastFormProps {
  readonly token: Token;
  readonly parameters: Parameters;
  readonly demand: Demand;
  /** Seconds; nothing where no job was paid yet. */
  readonly hold: number | undefined;
  readonly competitors: number;
  readonly marketPrice: bigint | undefined;
  readonly marketSpeed: number | undefined;
  readonly models: readonly { readonly id: Hex; readonly name: string }[];
  readonly model: Hex | undefined;
  readonly onModel: (model: Hex | undefined) => void;
}

/** One's own figures beside the market's. What was not typed is the market's. */
export function ForecastForm(props: ForecastFormProps) {
  const { token, parameters, marketPrice, marketSpeed, models, model, onModel } = props;
  const { decimals, symbol } = token;
  const [typed, setTyped] = useState<{ price?: string; speed?: string; hours?: string; stake?: string }>({});
  const texts = {
    price: typed.price ?? writeAmount(marketPrice ?? ASSUMED_PRICE, decimals),
    speed: typed.speed ?? String(Math.round(marketSpeed ?? ASSUMED_SPEED)),
    hours: typed.hours ?? "24",
    stake: typed.stake ?? writeAmount(parameters.minStake, decimals),
  };
  const price = readAmount(texts.price, { decimals, symbol });
  const stake = readAmount(texts.stake, { decimals, symbol, min: parameters.minStake, minIs: "the least stake" });
  const speed = readNumber(texts.speed, { most: 1_000_000, what: "tokens a second" });
  const hours = readNumber(texts.hours, { most: 24, what: "hours" });
  const bind = (name: keyof typeof texts) => ({
    value: texts[name],
    onChange: (value: string) => setTyped((before) => ({ ...before, [name]: value })),
  });
  return (
    <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)]">
      <div className="grid content-start gap-3 sm:grid-cols-2">
        <ModelField models={models} model={model} onModel={onModel} />
        <Figure
          label={`Your price (${symbol})`}
          hint="For a million tokens of text, some 750,000 words"
          error={price.error}
          {...bind("price")}
        />
        <Figure
          label="Your speed (tokens/s)"
          hint="Tokens of text, of all requests together"
          error={speed.error}
          {...bind("speed")}
        />
        <Figure label="Hours a day" hint="For how long your machine runs" error={hours.error} {...bind("hours")} />
        <Figure
          label={`Your stake (${symbol})`}
          hint="Yours again when you leave"
          error={stake.error}
          {...bind("stake")}
        />
      </div>
      {price.value !== undefined &&
        stake.value !== undefined &&
        speed.value !== undefined &&
        hours.value !== undefined && (
          <Result {...props} price={price.value} stake={stake.value} speed={speed.value} hours={hours.value} />
        )}
    </div>
  );
}

interface FigureProps {
  readonly label: string;
  readonly hint: ReactNode;
  readonly error: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Figure({ label, hint, error, value, onChange }: FigureProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

function readNumber(text: string, { most, what }: { readonly most: number; readonly what: string }) {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value > 0 && value <= most
    ? { value, error: undefined }
    : { value: undefined, error: `Type a number of ${what}, up to ${most.toLocaleString("en-US")}.` };
}

function ModelField({ models, model, onModel }: Pick<ForecastFormProps, "models" | "model" | "onModel">) {
  return (
    <Field label="Model" className="sm:col-span-2" hint="Demand and prices are counted for it alone.">
      {(control) => (
        <Select
          {...control}
          value={model ?? ""}
          onChange={({ target }) => onModel(target.value === "" ? undefined : (target.value as Hex))}
        >
          <option value="">All models</option>
          {models.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

interface OwnFigures {
  readonly price: bigint;
  readonly stake: bigint;
  readonly speed: number;
  readonly hours: number;
}

function Result({
  demand,
  hold,
  competitors,
  marketPrice,
  parameters,
  price,
  stake,
  speed,
  hours,
}: ForecastFormProps & OwnFigures) {
  const assumedHold = hold ?? parameters.minChallengeWindow;
  return (
    <ForecastResult
      demand={demand}
      competitors={competitors}
      marketPrice={marketPrice}
      hold={assumedHold}
      isHoldMeasured={hold !== undefined}
      parameters={parameters}
      result={forecast({
        demand,
        competitors,
        marketPrice,
        feeShare: parameters.feeShare,
        exposureShare: parameters.exposureShare,
        hold: assumedHold,
        price: price,
        tokensPerSecond: speed,
        hoursPerDay: hours,
        stake: stake,
      })}
    />
  );
}
