import { expect } from "chai";
import fc from "fast-check";
import { zeroAddress, zeroHash } from "viem";
import { ChannelLedger, type Hold } from "./channel-ledger.ts";

const config = {
  ...{ payer: zeroAddress, payerAuthorizer: zeroAddress, receiver: zeroAddress, receiverAuthorizer: zeroAddress },
  ...{ token: zeroAddress, withdrawDelay: 86_400, salt: zeroHash },
};
const parties = { channelId: zeroHash, chainId: 1, provider: zeroAddress, config };
const money = { deposited: 0n, charged: 0n, doubt: 0n, signed: 0n, isUnsure: false, dropped: undefined };

const step = fc.record({
  what: fc.constantFrom("hold", "settle", "leave", "break", "release", "crash" as const),
  reserve: fc.bigInt({ min: 1n, max: 1_000n }),
  which: fc.nat(),
  share: fc.integer({ min: 0, max: 100 }),
});

/** Holds a call at an honest provider, which asks for another voucher where the first is too low. */
function pay(ledger: ChannelLedger, reserve: bigint, owed: bigint): Hold {
  const first = ledger.hold(reserve);
  if (first.ceiling >= owed + reserve) {
    return first;
  }
  ledger.release(first, true);
  ledger.resync(owed);
  const second = ledger.hold(reserve);
  expect(second.ceiling >= owed + reserve).to.equal(true);
  return second;
}

describe("Channel ledger, over random lives with an honest provider", () => {
  it("never doubts the provider, always signs enough, and knows in the end what was charged", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let ledger = new ChannelLedger({ ...parties, ...money }, 0);
        const running: Hold[] = [];
        let charged = 0n; // by the provider
        let now = 0;
        for (const { what, reserve, which, share } of steps) {
          now += 120_000;
          const [hold] = what === "hold" || running.length === 0 ? [] : running.splice(which % running.length, 1);
          const amount = hold === undefined ? 0n : (hold.reserve * BigInt(share)) / 100n;
          if (hold === undefined) {
            const inFlight = running.reduce((sum, one) => sum + one.reserve, 0n);
            const next = pay(ledger, reserve, charged + inFlight);
            running.push(next);
          } else if (what === "settle") {
            charged += amount;
            ledger.settle(hold, { amount, cumulative: charged }, now);
          } else if (what === "release") {
            ledger.release(hold);
          } else {
            charged += amount;
            ledger.lose(hold, what === "leave", now);
          }
          if (what === "crash") {
            running.length = 0;
            ledger = new ChannelLedger(ledger.record, now);
          }
          expect(charged <= ledger.spent).to.equal(true);
          expect(ledger.spent <= ledger.record.signed || ledger.spent === ledger.record.charged).to.equal(true);
        }
        for (const hold of running) {
          ledger.release(hold);
        }
        ledger.settle(pay(ledger, 1n, charged), { amount: 1n, cumulative: charged + 1n }, now + 120_000);
        expect(ledger.record.charged).to.equal(charged + 1n);
      }),
      { numRuns: 300 },
    );
  });
});
