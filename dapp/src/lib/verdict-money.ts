import { courtAbi, marketAbi } from "@touchstone/sdk/protocol";
import { type Address, type Hex, isAddressEqual, type Log, parseEventLogs } from "viem";

/** Who gained or lost by a case. */
export type Party = "client" | "provider" | "seats" | "nobody";

/** What somebody has (above zero) or lost by the end of a case. Token units. */
export interface MoneyLine {
  readonly party: Party;
  readonly what: string;
  readonly amount: bigint;
}

/** What a case's money is read from. Amounts in token units. */
export interface CaseMoney {
  readonly job: Hex;
  readonly client: Address;
  readonly provider: Address;
  readonly isReceipt: boolean;
  /** What the client put down for it. */
  readonly bond: bigint;
  /** What the job paid the provider; zero while it is not settled. */
  readonly paid: bigint;
  /** What a seat has for its work. */
  readonly seatFee: bigint;
  /** What each seat lost by the case. */
  readonly fines: readonly bigint[];
  /** Of the transaction that closed the case, all of them. */
  readonly logs: readonly Log[];
}

/** Who gained and lost what by a case that is over; lines of nothing are left out. */
export function moneyOfCase(money: CaseMoney): readonly MoneyLine[] {
  const { bond, paid, seatFee, fines } = money;
  const { refund, award, returned, taken, burned } = closingOf(money);
  const part = money.isReceipt ? "live bond" : "stake";
  const lines: MoneyLine[] = [
    { party: "client", what: "Price, repaid", amount: refund },
    { party: "client", what: `Share of the provider's ${part}`, amount: award },
    { party: "client", what: "Bond, given back", amount: returned },
    { party: "client", what: returned > 0n ? "Bond, kept for the seats" : "Bond, lost", amount: returned - bond },
    { party: "provider", what: "Price, less the fee", amount: paid },
    { party: "provider", what: capital(part), amount: -taken },
    { party: "seats", what: "For their work", amount: seatFee * BigInt(fines.filter((fine) => fine === 0n).length) },
    { party: "seats", what: "Fines", amount: -fines.reduce((sum, fine) => sum + fine, 0n) },
    { party: "nobody", what: "Burned", amount: burned },
  ];
  return lines.filter(({ amount }) => amount !== 0n);
}

/** What the closing transaction moved. */
function closingOf({ job, client, provider, isReceipt, bond, logs }: CaseMoney) {
  const told = parseEventLogs({ abi: [...marketAbi, ...courtAbi], logs: [...logs] });
  const sum = { refund: 0n, award: 0n, paid: 0n, taken: 0n, burned: 0n };
  for (const { eventName, args } of told) {
    if (eventName === "JobRefunded" && args.id === job) {
      sum.refund += args.refund;
    } else if (eventName === "Awarded" && isAddressEqual(args.recipient, client)) {
      sum.award += args.amount;
    } else if (eventName === "Paid" && isAddressEqual(args.to, client)) {
      sum.paid += args.amount;
    } else if ((eventName === "Slashed" || eventName === "BondSlashed") && isAddressEqual(args.provider, provider)) {
      sum.taken += args.amount;
      sum.burned += args.burned;
    }
  }
  // A receipt's payer has its share and its bond by payments of one kind: what is more than the bond is the share.
  const returned = sum.paid < bond ? sum.paid : bond;
  return { ...sum, returned, award: isReceipt ? sum.paid - returned : sum.award };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
