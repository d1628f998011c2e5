import { useQuery } from "@tanstack/react-query";
import { HttpError, type ListedProvider, type SignInstructionParameters } from "@touchstone/sdk";
import type { NodeTerms } from "@touchstone/sdk/protocol";
import { ServerOff } from "lucide-react";
import { Fact, Facts } from "../../components/page.tsx";
import { Empty, Failed, Loading, QueryView } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useAct } from "../../hooks/use-act.ts";
import { useMarket } from "../../hooks/use-market.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { Command } from "./command.tsx";
import { PricesForm } from "./prices-form.tsx";
import { useOwnCard } from "./use-console.ts";

const TIMEOUT_MS = 5_000;

type Instruction =
  | { readonly action: "drain" | "resume" | "reset" }
  | Pick<Extract<SignInstructionParameters, { action: "prices" }>, "action" | "prices">;

/** Tells the node, wherever it runs, what to ask and whether to take work: by a signature, without a transaction. */
export function NodeCard({ wallet }: { readonly wallet: MarketWallet }) {
  const { query, listed, failure } = useOwnCard(wallet.account.address);
  return (
    <Card>
      <CardHeader
        title="Node"
        description="Your node follows what you sign here, at once and after restarts. A signature only: no transaction, nothing to pay."
      />
      {listed !== undefined ? (
        <ConnectedNode wallet={wallet} listed={listed} />
      ) : failure !== undefined ? (
        <Failed what="The card of your node" error={failure.error} retry={query.refetch} />
      ) : query.error !== null ? (
        <Failed what="The providers" error={query.error} retry={query.refetch} />
      ) : query.data === undefined ? (
        <Loading label="Asking your node" />
      ) : (
        <Empty icon={ServerOff} title="No node has published a card for this account">
          Start it with <Command>touchstone start</Command> on a machine that others can reach. It publishes its card by
          itself, and then answers here. A node that works for another account is told by that account alone: connect
          the one that owns its stake.
        </Empty>
      )}
    </Card>
  );
}

function ConnectedNode({ wallet, listed }: { readonly wallet: MarketWallet; readonly listed: ListedProvider }) {
  const { endpoint, card } = listed;
  const client = useMarket();
  const terms = useQuery({
    queryKey: ["node-terms", endpoint],
    refetchInterval: 10_000,
    queryFn: ({ signal }) => client.getNodeTerms({ url: endpoint, signal, timeoutMs: TIMEOUT_MS, retries: 0 }),
  });
  const tell = useAct({
    name: "Tell the node",
    run: async (instruction: Instruction) => {
      // Nodes follow no instruction that is older than the last, or of the same second.
      const issuedAt = Math.max(Math.floor(Date.now() / 1_000), (terms.data?.issuedAt ?? 0) + 1);
      const signed = await wallet.signInstruction({ ...instruction, issuedAt });
      return await wallet.sendInstruction({ url: endpoint, instruction: signed, timeoutMs: TIMEOUT_MS });
    },
    done: "The node follows it now.",
  });
  return (
    <div className="grid grid-cols-1 gap-5">
      <Facts>
        <Fact name="Name">{card.name}</Fact>
        <Fact name="Address of its service">
          <span className="break-all font-mono text-sm">{endpoint}</span>
        </Fact>
        <Fact name="Hardware">{card.touchstone.hardware}</Fact>
        <Fact name="Up since">
          <Time at={card.touchstone.upSince} />
        </Fact>
      </Facts>
      {isTooOld(terms.error) ? (
        <Alert tone="warn" title="This node cannot be told anything from here">
          Its software is older than these instructions. Update it and start it again; until then its settings file
          rules.
        </Alert>
      ) : (
        <QueryView query={terms} what="The terms of your node">
          {(current) => (
            <Terms
              terms={current}
              isActive={card.active}
              isBusy={tell.isPending}
              tell={(instruction) => tell.mutate(instruction)}
            />
          )}
        </QueryView>
      )}
    </div>
  );
}

/** A node without this route answers that there is none. */
function isTooOld(error: unknown): boolean {
  return error instanceof HttpError && error.status === 404;
}

interface TermsProps {
  readonly terms: NodeTerms;
  readonly isActive: boolean;
  readonly isBusy: boolean;
  readonly tell: (instruction: Instruction) => void;
}

function Terms({ terms, isActive, isBusy, tell }: TermsProps) {
  const { drained, issuedAt } = terms;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border bg-raised/60 p-3 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          {drained ? (
            <Badge tone="warn">Drained</Badge>
          ) : isActive ? (
            <Badge tone="good">Takes work</Badge>
          ) : (
            <Badge>Not active</Badge>
          )}
          <span>
            {drained
              ? "It takes no new work, and finishes what it accepted."
              : "Drain it before you stop it: it finishes what it accepted."}
          </span>
        </p>
        <Button size="sm" isBusy={isBusy} onClick={() => tell({ action: drained ? "resume" : "drain" })}>
          {drained ? "Resume" : "Drain"}
        </Button>
      </div>
      <PricesForm
        key={Object.values(terms.prices).join()}
        terms={terms}
        isBusy={isBusy}
        onSet={(prices) => tell({ action: "prices", prices })}
        onReset={() => tell({ action: "reset" })}
      />
      {issuedAt > 0 && (
        <p className="text-muted text-xs">
          Last told <Time at={issuedAt} />.
        </p>
      )}
    </>
  );
}
