import { Wallet } from "lucide-react";
import type { ReactNode } from "react";
import { useSwitchChain } from "wagmi";
import { useAct } from "../hooks/use-act.ts";
import { type MarketWallet, useWallet } from "../hooks/use-wallet.ts";
import { useNetwork } from "../network/network-context.tsx";
import { Empty, Loading } from "./states.tsx";
import { Button } from "./ui/button.tsx";
import { useWalletDialog } from "./wallet/wallet-dialog.tsx";

export interface RequireWalletProps {
  /** What it is needed for, after "Connect a wallet to": "see your jobs". */
  readonly purpose: string;
  readonly children: (wallet: MarketWallet) => ReactNode;
}

/** Shows its children once a wallet is connected on the right chain; until then, what to do. */
export function RequireWallet({ purpose, children }: RequireWalletProps) {
  const { address, isWrongChain, wallet } = useWallet();
  const { open } = useWalletDialog();
  if (address === undefined) {
    return (
      <Empty
        icon={Wallet}
        title={`Connect a wallet to ${purpose}`}
        actions={
          <Button variant="primary" onClick={open}>
            Connect a wallet
          </Button>
        }
      >
        Your keys stay in the wallet; it asks you before anything is signed.
      </Empty>
    );
  }
  if (isWrongChain) {
    return <WrongChain />;
  }
  return wallet === undefined ? <Loading label="Asking the wallet" /> : children(wallet);
}

/** The wallet is on another chain: says so, and offers to change it. */
export function WrongChain() {
  const { name, chainId } = useNetwork();
  const { mutateAsync } = useSwitchChain();
  const change = useAct({ name: "Switch", run: () => mutateAsync({ chainId }) });
  return (
    <Empty
      icon={Wallet}
      title="Your wallet is on another chain"
      actions={
        <Button variant="primary" onClick={() => change.mutate()} isBusy={change.isPending}>
          Switch to {name}
        </Button>
      }
    >
      This market is on {name} (chain {chainId}). Nothing is sent before the wallet is there, too.
    </Empty>
  );
}
