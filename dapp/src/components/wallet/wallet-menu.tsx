import { ArrowLeftRight, ChevronDown, Copy, LogOut, Wallet } from "lucide-react";
import { useDisconnect } from "wagmi";
import { useMarketAccount } from "../../hooks/use-account.ts";
import { shorten } from "../../lib/format.ts";
import { Amount } from "../amount.tsx";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuLabel } from "../ui/menu.tsx";
import { FundButton } from "./fund-button.tsx";

/** The connected account: what it has in the market, and the way to more of it. */
export function WalletMenu({ address }: { readonly address: `0x${string}` }) {
  const { data: account } = useMarketAccount(address);
  const { mutate: disconnect } = useDisconnect();
  return (
    <div className="flex items-center gap-2">
      <FundButton>
        <ArrowLeftRight aria-hidden /> <span className="hidden sm:inline">Funds</span>
        <span className="sr-only sm:hidden">Funds</span>
      </FundButton>
      <Menu
        trigger={
          <Button size="sm" aria-label={`Account ${shorten(address)}`}>
            <span className="hidden font-mono sm:inline">{shorten(address)}</span>
            <Wallet className="sm:hidden" aria-hidden />
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuLabel>
          In the market: <Amount value={account?.balance} digits={2} className="text-foreground" />
        </MenuLabel>
        <MenuItem onSelect={() => void navigator.clipboard?.writeText(address)}>
          <Copy aria-hidden /> Copy address
        </MenuItem>
        <MenuItem onSelect={() => disconnect({})}>
          <LogOut aria-hidden /> Disconnect
        </MenuItem>
      </Menu>
    </div>
  );
}
