import type { Pricing } from "@touchstone/sdk/protocol";
import type { Address, Hex } from "viem";
import type { CallMeans } from "./call.ts";
import type { Carrier } from "./carrier.ts";
import type { Claims } from "./claims.ts";
import type { LiveTerms } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import type { Offers } from "./offers.ts";
import type { PaymentReader } from "./payment.ts";
import type { Refunds } from "./refunds.ts";

/** What a desk is made of. */
export interface DeskParts extends CallMeans {
  readonly provider: Address;
  readonly terms: LiveTerms;
  /** In force now, by model. */
  readonly pricing: (model: Hex) => Pricing;
  readonly offers: Offers;
  readonly payments: PaymentReader;
  readonly ledger: Ledger;
  readonly carrier: Carrier;
  readonly refunds: Refunds;
  readonly claims: Claims;
  /** Most bytes of all blobs. */
  readonly maxStoreBytes: number;
  /** Seconds that a transaction takes to land, with room to spare. */
  readonly landingSeconds: number;
  /** Whether it takes no new calls. */
  readonly isDraining: () => boolean;
  /** Whether the chain is known as it is now. */
  readonly isSynced: () => boolean;
}
