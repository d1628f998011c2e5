import { QueryView } from "../../components/states.tsx";
import { useMarketAccount } from "../../hooks/use-account.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { SeatCard } from "./seat-card.tsx";
import { useHistory, useParameters, useSureties } from "./use-console.ts";

/** The account as a validator. */
export function SeatTab({ wallet }: { readonly wallet: MarketWallet }) {
  const { address } = wallet.account;
  const account = useMarketAccount(address);
  const sureties = useSureties(address);
  const history = useHistory(address);
  const parameters = useParameters();
  return (
    <QueryView query={parameters} what="The market's terms">
      {(terms) => (
        <QueryView query={account} what="Your account">
          {({ balance }) => (
            <QueryView query={sureties} what="Your seat">
              {({ seat }) => (
                <QueryView query={history} what="What your seat did">
                  {({ seat: past }) => (
                    <SeatCard wallet={wallet} balance={balance} seat={seat} history={past} parameters={terms} />
                  )}
                </QueryView>
              )}
            </QueryView>
          )}
        </QueryView>
      )}
    </QueryView>
  );
}
