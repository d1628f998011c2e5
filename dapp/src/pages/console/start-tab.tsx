import { Amount } from "../../components/amount.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { QueryView } from "../../components/states.tsx";
import { Card } from "../../components/ui/card.tsx";
import { useMarketAccount } from "../../hooks/use-account.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { StepsCard } from "./steps-card.tsx";
import { useHistory, useParameters, useSureties } from "./use-console.ts";

/** Where the account stands, and what it does next. */
export function StartTab({ wallet }: { readonly wallet: MarketWallet }) {
  const { address } = wallet.account;
  const account = useMarketAccount(address);
  const sureties = useSureties(address);
  const history = useHistory(address);
  const parameters = useParameters();
  const all = [account, sureties, history, parameters];
  const query = {
    data:
      account.data && sureties.data && history.data && parameters.data
        ? { account: account.data, sureties: sureties.data, history: history.data, parameters: parameters.data }
        : undefined,
    error: all.find(({ error }) => error !== null)?.error,
    isPending: all.some(({ isPending }) => isPending),
    refetch: () => Promise.all(all.map(({ refetch }) => refetch())),
  };
  return (
    <QueryView query={query} what="Your account" rows={5}>
      {({ account: held, sureties: { bond }, history: { provider, operators }, parameters: terms }) => (
        <div className="grid grid-cols-1 gap-5">
          <Card>
            <Facts>
              <Fact name="Balance in the market">
                <Amount value={held.balance} />
              </Fact>
              <Fact name="Staked">
                <Amount value={held.stake} />
              </Fact>
              <Fact name="Room for jobs">
                <Amount value={held.capacity} />
              </Fact>
              <Fact name="Earned in all">
                <Amount value={provider?.earned ?? 0n} />
              </Fact>
            </Facts>
          </Card>
          <StepsCard
            wallet={wallet}
            account={held}
            bond={bond}
            operators={operators}
            hasCard={provider?.uri !== undefined}
            parameters={terms}
          />
        </div>
      )}
    </QueryView>
  );
}
