import { courtAbi, marketAbi, Outcome } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type Abi, type AbiEvent, encodeAbiParameters, encodeEventTopics, getAbiItem, type Log } from "viem";
import { type CaseMoney, moneyOfCase } from "./verdict-money.ts";

const CLIENT = "0x00000000000000000000000000000000000000C1";
const PROVIDER = "0x00000000000000000000000000000000000000A1";
const OTHER = "0x00000000000000000000000000000000000000B1";
const JOB = `0x${"01".repeat(32)}` as const;

/** A log as a receipt has it. */
function log(abi: Abi, eventName: string, args: Record<string, unknown>): Log {
  const { inputs } = getAbiItem({ abi, name: eventName }) as AbiEvent;
  const plain = inputs.filter(({ indexed }) => indexed !== true);
  const data = encodeAbiParameters(
    plain,
    plain.map(({ name = "" }) => args[name]),
  );
  const place = { blockHash: JOB, blockNumber: 1n, logIndex: 0, transactionHash: JOB, transactionIndex: 0 };
  const topics = encodeEventTopics({ abi, eventName, args }) as Log["topics"];
  return { address: OTHER, topics, data, ...place, removed: false };
}

describe("who gained and lost by a case", () => {
  const market = (name: string, args: Record<string, unknown>) => log(marketAbi, name, args);
  const usual: CaseMoney = {
    job: JOB,
    client: CLIENT,
    provider: PROVIDER,
    isReceipt: false,
    bond: 0n,
    paid: 0n,
    seatFee: 20n,
    fines: [0n, 0n, 0n],
    logs: [],
  };
  const sums = (change: Partial<CaseMoney>) =>
    moneyOfCase({ ...usual, ...change }).map(({ party, what, amount }) => [party, what, amount]);

  it("gives the client of a convicted provider its price, its share and its bond, and tells what burned", () => {
    const logs = [
      market("JobRefunded", { id: JOB, provider: PROVIDER, outcome: Outcome.Rejected, refund: 7n, penalty: 0n }),
      market("Awarded", { recipient: CLIENT, provider: PROVIDER, amount: 50n }),
      market("Awarded", { recipient: OTHER, provider: PROVIDER, amount: 25n }),
      market("Slashed", { provider: PROVIDER, amount: 250n, burned: 175n }),
      market("Paid", { to: CLIENT, amount: 5n }),
      market("Paid", { to: OTHER, amount: 9n }),
    ];
    expect(sums({ logs, bond: 5n })).to.deep.equal([
      ["client", "Price, repaid", 7n],
      ["client", "Share of the provider's stake", 50n],
      ["client", "Bond, given back", 5n],
      ["provider", "Stake", -250n],
      ["seats", "For their work", 60n],
      ["nobody", "Burned", 175n],
    ]);
  });

  it("takes the bond of a client that challenged an honest provider, which is paid", () => {
    expect(sums({ bond: 5n, paid: 6n })).to.deep.equal([
      ["client", "Bond, lost", -5n],
      ["provider", "Price, less the fee", 6n],
      ["seats", "For their work", 60n],
    ]);
  });

  it("leaves out what belongs to other jobs of the same transaction", () => {
    const logs = [
      market("JobRefunded", {
        id: `0x${"02".repeat(32)}`,
        provider: PROVIDER,
        outcome: Outcome.Rejected,
        refund: 7n,
        penalty: 0n,
      }),
      market("Slashed", { provider: OTHER, amount: 250n, burned: 175n }),
    ];
    expect(sums({ logs, fines: [0n, 0n, 9n] })).to.deep.equal([
      ["seats", "For their work", 40n],
      ["seats", "Fines", -9n],
    ]);
  });

  it("splits what the payer of a receipt has into its bond and its share of the live bond", () => {
    const logs = [
      market("Paid", { to: CLIENT, amount: 40n }),
      log(courtAbi, "BondSlashed", { provider: PROVIDER, amount: 100n, burned: 60n }),
      market("Paid", { to: CLIENT, amount: 5n }),
    ];
    expect(sums({ logs, isReceipt: true, bond: 5n, fines: [] })).to.deep.equal([
      ["client", "Share of the provider's live bond", 40n],
      ["client", "Bond, given back", 5n],
      ["provider", "Live bond", -100n],
      ["nobody", "Burned", 60n],
    ]);
  });

  it("tells what of a bond is kept where nobody could judge", () => {
    const logs = [market("Paid", { to: CLIENT, amount: 3n })];
    expect(sums({ logs, bond: 5n, fines: [] })).to.deep.equal([
      ["client", "Bond, given back", 3n],
      ["client", "Bond, kept for the seats", -2n],
    ]);
  });
});
