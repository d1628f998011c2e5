import { useQuery } from "@tanstack/react-query";
import type { IndexedJob, VerifyResultReturnType } from "@touchstone/sdk";
import { encodeEvidence } from "@touchstone/sdk/protocol";
import { CircleCheck, CircleX, ShieldCheck } from "lucide-react";
import { Failed } from "../../components/states.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useMarket } from "../../hooks/use-market.ts";
import { type ResultCheck, resultChecks } from "../../lib/result-checks.ts";
import { saveFile } from "../../lib/save-file.ts";
import { sourcesOf } from "./use-results.ts";

export interface JobVerifyProps {
  readonly job: IndexedJob;
  /** Of the provider's node. */
  readonly endpoint: string | undefined;
}

/** Checks the result in this browser, line by line. */
export function JobVerify({ job, endpoint }: JobVerifyProps) {
  const client = useMarket();
  const urls = sourcesOf(job, endpoint);
  const check = useQuery({
    queryKey: ["verify", job.id],
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 0,
    queryFn: async () => {
      const result = await client.verifyResult({ job: job.id, ...(urls.length > 0 && { urls }) });
      return { result, checks: resultChecks(result.evidence, result.faults) };
    },
  });
  return (
    <Card>
      <CardHeader
        title="Verify"
        description="Fetches prompts, answers and traces, hashes them here, and looks for contradictions. Nobody has to be trusted."
        actions={
          <Button onClick={() => void check.refetch()} isBusy={check.isFetching}>
            {!check.isFetching && <ShieldCheck aria-hidden />}
            Verify in this browser
          </Button>
        }
      />
      <div aria-live="polite" className="grid gap-3">
        {check.error !== null && !check.isFetching && (
          <Failed what="The evidence" error={check.error} retry={check.refetch} />
        )}
        {check.data !== undefined && <Checked {...check.data} name={job.id.slice(2, 10)} />}
      </div>
    </Card>
  );
}

interface CheckedProps {
  readonly result: VerifyResultReturnType;
  readonly checks: readonly ResultCheck[];
  readonly name: string;
}

const SHOWN = 50;

function Checked({ result, checks, name }: CheckedProps) {
  const failed = checks.filter(({ isPassed }) => !isPassed);
  const shown = [...failed, ...checks.filter(({ isPassed }) => isPassed)].slice(0, SHOWN);
  const save = () => saveFile(`evidence-${name}.json`, encodeEvidence(result.evidence), "application/json");
  return (
    <>
      {result.verdict === "refuted" ? (
        <Alert tone="bad" title="Something speaks against the provider">
          Its client can challenge the result while there is time. Save the evidence: nodes delete what is old.
        </Alert>
      ) : (
        <p className="text-sm">
          <span className="font-medium text-good">All is in order.</span>{" "}
          <span className="text-muted">
            The answers are those that the provider put on chain.{" "}
            {result.evidence.verified
              ? "Whether the model wrote them, random audits and challenges decide."
              : "Whether the model wrote them shows only to who runs the model: no audits stand behind this job."}
          </span>
        </p>
      )}
      <ul className="grid gap-1.5">
        {shown.map((check) => (
          <CheckLine key={check.name} check={check} />
        ))}
      </ul>
      {checks.length > shown.length && (
        <p className="text-muted text-sm">And {checks.length - shown.length} more items in order.</p>
      )}
      <Button size="sm" className="justify-self-start" onClick={save}>
        Save the evidence
      </Button>
    </>
  );
}

function CheckLine({ check: { name, isPassed, sentence } }: { readonly check: ResultCheck }) {
  const Icon = isPassed ? CircleCheck : CircleX;
  return (
    <li className="grid grid-cols-[auto_1fr] gap-2 text-sm">
      <Icon
        className={`mt-0.5 size-4 ${isPassed ? "text-good" : "text-bad"}`}
        aria-label={isPassed ? "Passed" : "Failed"}
      />
      <span>
        <span className="font-medium">{name}</span> <span className="text-muted">{sentence}</span>
      </span>
    </li>
  );
}
