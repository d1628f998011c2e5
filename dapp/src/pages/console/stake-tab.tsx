import { QueryView } from "../../components/states.tsx";
import { useMarketAccount } from "../../hooks/use-account.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { BondCard } from "./bond-card.tsx";
import { StakeCard } from "./stake-card.tsx";
import { useParameters, useSureties } from "./use-console.ts";

/** What the account answers with. */
export function StakeTab({ wallet }: { readonly wallet: MarketWallet }) {
  const { address } = wallet.account;
  const account = useMarketAccount(address);
  const sureties = useSureties(address);
  const parameters = useParameters();
  return (
    <QueryView query={parameters} what="The market's terms">
      {(terms) => (
        <QueryView query={account} what="Your account">
          {(held) => (
            <div className="grid grid-cols-1 gap-5">
              <StakeCard wallet={wallet} account={held} parameters={terms} />
              <QueryView query={sureties} what="Your live bond">
                {({ bond }) => <BondCard wallet={wallet} balance={held.balance} bond={bond} parameters={terms} />}
              </QueryView>
            </div>
          )}
        </QueryView>
      )}
    </QueryView>
  );
}
