import { courtAbi } from "@touchstone/sdk/protocol";
import { type Address, encodeFunctionData } from "viem";
import { isFatal } from "../errors.ts";
import type { SeatContext } from "./context.ts";
import { transact } from "./words.ts";

/** Has the court pay what these accounts earned, as far as the pool reaches: an empty pool leaves the credit standing. */
export async function claimCredits(context: SeatContext, accounts: readonly Address[]): Promise<void> {
  const { court, logger } = context;
  for (const account of accounts) {
    try {
      const credit = await court.creditOf(account);
      if (credit > 0n) {
        const data = encodeFunctionData({ abi: courtAbi, functionName: "claim", args: [account] });
        await transact(context, `claim:${account}`, data);
        logger.info("credit claimed", { account, credit });
      }
    } catch (error) {
      context.signal.throwIfAborted();
      if (isFatal(error)) {
        throw error;
      }
      logger.warn("credit not claimed", { account, error });
    }
  }
}
