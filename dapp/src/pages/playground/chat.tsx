import { MessageSquareText } from "lucide-react";
import { Empty, Failed, Loading } from "../../components/states.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card } from "../../components/ui/card.tsx";
import { conversation } from "../../hooks/use-conversation.ts";
import type { useListedProviders } from "../../hooks/use-providers.ts";
import { isBusy, type Turn } from "../../lib/conversation.ts";
import { Composer } from "./composer.tsx";
import { TurnView } from "./turn-view.tsx";

const EXAMPLES = [
  "Tell a story about a brave fox and a lost key",
  "Tell a story about a girl who could talk to the rain",
  "Tell a story about two friends and a boat made of paper",
];

export interface ChatProps {
  readonly turns: readonly Turn[];
  readonly listed: ReturnType<typeof useListedProviders>;
  /** The model that is asked; nothing where nobody sells any. */
  readonly model: string | undefined;
  readonly isConnected: boolean;
  /** Whether a wallet on the right chain can pay. */
  readonly isReady: boolean;
  readonly onConnect: () => void;
  readonly onAsk: (prompt: string) => Promise<void>;
}

/** What was said, and where to say more. */
export function Chat({ turns, listed, model, isConnected, isReady, onConnect, onAsk }: ChatProps) {
  const busy = isBusy(turns);
  const ask = (prompt: string): boolean => {
    if (!isConnected) {
      onConnect();
      return false;
    }
    void onAsk(prompt);
    return true;
  };
  const canAsk = model !== undefined && !busy && (isReady || !isConnected);
  const last = turns.at(-1);
  return (
    <Card className="grid min-h-[26rem] grid-rows-[1fr] gap-4 lg:min-h-[calc(100dvh-12rem)]">
      <div className="grid min-w-0 content-start gap-6">
        {turns.length === 0 && <Start {...{ listed, model, canAsk, onPick: ask }} />}
        {turns.map((turn) => (
          <TurnView key={turn.id} turn={turn} onRetry={canAsk ? ask : undefined} />
        ))}
      </div>
      <p aria-live="polite" className="sr-only">
        {last === undefined ? "" : announcementOf(last)}
      </p>
      {turns.length > 0 && model === undefined && listed.data !== undefined && (
        <p role="status" className="text-muted text-sm">
          Nobody sells answers right now. This page looks again by itself.
        </p>
      )}
      <Composer
        canSend={canAsk}
        isBusy={busy}
        isConnected={isConnected}
        onSend={ask}
        onStop={() => conversation.stop()}
      />
    </Card>
  );
}

interface StartProps extends Pick<ChatProps, "listed" | "model"> {
  readonly canAsk: boolean;
  readonly onPick: (prompt: string) => boolean;
}

/** Before anything was said: what could be. */
function Start({ listed, model, canAsk, onPick }: StartProps) {
  if (listed.data === undefined) {
    return listed.error === null ? (
      <Loading rows={4} label="Looking for providers" />
    ) : (
      <Failed what="The providers" error={listed.error} retry={listed.refetch} />
    );
  }
  if (model === undefined) {
    return (
      <Empty icon={MessageSquareText} title="Nobody sells answers right now">
        As soon as a provider comes, you can ask here. This page looks again by itself.
      </Empty>
    );
  }
  return (
    <div className="grid content-start gap-3 py-2">
      <p className="text-muted text-sm">
        Try one, with <span className="font-medium text-foreground">{model}</span>:
      </p>
      {EXAMPLES.map((example) => (
        <Button
          key={example}
          className="h-auto min-h-11 justify-start whitespace-normal px-4 py-2.5 text-left font-normal"
          disabled={!canAsk}
          onClick={() => onPick(example)}
        >
          {example}
        </Button>
      ))}
    </div>
  );
}

/** What a screen reader is told: answers when they are finished, not piece by piece. */
function announcementOf({ state, text }: Turn): string {
  switch (state) {
    case "waiting":
      return "Waiting for the answer.";
    case "streaming":
      return "The answer is coming.";
    case "done":
      return text;
    case "stopped":
      return "Stopped.";
    case "failed":
      return "";
  }
}
