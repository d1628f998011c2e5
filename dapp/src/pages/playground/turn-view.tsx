import { ShieldCheck, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Amount } from "../../components/amount.tsx";
import { Hash } from "../../components/hash.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { isCostKnown, speedOf, type Turn } from "../../lib/conversation.ts";
import { formatMs, shorten } from "../../lib/format.ts";
import { explainLive } from "../../lib/live-words.ts";

const ReceiptDialog = lazy(async () => ({ default: (await import("./receipt-dialog.tsx")).ReceiptDialog }));

export interface TurnViewProps {
  readonly turn: Turn;
  /** Asks again; nothing while that cannot be. */
  readonly onRetry: ((prompt: string) => unknown) | undefined;
}

/** A message, its answer, and what is known of the answer. */
export function TurnView({ turn, onRetry }: TurnViewProps) {
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
      {(state === "streaming" || state === "done") && <TakenOver turn={turn} />}
      <TurnFigures turn={turn} />
    </article>
  );
}

function TurnFailure({ turn, onRetry }: Pick<TurnViewProps, "turn" | "onRetry">) {
  const { error, prompt, text, cost } = turn;
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
      {sentence} {cost !== undefined && <Charge of={cost} />}
    </Alert>
  );
}

/** Where others went on: who had left off, and what that may cost beside the answer. */
function TakenOver({ turn: { unfinished, names } }: Pick<TurnViewProps, "turn">) {
  return unfinished.map(({ provider, amount }) => (
    <p key={provider} role="status" className="text-muted text-sm">
      {names.get(provider) ?? shorten(provider)} did not finish, and another provider took over. <Charge of={amount} />
    </p>
  ));
}

/** What a provider may take that gave no receipt. */
function Charge({ of }: { readonly of: bigint }) {
  return (
    <>
      At most <Amount value={of} digits={6} /> can be charged for what broke off.
    </>
  );
}

/** Who answered, how fast, for how much; and the receipt, one press away. */
function TurnFigures({ turn }: Pick<TurnViewProps, "turn">) {
  const { provider, names, firstTokenMs, cost, receipt, completionTokens } = turn;
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
        label={names.get(provider) ?? shorten(provider)}
      />
      {firstTokenMs !== undefined && <span>first token {formatMs(firstTokenMs)}</span>}
      {speed !== undefined && <span>{speed.toFixed(speed < 100 ? 1 : 0)} tokens/s</span>}
      {completionTokens !== undefined && <span>{completionTokens} tokens</span>}
      {cost !== undefined && (
        <span>
          {!isCostKnown([turn]) && "at most "}
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
