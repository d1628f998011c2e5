import { courtAbi, type ModelTerms } from "@touchstone/sdk/protocol";
import { type Address, encodeFunctionData, type Hex } from "viem";
import type { Step } from "./steps.ts";

/** The transactions that validators make by hand. Amounts in token units. */
export function seatSteps(court: Address) {
  const abi = courtAbi;
  return {
    stake: (amount: bigint): Step => ({
      title: "stake them for the seat",
      to: court,
      data: encodeFunctionData({ abi, functionName: "stakeSeat", args: [amount] }),
      send: (client) => client.stakeSeat({ amount }),
    }),
    openPanel: (terms: ModelTerms): Step => ({
      title: "open the panel of the model",
      to: court,
      data: encodeFunctionData({ abi, functionName: "openPanel", args: [terms] }),
      send: (client) => client.openPanel({ terms }),
    }),
    join: (owner: Address, model: Hex): Step => ({
      title: `join the panel of model ${model}`,
      to: court,
      data: encodeFunctionData({ abi, functionName: "joinPanel", args: [owner, model] }),
      send: (client) => client.joinPanel({ owner, model }),
    }),
    leave: (owner: Address, model: Hex): Step => ({
      title: `leave the panel of model ${model}`,
      to: court,
      data: encodeFunctionData({ abi, functionName: "leavePanel", args: [owner, model] }),
      send: (client) => client.leavePanel({ owner, model }),
    }),
    withdraw: (): Step => ({
      title: "take the seat's stake into the balance",
      to: court,
      data: encodeFunctionData({ abi, functionName: "withdrawSeat" }),
      send: (client) => client.withdrawSeat(),
    }),
    claim: (account: Address): Step => ({
      title: "claim what the seat earned",
      to: court,
      data: encodeFunctionData({ abi, functionName: "claim", args: [account] }),
      send: (client) => client.claimCredit({ account }),
    }),
  };
}
