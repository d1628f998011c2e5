import type { Offer } from "@touchstone/sdk";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import type { Address, Hex } from "viem";
import { Amount } from "../../components/amount.tsx";
import { RequireWallet } from "../../components/require-wallet.tsx";
import { QueryView } from "../../components/states.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { cheapestEstimate, estimateSeconds, outputTokensOf } from "../../lib/estimate.ts";
import { formatDuration } from "../../lib/format.ts";
import type { ModelOnSale } from "../../lib/models-on-sale.ts";
import type { ReadRequests } from "../../lib/read-requests.ts";
import { BuyJob } from "./buy-job.tsx";
import { QuoteList } from "./quote-list.tsx";
import { useQuotes } from "./use-quotes.ts";

const DEFAULT_MAX_TOKENS = 128;

export interface OffersProps {
  readonly read: ReadRequests;
  readonly model: ModelOnSale;
  /** Whether the prompts can be sent as they are. */
  readonly isReady: boolean;
}

/** What the job costs: an estimate by the cards at first, then quotes that bind. */
export function Offers({ read: { requests }, model, isReady }: OffersProps) {
  return (
    <Card>
      <CardHeader title="For how much" />
      <div className="grid gap-3">
        <Estimate requests={requests} model={model} />
        <RequireWallet purpose="get offers that bind">
          {(wallet) => <Quotes {...{ wallet, requests, model, isReady }} />}
        </RequireWallet>
      </div>
    </Card>
  );
}

function Estimate({ requests, model }: { requests: ReadRequests["requests"]; model: ModelOnSale }) {
  if (requests.length === 0) {
    return <p className="text-muted text-sm">Write some prompts to see what they cost.</p>;
  }
  const size = { items: requests.length, outputTokens: outputTokensOf(requests, DEFAULT_MAX_TOKENS) };
  const times = model.terms.flatMap(({ measured }) => estimateSeconds(measured, size) ?? []);
  return (
    <p className="text-sm">
      About{" "}
      <Amount value={cheapestEstimate(model.terms, requests, DEFAULT_MAX_TOKENS)} digits={6} className="font-medium" />
      <span className="text-muted">
        {" "}
        and{" "}
        {times.length === 0 ? "a time that is unknown until measured" : `at most ${formatDuration(Math.min(...times))}`}
        , by what providers publish. Quotes say exactly.
      </span>
    </p>
  );
}

interface QuotesProps {
  readonly wallet: MarketWallet;
  readonly requests: ReadRequests["requests"];
  readonly model: ModelOnSale;
  readonly isReady: boolean;
}

function Quotes({ wallet, requests, model, isReady }: QuotesProps) {
  const [asked, setAsked] = useState<Hex>();
  const [provider, setProvider] = useState<Address>();
  const { root, query } = useQuotes({ wallet, model: model.id, requests, providers: model.providers, asked });
  if (!isReady || root === undefined || asked !== root) {
    return (
      <div className="grid gap-2">
        <Button variant="primary" disabled={!isReady} onClick={() => setAsked(root)}>
          Get offers
        </Button>
        <p className="text-muted text-xs">
          The prompts are sent to{" "}
          {model.providers.length === 1 ? "the provider" : `the ${model.providers.length} providers`} of this model, who
          read them to make an offer.
        </p>
      </div>
    );
  }
  const chosen: Offer | undefined =
    query.data?.offers.find((offer) => offer.provider === provider) ?? query.data?.offers[0];
  const size = { items: requests.length, outputTokens: outputTokensOf(requests, DEFAULT_MAX_TOKENS) };
  return (
    <div className="grid gap-3">
      <QueryView query={query} what="The offers" rows={2}>
        {(quotes) => (
          <QuoteList
            {...{ quotes, size, chosen }}
            providers={model.providers}
            model={model.id}
            onChoose={(offer) => setProvider(offer.provider)}
          />
        )}
      </QueryView>
      <Button size="sm" className="justify-self-start" onClick={() => void query.refetch()} isBusy={query.isFetching}>
        {!query.isFetching && <RefreshCw aria-hidden />}
        Refresh the offers
      </Button>
      {chosen !== undefined && <BuyJob offer={chosen} wallet={wallet} refresh={query.refetch} />}
    </div>
  );
}
