import type { Offer } from "@touchstone/sdk";
import { useNavigate } from "react-router";
import { Amount } from "../../components/amount.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { FundButton } from "../../components/wallet/fund-button.tsx";
import { useMarketAccount } from "../../hooks/use-account.ts";
import { useAct } from "../../hooks/use-act.ts";
import { useNow } from "../../hooks/use-now.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { explain } from "../../lib/explain.ts";
import { forgetDraft } from "./use-draft.ts";

export interface BuyJobProps {
  readonly offer: Offer;
  readonly wallet: MarketWallet;
  /** Asks for new offers. */
  readonly refresh: () => unknown;
}

/** The last step: what is free in the market, and one confirmation. */
export function BuyJob({ offer, wallet, refresh }: BuyJobProps) {
  const navigate = useNavigate();
  const now = useNow();
  const { data: account } = useMarketAccount(wallet.account.address);
  const missing = account === undefined || account.balance >= offer.price ? 0n : offer.price - account.balance;
  const isOver = now >= offer.validUntil;
  const buy = useAct({
    name: "Post the job",
    run: () => wallet.postAcceptedJob({ quote: offer.quote }),
    done: "The job is posted, and its price is in escrow",
    onDone: ({ job }) => {
      forgetDraft();
      void navigate(`/jobs/${job}`);
    },
  });
  return (
    <div className="grid gap-3 border-t pt-3">
      <p className="flex flex-wrap justify-between gap-2 text-sm">
        <span className="text-muted">Free in the market</span>
        <Amount value={account?.balance} />
      </p>
      {missing > 0n && (
        <Alert
          tone="warn"
          title="Not enough in the market"
          actions={<FundButton amount={missing}>Add funds</FundButton>}
        >
          <Amount value={missing} digits={6} /> more is needed for this offer.
        </Alert>
      )}
      {buy.error !== null && !buy.isPending && (
        <Alert tone="bad" title={explain(buy.error).title}>
          {explain(buy.error).sentence} Your prompts are still here.
        </Alert>
      )}
      {isOver ? (
        <Button variant="primary" onClick={() => void refresh()}>
          The offer is over: get a new one
        </Button>
      ) : (
        <Button variant="primary" disabled={missing > 0n} isBusy={buy.isPending} onClick={() => buy.mutate()}>
          Buy for <Amount value={offer.price} digits={6} className="[&>span]:text-inherit" />
        </Button>
      )}
      <p className="text-muted text-xs">
        One confirmation in your wallet. The price is paid to the provider only after you had time to check the answers.
      </p>
    </div>
  );
}
