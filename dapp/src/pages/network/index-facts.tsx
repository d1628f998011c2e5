import { AddressLink } from "../../components/hash.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { QueryView } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useIndexStatus } from "../../hooks/use-index-status.ts";
import { useToken } from "../../hooks/use-token.ts";
import { formatCount } from "../../lib/format.ts";
import { useNetwork } from "../../network/network-context.tsx";

/** Where all of this comes from. */
export function IndexFacts() {
  const { market, chainId, name } = useNetwork();
  const token = useToken();
  const status = useIndexStatus();
  return (
    <Card>
      <CardHeader
        title="Source"
        description="All figures are rebuilt from the events of two contracts; anyone can rebuild them."
      />
      <QueryView query={status} what="The state of the index" rows={1}>
        {({ source, block, timestamp }) => (
          <Facts>
            <Fact name="Chain">
              {name} ({chainId})
            </Fact>
            <Fact name="Market">
              <AddressLink address={market} />
            </Fact>
            <Fact name="Token">
              {token === undefined ? "–" : <AddressLink address={token.address} label={token.symbol} />}
            </Fact>
            <Fact name="Read from">{source === "logs" ? "the chain's logs" : "the subgraph"}</Fact>
            <Fact name="Up to block">{formatCount(block)}</Fact>
            <Fact name="Mined">
              <Time at={timestamp} />
            </Fact>
          </Facts>
        )}
      </QueryView>
    </Card>
  );
}
