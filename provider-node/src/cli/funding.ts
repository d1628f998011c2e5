import type { Address } from "viem";
import { erc20Abi } from "viem";
import { NodeError } from "../errors.ts";
import { type MarketClient, type MarketToken, parseAmount, readToken, showAmount } from "./market.ts";
import { providerSteps, type Step } from "./steps.ts";

/** Whose balance in which market is to be used. */
export interface Funded {
  readonly client: MarketClient;
  readonly market: Address;
  readonly account: Address;
  /** Whether the transactions are only printed, for a wallet that may have its tokens later. */
  readonly isPrinted: boolean;
}

/**
 * What must come before an account can use so many tokens of its balance in the market: a deposit of what the balance lacks.
 *
 * @param text In tokens, such as `0.5`.
 * @throws NodeError `CONFIG_INVALID` for no amount; `TOKENS_MISSING` where the account's wallet has not what is missing.
 */
export async function fundingOf(
  text: string,
  { client, market, account, isPrinted }: Funded,
): Promise<{ readonly amount: bigint; readonly funding: readonly Step[] }> {
  const token = await readToken(client, market);
  const amount = parseAmount(text, token);
  const { balance } = await client.getAccount({ account });
  const missing = amount > balance ? amount - balance : 0n;
  if (missing === 0n) {
    return { amount, funding: [] };
  }
  if (!isPrinted) {
    await requireTokens(client, token, account, missing);
  }
  const steps = providerSteps(market);
  return { amount, funding: [steps.approve(token.address, missing), steps.deposit(account, missing)] };
}

async function requireTokens(client: MarketClient, token: MarketToken, account: Address, missing: bigint) {
  const held = await client.readContract({
    address: token.address,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [account],
  });
  if (held < missing) {
    const sentence = `${account} holds ${showAmount(held, token)}, and ${showAmount(missing, token)} must be deposited. Send it the rest first.`;
    throw new NodeError("TOKENS_MISSING", sentence, { details: { account, held, missing } });
  }
}
