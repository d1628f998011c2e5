import type { Hex } from "viem";
import type { ChannelConfig } from "../protocol/x402.ts";
import type { ChannelLedger } from "./channel-ledger.ts";
import type { SignedDeposit } from "./deposit.ts";

/** A channel at work. */
export interface Channel {
  readonly id: Hex;
  readonly config: ChannelConfig;
  readonly ledger: ChannelLedger;
  /** Resolves when the deposit that is on its way arrived, or did not. */
  depositing: Promise<void> | undefined;
  /** Signed ahead: goes with the next call. It did not leave, and counts against the budget. */
  ready: SignedDeposit | undefined;
  /** Deposits that left and may still be brought on chain: until then they count against the budget. */
  readonly late: { readonly amount: bigint; readonly until: number }[];
}
