import { ArrowDownToLine, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Address } from "viem";
import { Amount } from "../../components/amount.tsx";
import { Countdown } from "../../components/time.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card } from "../../components/ui/card.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { useAct } from "../../hooks/use-act.ts";
import type { ChannelView, useLive } from "../../hooks/use-live.ts";
import { leftIn, sharesOf } from "../../lib/channel-sums.ts";
import { shorten } from "../../lib/format.ts";
import type { LiveOffer } from "../../lib/live-offers.ts";
import type { LiveSettings } from "../../lib/live-settings.ts";
import { explainLive } from "../../lib/live-words.ts";
import { storage } from "../../lib/storage.ts";
import { AmountField } from "./amount-field.tsx";

const TopUpDialog = lazy(async () => ({ default: (await import("./top-up-dialog.tsx")).TopUpDialog }));

export interface ChannelCardProps {
  readonly live: ReturnType<typeof useLive>;
  readonly offers: readonly LiveOffer[];
  /** Of providers, as far as they are known. */
  readonly names: ReadonlyMap<Address, string>;
  readonly settings: LiveSettings;
  readonly change: (change: Partial<LiveSettings>) => void;
  readonly isDisabled: boolean;
}

/** What lies with providers for answers to come, and how to get it back. */
export function ChannelCard({ live, offers, names, settings, change, isDisabled }: ChannelCardProps) {
  const { data, error } = live.status;
  const channels = data?.channels.filter((channel) => leftIn(channel) > 0n || channel.toppedUp > 0n) ?? [];
  return (
    <Card className="grid gap-3">
      <h2 className="font-semibold">Channel</h2>
      <p className="text-muted text-sm">
        A deposit with a provider, from the tokens in your wallet. The wallet confirms the deposit once; this browser
        then pays each answer from it, and what is left comes back.
      </p>
      {error !== null && <StatusFailure live={live} />}
      {channels.map((channel) => (
        <ChannelRow key={channel.channelId} channel={channel} name={names.get(channel.provider)} />
      ))}
      {live.isReady && data !== undefined && channels.length === 0 && (
        <p className="text-sm">None is open. The first message opens one, with one confirmation.</p>
      )}
      {!storage.isKept && channels.length > 0 && (
        <p className="text-warn text-xs">
          This browser keeps nothing for this page: take back what is left before you leave.
        </p>
      )}
      {live.isReady && data !== undefined && (
        <Actions {...{ live, offers, settings, isDisabled }} isAnyLeft={channels.length > 0} />
      )}
      <div className="grid gap-2 border-t pt-3">
        <AmountField
          label="Deposit at a time"
          hint="Left empty: the least that the provider takes."
          placeholder="The least"
          value={settings.deposit}
          onChange={(deposit) => change({ deposit })}
          isDisabled={isDisabled}
        />
        <AmountField
          label="Spending limit"
          hint="All that this browser may spend, and leave in channels."
          placeholder="10"
          value={settings.limit}
          onChange={(limit) => change({ limit })}
          isDisabled={isDisabled}
        />
      </div>
    </Card>
  );
}

function StatusFailure({ live }: Pick<ChannelCardProps, "live">) {
  const { error, refetch } = live.status;
  const { title, sentence } = explainLive(error);
  const isElsewhere = (error as { readonly code?: unknown } | null)?.code === "STORE_BUSY";
  const takeOver = useAct({ name: "Buy here", run: () => live.open({ isTakenOver: true }) });
  return (
    <Alert
      tone="warn"
      title={title}
      actions={
        <Button
          size="sm"
          isBusy={takeOver.isPending}
          onClick={() => (isElsewhere ? takeOver.mutate() : void refetch())}
        >
          {isElsewhere ? "Buy here" : "Try again"}
        </Button>
      }
    >
      {sentence}
    </Alert>
  );
}

function ChannelRow({ channel, name }: { readonly channel: ChannelView; readonly name: string | undefined }) {
  const { provider, toppedUp, chain, dropped, isPayable } = channel;
  const { deposited, spent } = sharesOf(channel);
  const withdrawal = chain?.withdrawal;
  return (
    <div className="grid gap-2 rounded-lg border p-3 text-sm">
      <p className="flex flex-wrap justify-between gap-2">
        <span className="font-medium">{name ?? shorten(provider)}</span>
        <span>
          <Amount value={leftIn(channel)} digits={6} /> <span className="text-muted">left</span>
        </span>
      </p>
      <Progress
        value={deposited === 0n ? 0 : Number(spent) / Number(deposited)}
        label={`Spent with ${name ?? provider}`}
      />
      <p className="flex flex-wrap justify-between gap-x-3 text-muted text-xs">
        <span>
          <Amount value={spent} digits={6} isBare /> spent of <Amount value={deposited} digits={6} /> deposited
        </span>
      </p>
      {toppedUp > 0n && (
        <p className="text-gold text-xs">
          <Amount value={toppedUp} digits={6} /> more go with the next message to this provider.
        </p>
      )}
      {withdrawal !== undefined && (
        <p className="text-xs">
          <Amount value={withdrawal.amount} digits={6} /> can be taken back{" "}
          <Countdown until={withdrawal.withdrawableAt} over="now: press Take back" />
        </p>
      )}
      {dropped !== undefined && (
        <p className="text-bad text-xs">Its receipt did not hold: nothing is bought of it any more.</p>
      )}
      {!isPayable && (
        <p className="text-muted text-xs">
          Made with another key of this browser: it pays no more, but can be taken back.
        </p>
      )}
    </div>
  );
}

interface ActionsProps extends Pick<ChannelCardProps, "live" | "offers" | "settings" | "isDisabled"> {
  readonly isAnyLeft: boolean;
}

function Actions({ live, offers, settings, isDisabled, isAnyLeft }: ActionsProps) {
  const [isOpen, setOpen] = useState(false);
  const takeBack = useAct({
    name: "Take back",
    run: live.takeBack,
    done: (asked) =>
      asked.some(({ state }) => state === "requested")
        ? "Asked on chain for what no provider gave back at once. Take it when its time has come."
        : "What was left is back in your wallet.",
  });
  const find = useAct({
    name: "Find",
    run: live.recover,
    done: (found) => (found === 0 ? "There is no forgotten deposit." : "Found: press Take back to get it."),
  });
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" disabled={isDisabled || offers.length === 0} onClick={() => setOpen(true)}>
        <Plus aria-hidden /> {isAnyLeft ? "Top up" : "Open a channel"}
      </Button>
      {isAnyLeft && (
        <Button size="sm" disabled={isDisabled} isBusy={takeBack.isPending} onClick={() => takeBack.mutate()}>
          <ArrowDownToLine aria-hidden /> Take back
        </Button>
      )}
      {!isAnyLeft && (
        <Button
          size="sm"
          variant="ghost"
          disabled={isDisabled}
          isBusy={find.isPending}
          onClick={() => find.mutate()}
          title="Looks on the chain for deposits of this account that this browser does not know"
        >
          Find a forgotten one
        </Button>
      )}
      <Suspense>{isOpen && <TopUpDialog {...{ live, offers, settings }} onClose={() => setOpen(false)} />}</Suspense>
    </div>
  );
}
