import type { IndexedProvider } from "@touchstone/sdk";
import { Amount } from "../../components/amount.tsx";
import { AddressLink } from "../../components/hash.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { Time } from "../../components/time.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Table, TableHead, Td, Tr } from "../../components/ui/table.tsx";
import { explain } from "../../lib/explain.ts";
import { formatMs, formatPercent } from "../../lib/format.ts";
import type { ProviderRow } from "../../lib/provider-rows.ts";

/** Who it is, what it puts at stake, how its jobs ended, and what it sells. */
export function ProviderFacts({ row }: { readonly row: ProviderRow }) {
  return (
    <>
      {row.failure !== undefined && (
        <Alert tone="warn" title="Its offers cannot be read now">
          {explain(row.failure).sentence}
        </Alert>
      )}
      <Card>
        <CardHeader
          title="Identity and record"
          description="Region, hardware and when its node started are its own word; the rest is the chain's, or what this browser saw."
        />
        <Facts>
          <Fact name="Address">
            <AddressLink address={row.address} />
          </Fact>
          <Fact name="Region">{row.region ?? "–"}</Fact>
          <Fact name="Hardware">{row.hardware ?? "–"}</Fact>
          <Fact name="Stake">
            <Amount value={row.stake} />
          </Fact>
          <Fact name="Exposure">
            <Amount value={row.exposure} />
          </Fact>
          <Presence row={row} />
          {row.record !== undefined && <Record record={row.record} />}
        </Facts>
      </Card>
      {row.models.length > 0 && <ModelsCard row={row} />}
    </>
  );
}

/** What the index knows of it. */
function Record({ record }: { readonly record: IndexedProvider }) {
  return (
    <>
      <Fact name="Here since">
        <Time at={record.since} />
      </Fact>
      <Fact name="Live bond">
        <Amount value={record.account.bond} />
      </Fact>
      <Fact name="Slashed">
        <Amount value={record.slashed} />
      </Fact>
      <Fact name="Paid, audited">{record.completed}</Fact>
      <Fact name="Paid, without audits">{record.unverified}</Fact>
      <Fact name="Given back">{record.declined}</Fact>
      <Fact name="Not delivered">{record.noShows}</Fact>
      <Fact name="Rejected by the court">{record.rejected}</Fact>
      <Fact name="Cases / lost">
        {record.cases} / {record.convictions}
      </Fact>
    </>
  );
}

const COLUMNS = ["Model", "1M tokens in", "1M tokens out", "Each request", "Tokens/s", "First token"];

function ModelsCard({ row }: { readonly row: ProviderRow }) {
  return (
    <Card>
      <CardHeader title="Models and prices" description="Speed is what its node measured." />
      <Table label="Models and prices">
        <TableHead names={COLUMNS} />
        <tbody>
          {row.models.map((model) => (
            <Tr key={model.id}>
              <Td>{model.name}</Td>
              <Td>
                <Amount value={BigInt(model.pricePerMillionInputTokens)} />
              </Td>
              <Td>
                <Amount value={BigInt(model.pricePerMillionOutputTokens)} />
              </Td>
              <Td>
                <Amount value={BigInt(model.pricePerItem)} />
              </Td>
              <Td>{model.measured?.tokensPerSecond.toFixed(1) ?? "–"}</Td>
              <Td>{model.measured?.firstTokenMs === undefined ? "–" : formatMs(model.measured.firstTokenMs)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

/** Whether it is there now, and as whom it is known elsewhere. */
function Presence({ row }: { readonly row: ProviderRow }) {
  return (
    <>
      {row.upSince !== undefined && (
        <Fact name="Node running since">
          <Time at={row.upSince} />
        </Fact>
      )}
      {row.uptime !== undefined && (
        <Fact name="Answered this browser">
          {formatPercent(row.uptime.share)} of {row.uptime.checks}
        </Fact>
      )}
      {row.registrations.map((one) => (
        <Fact key={`${one.registry}/${one.agentId}`} name={`Agent ${one.agentId} (ERC-8004)`}>
          <AddressLink address={one.registry} /> on chain {one.chainId}
        </Fact>
      ))}
    </>
  );
}
