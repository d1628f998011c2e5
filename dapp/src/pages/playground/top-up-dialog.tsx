import { useState } from "react";
import { Amount } from "../../components/amount.tsx";
import { Loading } from "../../components/states.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Dialog } from "../../components/ui/dialog.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input, Select } from "../../components/ui/input.tsx";
import { useWalletBalances } from "../../hooks/use-account.ts";
import { useAct } from "../../hooks/use-act.ts";
import type { useLive } from "../../hooks/use-live.ts";
import { type Token, useToken } from "../../hooks/use-token.ts";
import { useWallet } from "../../hooks/use-wallet.ts";
import { readAmount, writeAmount } from "../../lib/amount-input.ts";
import type { LiveOffer } from "../../lib/live-offers.ts";
import type { LiveSettings } from "../../lib/live-settings.ts";
import { explainLive } from "../../lib/live-words.ts";

export interface TopUpDialogProps {
  readonly live: ReturnType<typeof useLive>;
  /** At least one. */
  readonly offers: readonly LiveOffer[];
  readonly settings: LiveSettings;
  readonly onClose: () => void;
}

/** Signs a deposit for a provider: one confirmation, whether its channel is open already or not. */
export function TopUpDialog(props: TopUpDialogProps) {
  const token = useToken();
  return (
    <Dialog
      isOpen
      onOpenChange={props.onClose}
      title="Open or top up a channel"
      description="Your wallet confirms once. The deposit goes on chain with your next message to the provider; without one it is void."
    >
      {token === undefined ? <Loading rows={2} /> : <TopUpForm {...props} token={token} />}
    </Dialog>
  );
}

function TopUpForm({ live, offers, settings, onClose, token }: TopUpDialogProps & { readonly token: Token }) {
  const { address } = useWallet();
  const balances = useWalletBalances(address);
  const [provider, setProvider] = useState(settings.provider ?? offers[0]?.provider);
  const offer = offers.find((one) => one.provider === provider) ?? offers[0];
  const least = offer?.minDeposit ?? 1n;
  const [text, setText] = useState<string>();
  const shown = text ?? writeAmount(settings.deposit ?? least, token.decimals);
  const limits = { ...token, min: least, minIs: "the least that this provider takes" };
  const read = readAmount(shown, { ...limits, max: balances.data?.tokens, maxIs: "what the wallet has" });
  const topUp = useAct({
    name: "Top up",
    run: async (amount: bigint) => {
      const { live: fetch } = await live.open();
      return await fetch.topUp({ provider: offer?.provider as LiveOffer["provider"], amount });
    },
    done: "Signed. It goes along with your next message.",
    onDone: onClose,
  });
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        read.value !== undefined && topUp.mutate(read.value);
      }}
    >
      <Field label="Provider">
        {(control) => (
          <Select {...control} value={offer?.provider} onChange={(event) => setProvider(event.target.value as never)}>
            {offers.map(({ provider: one, name, region, model }) => (
              <option key={`${one}/${model}`} value={one}>
                {name} ({region})
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={`Amount (${token.symbol})`} hint={<InWallet value={balances.data?.tokens} />} error={read.error}>
        {(control) => (
          <Input {...control} inputMode="decimal" value={shown} onChange={(event) => setText(event.target.value)} />
        )}
      </Field>
      {topUp.error !== null && (
        <Alert tone="bad" title={explainLive(topUp.error).title}>
          {explainLive(topUp.error).sentence}
        </Alert>
      )}
      <Button type="submit" variant="primary" isBusy={topUp.isPending} disabled={read.value === undefined}>
        {topUp.isPending ? "Confirm in your wallet" : "Sign the deposit"}
      </Button>
    </form>
  );
}

function InWallet({ value }: { readonly value: bigint | undefined }) {
  return (
    <>
      In the wallet: <Amount value={value} />
    </>
  );
}
