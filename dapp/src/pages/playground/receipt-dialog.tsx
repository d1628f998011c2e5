import { type KeptReceipt, keptReceiptChecks } from "@touchstone/sdk";
import { CircleCheck, CircleX } from "lucide-react";
import { Amount } from "../../components/amount.tsx";
import { Hash } from "../../components/hash.tsx";
import { Fact } from "../../components/page.tsx";
import { QueryView } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Dialog } from "../../components/ui/dialog.tsx";
import { useReceipts } from "../../hooks/use-live.ts";
import { useModelName } from "../../hooks/use-model-name.ts";
import type { Turn } from "../../lib/conversation.ts";
import { formatCount } from "../../lib/format.ts";
import { CHECK_NAMES } from "../../lib/live-words.ts";

export interface ReceiptDialogProps {
  readonly receipt: NonNullable<Turn["receipt"]>;
  readonly onClose: () => void;
}

/** A receipt: what was checked of it, and what it says. */
export function ReceiptDialog({ receipt: { channelId, seq }, onClose }: ReceiptDialogProps) {
  const receipts = useReceipts();
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Receipt"
      description="The provider signed what it answered and what it charged. With it a lie can be proven to the court."
    >
      <QueryView query={receipts} what="The receipt">
        {(all) => {
          const kept = all.find(({ envelope: { receipt } }) => receipt.channelId === channelId && receipt.seq === seq);
          return kept === undefined ? (
            <Alert title="The receipt is no longer kept">
              This browser keeps the latest receipts of each account only.
            </Alert>
          ) : (
            <Kept kept={kept} />
          );
        }}
      </QueryView>
    </Dialog>
  );
}

function Kept({ kept }: { readonly kept: KeptReceipt }) {
  return (
    <div className="grid min-w-0 gap-5 text-sm">
      <section className="grid gap-2">
        <h3 className="font-medium">What was checked</h3>
        <ul className="grid gap-1.5">
          {keptReceiptChecks(kept).map(({ check, isPassed, sentence }) => (
            <li key={check} className="flex gap-2">
              {isPassed ? (
                <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" role="img" aria-label="Passed" />
              ) : (
                <CircleX className="mt-0.5 size-4 shrink-0 text-bad" role="img" aria-label="Failed" />
              )}
              <span>
                <span className="font-medium">{CHECK_NAMES[check]}.</span>{" "}
                <span className="text-muted">{sentence}</span>
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className="grid gap-2">
        <h3 className="font-medium">What it says</h3>
        <ReceiptFacts kept={kept} />
      </section>
    </div>
  );
}

function ReceiptFacts({ kept: { envelope, digest } }: { readonly kept: KeptReceipt }) {
  const { receipt, operator, signature, outputHash } = envelope;
  const nameOf = useModelName();
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3">
      <Fact name="Amount">
        <Amount value={receipt.amount} digits={6} />
      </Fact>
      <Fact name="Charged in this channel so far">
        <Amount value={receipt.cumulative} digits={6} />
      </Fact>
      <Fact name="Number in its channel">{formatCount(receipt.seq)}</Fact>
      <Fact name="Tokens, in and out">
        {formatCount(receipt.promptTokens)} and {formatCount(receipt.completionTokens)}
      </Fact>
      <Fact name="Issued">
        <Time at={receipt.issuedAt} />
      </Fact>
      <Fact name="Model">
        <Hash value={receipt.model} name="model id" label={nameOf(receipt.model)} />
      </Fact>
      <Fact name="Provider">
        <Hash value={receipt.provider} name="provider" to={`/providers/${receipt.provider}`} />
      </Fact>
      <Fact name="Signed by">
        <Hash value={operator} name="key" explorer="address" />
      </Fact>
      <Fact name="Hash of your message">
        <Hash value={receipt.requestHash} name="hash of the message" />
      </Fact>
      <Fact name="Hash of the answer">
        <Hash value={outputHash} name="hash of the answer" />
      </Fact>
      <Fact name="Result root">
        <Hash value={receipt.resultRoot} name="result root" />
      </Fact>
      <Fact name="Channel">
        <Hash value={receipt.channelId} name="channel id" />
      </Fact>
      <Fact name="Receipt">
        <Hash value={digest} name="digest of the receipt" />
      </Fact>
      <Fact name="Signature">
        <Hash value={signature} name="signature" />
      </Fact>
    </dl>
  );
}
