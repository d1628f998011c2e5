import { marketAbi } from "@touchstone/sdk/protocol";
import { type Account, type Address, encodeFunctionData, erc20Abi, type Hash, type Hex } from "viem";
import type { Config } from "../config.ts";
import type { Host } from "./host.ts";
import { type MarketClient, marketClient } from "./market.ts";
import { sayJson, sayTable } from "./output.ts";

/** One transaction, to send with a key of this machine or to sign elsewhere. */
export interface Step {
  readonly title: string;
  readonly to: Address;
  readonly data: Hex;
  send(client: MarketClient): Promise<{ readonly hash: Hash }>;
}

/** The transactions that providers make by hand. Amounts in token units, times in unix seconds. */
export function providerSteps(market: Address) {
  const abi = marketAbi;
  return {
    approve: (token: Address, amount: bigint): Step => ({
      title: "let the market take the tokens",
      to: token,
      data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [market, amount] }),
      send: (client) => client.approveToken({ amount }),
    }),
    deposit: (account: Address, amount: bigint): Step => ({
      title: "deposit them",
      to: market,
      data: encodeFunctionData({ abi, functionName: "deposit", args: [account, amount] }),
      send: (client) => client.deposit({ amount, beneficiary: account }),
    }),
    stake: (amount: bigint): Step => ({
      title: "stake them",
      to: market,
      data: encodeFunctionData({ abi, functionName: "stake", args: [amount] }),
      send: (client) => client.stake({ amount }),
    }),
    requestUnstake: (amount: bigint): Step => ({
      title: "ask stake back",
      to: market,
      data: encodeFunctionData({ abi, functionName: "requestUnstake", args: [amount] }),
      send: (client) => client.requestUnstake({ amount }),
    }),
    withdrawStake: (provider: Address): Step => ({
      title: "take unbonded stake into the balance",
      to: market,
      data: encodeFunctionData({ abi, functionName: "withdrawStake", args: [provider] }),
      send: (client) => client.withdrawStake({ provider }),
    }),
    setOperator: (operator: Address, validUntil: number): Step => ({
      title: "set the operator key's time",
      to: market,
      data: encodeFunctionData({ abi, functionName: "setOperator", args: [operator, validUntil] }),
      send: (client) => client.setOperator({ operator, validUntil }),
    }),
    updateProvider: (provider: Address, uri: string): Step => ({
      title: "publish where the card is",
      to: market,
      data: encodeFunctionData({ abi, functionName: "updateProvider", args: [provider, uri] }),
      send: (client) => client.updateProvider({ provider, uri }),
    }),
  };
}

/** Prints transactions as `--calldata` asks, for a wallet elsewhere. */
export function sayCalldata(host: Host, steps: readonly Step[]): void {
  sayJson(host, { transactions: steps.map(({ title, to, data }) => ({ title, to, value: "0", data })) });
}

/** Sends transactions one after the other and says their hashes. Each is mined before the next is sent. */
export async function sendSteps(
  host: Host,
  config: Config,
  account: Account,
  steps: readonly Step[],
  asJson: boolean,
): Promise<void> {
  const client = marketClient(config, account);
  const sent: { title: string; hash: Hash }[] = [];
  for (const step of steps) {
    const { hash } = await step.send(client);
    sent.push({ title: step.title, hash });
  }
  if (asJson) {
    sayJson(host, { transactions: sent });
  } else {
    sayTable(
      host,
      sent.map(({ title, hash }) => [title, hash]),
    );
  }
}
