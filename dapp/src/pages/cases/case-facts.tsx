import type { IndexedCase } from "@touchstone/sdk";
import { AddressLink, Hash } from "../../components/hash.tsx";
import { Fact } from "../../components/page.tsx";
import { Time } from "../../components/time.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useModelName } from "../../hooks/use-model-name.ts";
import { useProviderName } from "../../hooks/use-provider.ts";
import { tierWords } from "../../lib/case-words.ts";
import { cn } from "../../lib/cn.ts";

export interface CaseFactsProps {
  readonly found: IndexedCase;
  /** Beside something else. */
  readonly isNarrow?: boolean;
}

/** Whom and what the case is about. */
export function CaseFacts({ found, isNarrow = false }: CaseFactsProps) {
  const modelName = useModelName();
  const providerName = useProviderName();
  return (
    <Card>
      <CardHeader title="What it is about" />
      <dl className={cn("grid grid-cols-2 gap-x-4 gap-y-3", !isNarrow && "sm:grid-cols-4")}>
        <Fact name={found.isReceipt ? "Receipt of a live call" : "Job"}>
          {found.isReceipt ? (
            <Hash value={found.job} name="receipt's job id" />
          ) : (
            <Hash value={found.job} name="job id" to={`/jobs/${found.job}`} />
          )}
        </Fact>
        <Fact name="Model">{modelName(found.model)}</Fact>
        <Fact name="Provider">
          <Hash
            value={found.provider}
            name="provider"
            to={`/providers/${found.provider}`}
            label={providerName(found.provider)}
          />
        </Fact>
        <Fact name="Client">
          <AddressLink address={found.client} />
        </Fact>
        <Fact name="Opened by">
          <AddressLink address={found.opener} />
        </Fact>
        <Fact name="Who judges">{tierWords(found.tier)}</Fact>
        <Fact name="Opened">
          <Time at={found.openedAt} />
        </Fact>
        <Fact name="Closed">
          <Time at={found.closedAt} />
        </Fact>
      </dl>
    </Card>
  );
}
