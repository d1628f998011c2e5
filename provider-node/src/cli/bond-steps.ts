import { courtAbi } from "@touchstone/sdk/protocol";
import { type Address, encodeFunctionData } from "viem";
import type { Step } from "./steps.ts";

/** The transactions by which a provider's live bond comes and goes. Amounts in token units. */
export function bondSteps(court: Address) {
  const abi = courtAbi;
  return {
    post: (amount: bigint): Step => ({
      title: "post them as live bond",
      to: court,
      data: encodeFunctionData({ abi, functionName: "postBond", args: [amount] }),
      send: (client) => client.postBond({ amount }),
    }),
    requestExit: (amount: bigint): Step => ({
      title: "ask bond back",
      to: court,
      data: encodeFunctionData({ abi, functionName: "requestBondExit", args: [amount] }),
      send: (client) => client.requestBondExit({ amount }),
    }),
    withdraw: (provider: Address): Step => ({
      title: "take the bond that was asked back into the balance",
      to: court,
      data: encodeFunctionData({ abi, functionName: "withdrawBond", args: [provider] }),
      send: (client) => client.withdrawBond({ provider }),
    }),
  };
}
