import { useMemo } from "react";
import type { Hex } from "viem";
import { Page } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input, Select } from "../../components/ui/input.tsx";
import { useListedProviders } from "../../hooks/use-providers.ts";
import { formatCount } from "../../lib/format.ts";
import { type ModelOnSale, modelsOnSale } from "../../lib/models-on-sale.ts";
import { type ReadRequests, readRequests } from "../../lib/read-requests.ts";
import { Offers } from "./offers.tsx";
import { RequestEditor } from "./request-editor.tsx";
import { type Draft, useDraft } from "./use-draft.ts";

const MOST_TOKENS = 1_048_576;

/** From prompts to a job that is paid for. */
export function NewJobPage() {
  const { draft, change } = useDraft();
  const listed = useListedProviders();
  const maxTokens = Number(draft.maxTokens);
  const isLimitRight = Number.isInteger(maxTokens) && maxTokens >= 1 && maxTokens <= MOST_TOKENS;
  const limit = isLimitRight ? maxTokens : 1;
  const { text, format, column } = draft;
  const read = useMemo(() => readRequests({ text, format, column, maxTokens: limit }), [text, format, column, limit]);
  return (
    <Page title="New job" description="Many prompts, one price. It stays in escrow until the answers are on chain.">
      <div className="grid items-start gap-5 lg:grid-cols-[1.4fr_1fr]">
        <Card>
          <CardHeader title="What to answer" />
          <RequestEditor {...{ draft, read, change }} />
        </Card>
        <QueryView query={listed} what="Who sells" rows={6}>
          {({ providers }) => {
            const models = modelsOnSale(providers);
            const model = models.find(({ id }) => id === draft.model) ?? models[0];
            return model === undefined ? (
              <Empty title="Nobody sells answers now">
                Providers come and go. Try again in a while; what you typed stays.
              </Empty>
            ) : (
              <div className="grid gap-5">
                <ModelCard {...{ draft, change, models, model, isLimitRight }} />
                <Offers {...{ read, model }} isReady={isReady(read) && isLimitRight} />
              </div>
            );
          }}
        </QueryView>
      </div>
    </Page>
  );
}

function isReady({ requests, faults }: ReadRequests): boolean {
  return requests.length > 0 && faults.length === 0;
}

function sellersOf({ providers }: ModelOnSale): string {
  return providers.length === 1 ? "Sold by one provider." : `Sold by ${providers.length} providers.`;
}

interface ModelCardProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly models: readonly ModelOnSale[];
  readonly model: ModelOnSale;
  readonly isLimitRight: boolean;
}

function ModelCard({ draft, change, models, model, isLimitRight }: ModelCardProps) {
  return (
    <Card>
      <CardHeader title="By which model" />
      <div className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
        <Field
          label="Model"
          hint={`${sellersOf(model)} Prompt and answer: at most ${formatCount(model.contextLength)} tokens.`}
        >
          {(control) => (
            <Select {...control} value={model.id} onChange={({ target }) => change({ model: target.value as Hex })}>
              {models.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label="Most tokens an answer"
          hint="For prompts that set no limit themselves."
          error={isLimitRight ? undefined : "Write a whole number from 1 on."}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.maxTokens}
              onChange={({ target }) => change({ maxTokens: target.value.trim() })}
            />
          )}
        </Field>
      </div>
    </Card>
  );
}
