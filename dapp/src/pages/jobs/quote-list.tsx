import type { ListedProvider, Offer, RequestQuotesReturnType } from "@touchstone/sdk";
import type { Hex } from "viem";
import { Amount } from "../../components/amount.tsx";
import { Countdown } from "../../components/time.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { cn } from "../../lib/cn.ts";
import { estimateSeconds } from "../../lib/estimate.ts";
import { explain } from "../../lib/explain.ts";
import { formatDuration } from "../../lib/format.ts";

export interface QuoteListProps {
  readonly quotes: RequestQuotesReturnType;
  readonly providers: readonly ListedProvider[];
  readonly model: Hex;
  readonly size: { readonly items: number; readonly outputTokens: number };
  readonly chosen: Offer | undefined;
  readonly onChoose: (offer: Offer) => void;
}

/** What providers offer, the best first; one is chosen. */
export function QuoteList({ quotes: { offers, refusals }, chosen, onChoose, ...rest }: QuoteListProps) {
  return (
    <div className="grid gap-2">
      <fieldset className="grid gap-2">
        <legend className="sr-only">Offers</legend>
        {offers.map((offer, place) => (
          <OfferRow
            key={offer.provider}
            {...rest}
            offer={offer}
            isBest={place === 0}
            isChosen={offer.provider === chosen?.provider}
            onChoose={() => onChoose(offer)}
          />
        ))}
      </fieldset>
      {offers.length === 0 && (
        <Alert tone="warn" title="Nobody makes an offer now">
          Providers may be busy or asleep. Refresh in a while, or choose another model.
        </Alert>
      )}
      {refusals.length > 0 && (
        <details className="text-muted text-sm">
          <summary className="cursor-pointer">
            {refusals.length === 1 ? "One provider made none" : `${refusals.length} providers made none`}
          </summary>
          <ul className="mt-1 grid gap-1">
            {refusals.map(({ url, error }) => (
              <li key={url} className="break-words">
                {nameOf(rest.providers, url)}: {explain(error).sentence}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

interface OfferRowProps extends Pick<QuoteListProps, "providers" | "model" | "size"> {
  readonly offer: Offer;
  readonly isBest: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function OfferRow({ offer, providers, model, size, isBest, isChosen, onChoose }: OfferRowProps) {
  const card = providers.find(({ endpoint }) => endpoint === offer.url)?.card;
  const measured = card?.touchstone.models.find(({ id }) => id === model)?.measured;
  const seconds = estimateSeconds(measured, size);
  return (
    <label
      className={cn(
        "grid cursor-pointer grid-cols-[auto_1fr_auto] items-center gap-x-3 rounded-lg border p-3",
        isChosen ? "border-streak bg-raised/60" : "hover:bg-raised/50",
      )}
    >
      <input type="radio" name="offer" checked={isChosen} onChange={onChoose} className="accent-gold" />
      <span className="grid min-w-0 gap-0.5">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          <span className="truncate">{card?.name ?? offer.provider}</span>
          {isBest && <Badge tone="gold">Best price</Badge>}
        </span>
        <span className="text-muted text-xs">
          {seconds === undefined ? "Time unknown until measured" : `At most ${formatDuration(seconds)} of work`}
          {card !== undefined && <span className="whitespace-nowrap"> · {card.touchstone.region}</span>}
        </span>
      </span>
      <span className="grid justify-items-end gap-0.5">
        <Amount value={offer.price} digits={6} className="font-medium" />
        <span className="text-muted text-xs">
          holds <Countdown until={offer.validUntil} over="no longer" />
        </span>
      </span>
    </label>
  );
}

function nameOf(providers: readonly ListedProvider[], url: string): string {
  return providers.find(({ endpoint }) => endpoint === url)?.card.name ?? url;
}
