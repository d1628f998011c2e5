import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { type Connector, useConnect, useConnectors } from "wagmi";
import { explain } from "../../lib/explain.ts";
import { Alert } from "../ui/alert.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

interface WalletDialogState {
  open(): void;
}

const WalletDialogContext = createContext<WalletDialogState | undefined>(undefined);

/** Opens the choice of wallets, from anywhere. */
export function useWalletDialog(): WalletDialogState {
  const state = use(WalletDialogContext);
  if (state === undefined) {
    throw new Error("useWalletDialog needs WalletDialogProvider around it.");
  }
  return state;
}

export function WalletDialogProvider({ children }: { readonly children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const state = useMemo(() => ({ open: () => setOpen(true) }), []);
  return (
    <WalletDialogContext value={state}>
      {children}
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Connect a wallet"
        description="Your keys stay in the wallet. It asks you before anything is signed."
      >
        <WalletList onConnected={() => setOpen(false)} />
      </Dialog>
    </WalletDialogContext>
  );
}

/** Wallets of this browser. The plain `injected` one is for those that do not announce themselves (EIP-6963). */
function WalletList({ onConnected }: { readonly onConnected: () => void }) {
  const connectors = useConnectors();
  const { mutate: connect, error, isPending, variables } = useConnect({ mutation: { onSuccess: onConnected } });
  const announced = connectors.filter(({ id }) => id !== "injected");
  const isInjected = typeof window !== "undefined" && "ethereum" in window;
  const shown = announced.length > 0 || !isInjected ? announced : connectors;
  if (shown.length === 0) {
    return (
      <Alert title="No wallet was found in this browser">
        Install one, MetaMask or Rabby for example, then load this page again. Everything can be looked at without one.
      </Alert>
    );
  }
  return (
    <div className="grid gap-2">
      {shown.map((connector) => (
        <WalletChoice
          key={connector.uid}
          connector={connector}
          isBusy={isPending && variables?.connector === connector}
          onChoose={() => connect({ connector })}
        />
      ))}
      {error !== null && (
        <Alert tone="bad" title={explain(error).title}>
          {explain(error).sentence}
        </Alert>
      )}
    </div>
  );
}

interface WalletChoiceProps {
  readonly connector: Connector;
  readonly isBusy: boolean;
  readonly onChoose: () => void;
}

function WalletChoice({ connector: { name, icon }, isBusy, onChoose }: WalletChoiceProps) {
  return (
    <Button className="h-12 justify-start gap-3" isBusy={isBusy} onClick={onChoose}>
      {icon !== undefined && <img src={icon} alt="" className="size-6 rounded" />}
      {name}
    </Button>
  );
}
