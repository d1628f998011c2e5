import { ShieldCheck, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Amount } from "../../components/amount.tsx";
import { Hash } from "../../components/hash.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { speedOf, type Turn } from "../../lib/conversation.ts";
import { formatMs } from "../../lib/format.ts";
import { explainLive } from "../../lib/live-words.ts";

const ReceiptDialog = lazy(async () => ({ default: (await import("./receipt-dialog.tsx")).ReceiptDialog }));

export interface TurnViewProps {
  readonly turn: Turn;
  /** The provider's name. */
  readonly name: string | undefined;
  /** Asks again; nothing while that cannot be. */
  readonly onRetry: ((prompt: string) => unknown) | undefined;
}

/** A message, its answer, and what is known of the answer. */
export function TurnView({ turn, name, onRetry }: TurnViewProps) {
  const { prompt, text, state } = turn;
  return (
    <article className="grid min-w-0 gap-3">
      <h2 className="sr-only">Message</h2>
      <p className="max-w-[85%] justify-self-end whitespace-pre-wrap break-words rounded-xl rounded-br-sm bg-raised px-3.5 py-2">
        {prompt}
      </p>
      {state === "waiting" && <p className="text-muted text-sm">Waiting for a provider…</p>}
      {text !== "" && <p className="max-w-prose whitespace-pre-wrap break-words leading-relaxed">{text.trimStart()}</p>}
      {state === "stopped" && <p className="text-muted text-sm">You stopped it. What arrived is kept.</p>}
      {state === "failed" && <TurnFailure turn={turn} onRetry={onRetry} />}
      <TurnFigures turn={turn} name={name} />
    </article>
  );
}

function TurnFailure({ turn: { error, prompt, text }, onRetry }: Pick<TurnViewProps, "turn" | "onRetry">) {
  const { title, sentence } = explainLive(error);
  return (
    <Alert
      tone={text === "" ? "bad" : "warn"}
      title={title}
      actions={
        onRetry !== undefined && (
          <Button size="sm" onClick={() => onRetry(prompt)}>
            Ask again
          </Button>
        )
      }
    >
      {sentence}
    </Alert>
  );
}

/** Who answered, how fast, for how much; and the receipt, one press away. */
function TurnFigures({ turn, name }: Pick<TurnViewProps, "turn" | "name">) {
  const { provider, firstTokenMs, cost, receipt, completionTokens } = turn;
  const speed = speedOf(turn);
  if (provider === undefined) {
    return null;
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t pt-2 text-muted text-xs">
      <Hash
        value={provider}
        name="provider"
        to={`/providers/${provider}`}
        {...(name !== undefined && { label: name })}
      />
      {firstTokenMs !== undefined && <span>first token {formatMs(firstTokenMs)}</span>}
      {speed !== undefined && <span>{speed.toFixed(speed < 100 ? 1 : 0)} tokens/s</span>}
      {completionTokens !== undefined && <span>{completionTokens} tokens</span>}
      {cost !== undefined && (
        <span>
          {receipt === undefined && "at most "}
          <Amount value={cost} digits={6} className="text-foreground" />
        </span>
      )}
      {receipt !== undefined && <ReceiptButton turn={turn} receipt={receipt} />}
    </div>
  );
}

function ReceiptButton({ turn, receipt }: { readonly turn: Turn; readonly receipt: NonNullable<Turn["receipt"]> }) {
  const [isOpen, setOpen] = useState(false);
  const { isSound = true } = turn;
  return (
    <>
      <Button size="sm" variant="ghost" className="-my-1 ml-auto h-7 px-2 text-xs" onClick={() => setOpen(true)}>
        {isSound ? (
          <ShieldCheck className="text-good" aria-hidden />
        ) : (
          <TriangleAlert className="text-bad" aria-hidden />
        )}
        {isSound ? "Receipt checked" : "Receipt does not hold"}
      </Button>
      <Suspense>{isOpen && <ReceiptDialog receipt={receipt} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
