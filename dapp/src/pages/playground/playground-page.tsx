import { RotateCcw } from "lucide-react";
import { Amount } from "../../components/amount.tsx";
import { Page } from "../../components/page.tsx";
import { WrongChain } from "../../components/require-wallet.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useWalletDialog } from "../../components/wallet/wallet-dialog.tsx";
import { conversation, useTurns } from "../../hooks/use-conversation.ts";
import { useLive } from "../../hooks/use-live.ts";
import { useListedProviders } from "../../hooks/use-providers.ts";
import { useWallet } from "../../hooks/use-wallet.ts";
import { costOf, isBusy, isCostKnown, isDeserted, type Turn } from "../../lib/conversation.ts";
import { liveOffers } from "../../lib/live-offers.ts";
import { ChannelCard } from "./channel-card.tsx";
import { Chat } from "./chat.tsx";
import { SettingsCard } from "./settings-card.tsx";
import { useSettings } from "./use-settings.ts";

/** The first page that a newcomer sees: ask, and see who answered, what it cost and what was checked. */
export function PlaygroundPage() {
  const { address, isWrongChain } = useWallet();
  const { open: connect } = useWalletDialog();
  const [settings, change] = useSettings();
  const listed = useListedProviders();
  const turns = useTurns();
  const live = useLive(settings);
  const offers = liveOffers(listed.data?.providers ?? []);
  const model = offers.find((offer) => offer.model === settings.model)?.model ?? offers[0]?.model;
  // Those who are gone keep their names while the conversation lasts.
  const names = new Map([
    ...turns.flatMap((turn) => [...turn.names]),
    ...offers.map(({ provider, name }) => [provider, name] as const),
  ]);
  const ask = async (prompt: string) => {
    const isFresh = isDeserted(turns);
    const fetch = async (url: string, init: RequestInit) => (await live.open({ isFresh })).live(url, init);
    await conversation.send({ prompt, model: model ?? "", names, fetch });
    await live.status.refetch();
  };
  return (
    <Page
      title="Playground"
      description="Ask a model on somebody's machine. You pay for each answer, and check its receipt."
      actions={turns.length > 0 && <Running turns={turns} />}
    >
      {isWrongChain && <WrongChain />}
      <div className="grid min-w-0 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Chat
          turns={turns}
          listed={listed}
          model={model}
          isConnected={address !== undefined}
          isReady={live.isReady}
          onConnect={connect}
          onAsk={ask}
        />
        <div className="grid min-w-0 gap-5">
          <SettingsCard {...{ settings, change, offers, model }} isDisabled={isBusy(turns)} />
          <ChannelCard {...{ live, offers, names, settings, change }} isDisabled={isBusy(turns)} />
        </div>
      </div>
    </Page>
  );
}

function Running({ turns }: { readonly turns: readonly Turn[] }) {
  return (
    <>
      <p className="self-center text-muted text-sm">
        This conversation: {!isCostKnown(turns) && "at most "}
        <Amount value={costOf(turns)} digits={6} className="font-medium text-foreground" />
      </p>
      <Button size="sm" onClick={() => conversation.clear()}>
        <RotateCcw aria-hidden /> New
      </Button>
    </>
  );
}
