import { Server } from "lucide-react";
import { Link, useParams } from "react-router";
import { getAddress, isAddress } from "viem";
import { Page } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Button } from "../../components/ui/button.tsx";
import { shorten } from "../../lib/format.ts";
import { EarningsCard } from "./earnings-card.tsx";
import { HistoryCards } from "./history-cards.tsx";
import { ProviderFacts } from "./provider-facts.tsx";
import { StateBadge } from "./provider-name.tsx";
import { useProviderRows } from "./use-provider-rows.ts";

/** One provider: who it is, what it sells, how that went. */
export function ProviderPage() {
  const { address = "" } = useParams();
  const { query } = useProviderRows();
  if (!isAddress(address, { strict: false })) {
    return <NotFound />;
  }
  const provider = getAddress(address.toLowerCase());
  const row = query.data?.find((one) => one.address === provider);
  return (
    <Page title={row?.name ?? shorten(provider)} actions={row && <StateBadge state={row.state} />}>
      <QueryView query={query} what="The provider" rows={5}>
        {() =>
          row === undefined ? (
            <Missing />
          ) : (
            <>
              <ProviderFacts row={row} />
              <EarningsCard provider={provider} />
              <HistoryCards provider={provider} />
            </>
          )
        }
      </QueryView>
    </Page>
  );
}

function NotFound() {
  return (
    <Page title="Provider">
      <Missing />
    </Page>
  );
}

function Missing() {
  return (
    <Empty
      icon={Server}
      title="No provider has this address"
      actions={
        <Button asChild>
          <Link to="/providers">All providers</Link>
        </Button>
      }
    >
      It never put down a stake or published an offer in this market.
    </Empty>
  );
}
