import { type Address, type Hex, isAddressEqual } from "viem";
import type { Purse } from "./purse.ts";
import type { Reputation } from "./reputation.ts";
import type { TrackRecord } from "./track-record.ts";
import type { PaymentSigner } from "./wallet.ts";

/** How the money stands with one provider. Token units. */
export interface ChannelStatus {
  readonly provider: Address;
  readonly channelId: Hex;
  readonly deposited: bigint;
  /** What `topUp` had signed and no call took along yet. */
  readonly toppedUp: bigint;
  /** Whether the present voucher signer can pay through it: not where it was made for another session key. */
  readonly isPayable: boolean;
  /** Charged, by receipts that hold. */
  readonly charged: bigint;
  /** Charged, signed for and not settled yet, or in doubt: what counts against the budget. */
  readonly spent: bigint;
  /** Calls that run. */
  readonly inFlight: number;
  /** Why nothing is bought of the provider any more. */
  readonly dropped: string | undefined;
}

/** How a live client stands. */
export interface LiveStatus {
  /** Counted against the budget, token units. */
  readonly spent: bigint;
  readonly deposited: bigint;
  readonly channels: readonly ChannelStatus[];
  /** What was measured, by `provider/model id`. */
  readonly records: ReadonlyMap<string, TrackRecord>;
}

/** How purse and providers stand. */
export function statusOf(purse: Purse, reputation: Reputation, signer: PaymentSigner): LiveStatus {
  const channels = purse.channels.map(({ id, config, ready, ledger }) => {
    const { provider, deposited, charged, dropped } = ledger.record;
    const isPayable = isAddressEqual(config.payerAuthorizer, signer.authorizer);
    return {
      ...{ provider, channelId: id, deposited, toppedUp: ready?.amount ?? 0n, isPayable, charged, dropped },
      ...{ spent: ledger.spent, inFlight: ledger.inFlight },
    };
  });
  const sum = (of: (channel: ChannelStatus) => bigint) => channels.reduce((total, one) => total + of(one), 0n);
  return {
    spent: sum(({ spent }) => spent),
    deposited: sum(({ deposited }) => deposited),
    channels,
    records: new Map(reputation.records),
  };
}
