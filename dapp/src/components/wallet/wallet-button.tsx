import { Wallet } from "lucide-react";
import { lazy, Suspense } from "react";
import { useConnection } from "wagmi";
import { Button } from "../ui/button.tsx";
import { useWalletDialog } from "./wallet-dialog.tsx";

/** Newcomers have nothing connected: their first page comes without it. */
const WalletMenu = lazy(async () => ({ default: (await import("./wallet-menu.tsx")).WalletMenu }));

/** Who is connected and what it has in the market; or the way to connect. */
export function WalletButton() {
  const { address, status } = useConnection();
  const { open } = useWalletDialog();
  if (status !== "connected") {
    return (
      <Button variant="primary" size="sm" onClick={open} isBusy={status === "reconnecting"}>
        <Wallet aria-hidden /> Connect
      </Button>
    );
  }
  return (
    <Suspense>
      <WalletMenu address={address} />
    </Suspense>
  );
}
