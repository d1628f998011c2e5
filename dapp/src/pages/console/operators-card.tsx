import type { IndexedOperatorKey } from "@touchstone/sdk";
import { KeyRound } from "lucide-react";
import { AddressLink } from "../../components/hash.tsx";
import { Empty } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Table, Td, Th, Tr } from "../../components/ui/table.tsx";
import { useAct } from "../../hooks/use-act.ts";
import { useNow } from "../../hooks/use-now.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { shorten } from "../../lib/format.ts";
import { Command } from "./command.tsx";
import { OperatorForm } from "./operator-form.tsx";

export interface OperatorsCardProps {
  readonly wallet: MarketWallet;
  readonly operators: readonly IndexedOperatorKey[];
}

/** The keys that act for the provider: who they are, one more, one less. */
export function OperatorsCard({ wallet, operators }: OperatorsCardProps) {
  return (
    <Card>
      <CardHeader
        title="Operator keys"
        description="The node holds one. It can accept jobs and sign results for you, and never withdraw or unstake."
      />
      <div className="grid grid-cols-1 gap-5">
        {operators.length === 0 ? (
          <Empty icon={KeyRound} title="No key acts for this account">
            <Command>touchstone init</Command> makes one on the machine of the node and prints its address. Add that
            address here.
          </Empty>
        ) : (
          <OperatorTable wallet={wallet} operators={operators} />
        )}
        <OperatorForm wallet={wallet} known={operators} />
      </div>
    </Card>
  );
}

function OperatorTable({ wallet, operators }: OperatorsCardProps) {
  const newest = operators.toSorted((a, b) => b.validUntil - a.validUntil);
  return (
    <Table label="Operator keys">
      <thead>
        <tr>
          <Th>Address</Th>
          <Th>State</Th>
          <Th>Since</Th>
          <Th>Until</Th>
          <Th className="relative">
            <span className="sr-only">End it</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {newest.map((key) => (
          <OperatorRow key={key.operator} wallet={wallet} entry={key} />
        ))}
      </tbody>
    </Table>
  );
}

function OperatorRow({ wallet, entry }: { readonly wallet: MarketWallet; readonly entry: IndexedOperatorKey }) {
  const { operator, validFrom, validUntil } = entry;
  const isValid = useNow() < validUntil;
  const end = useAct({
    name: "End key",
    run: () => wallet.setOperator({ operator, validUntil: 0 }),
    done: "The key acts for you no more.",
  });
  return (
    <Tr>
      <Td>
        <AddressLink address={operator} />
      </Td>
      <Td>{isValid ? <Badge tone="good">Valid</Badge> : <Badge>Ended</Badge>}</Td>
      <Td>
        <Time at={validFrom} />
      </Td>
      <Td>
        <Time at={validUntil} />
      </Td>
      <Td className="text-right">
        {isValid && (
          <Button
            size="sm"
            variant="danger"
            isBusy={end.isPending}
            onClick={() => end.mutate()}
            aria-label={`End key ${shorten(operator)}`}
          >
            End
          </Button>
        )}
      </Td>
    </Tr>
  );
}
