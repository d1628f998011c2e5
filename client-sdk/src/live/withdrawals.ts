import type { Address, Hex } from "viem";
import { finalizeChannelWithdraw } from "../actions/finalize-channel-withdraw.ts";
import { getChannel } from "../actions/get-channel.ts";
import type { WriteClient } from "../actions/internal/clients.ts";
import { requestChannelWithdraw } from "../actions/request-channel-withdraw.ts";
import { greater } from "./amount.ts";
import type { Channel } from "./channel.ts";

/** What became of a channel's rest. */
export interface Withdrawal {
  readonly provider: Address;
  readonly channelId: Hex;
  /** `withdrawn`: it is in the wallet. `requested`: call again once it may be withdrawn. */
  readonly state: "requested" | "withdrawn";
  /** Token units. */
  readonly amount: bigint;
  /** Unix seconds; nothing once it is withdrawn. */
  readonly withdrawableAt: number | undefined;
}

/**
 * Takes a channel's rest back without its provider: asks for it, or ends what was asked for when its time has come. What was
 * charged stays for the provider to claim.
 *
 * @param now Unix seconds, of the chain.
 * @returns Nothing where nothing is left. Throws what the actions throw.
 */
export async function withdrawRest(
  client: WriteClient,
  { id, config, ledger }: Channel,
  now: number,
): Promise<Withdrawal | undefined> {
  const { provider, charged } = ledger.record;
  const { balance, totalClaimed, withdrawal } = await getChannel(client, { config });
  const due = greater(charged, totalClaimed);
  const told = { provider, channelId: id };
  ledger.setDeposited(balance);
  if (withdrawal === undefined) {
    if (balance <= due) {
      return undefined;
    }
    const amount = balance - due;
    const { withdrawableAt } = await requestChannelWithdraw(client, { config, amount });
    return { ...told, state: "requested", amount, withdrawableAt };
  }
  const { amount, withdrawableAt } = withdrawal;
  if (now < withdrawableAt) {
    return { ...told, state: "requested", amount, withdrawableAt };
  }
  const done = await finalizeChannelWithdraw(client, { config });
  ledger.setDeposited(balance - done.amount);
  return { ...told, state: "withdrawn", amount: done.amount, withdrawableAt: undefined };
}
