import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { ChannelLedger, OverchargeError } from "./channel-ledger.ts";
import type { ChannelRecord } from "./channel-record.ts";

const config = {
  ...{ payer: zeroAddress, payerAuthorizer: zeroAddress, receiver: zeroAddress, receiverAuthorizer: zeroAddress },
  ...{ token: zeroAddress, withdrawDelay: 86_400, salt: zeroHash },
};

const EMPTY: ChannelRecord = {
  ...{ channelId: zeroHash, chainId: 1, provider: zeroAddress, config },
  ...{ deposited: 1_000n, charged: 0n, doubt: 0n, signed: 0n, isUnsure: false, dropped: undefined },
};

const MINUTE = 60_000;

function ledgerOf(changes: Partial<ChannelRecord> = {}, isLent = true): ChannelLedger {
  return new ChannelLedger({ ...EMPTY, ...changes }, 0, isLent);
}

describe("Channel ledger", () => {
  it("signs for what was charged, what calls in flight may cost, and what the next may", () => {
    const ledger = ledgerOf();
    const first = ledger.hold(100n);
    const second = ledger.hold(50n);
    expect([first.ceiling, second.ceiling]).to.deep.equal([100n, 150n]);
    ledger.settle(first, { amount: 30n, cumulative: 30n }, 0);
    expect(ledger.ceilingOf(20n)).to.equal(100n + 1n); // 30 + 50 + 20 is spoken for
    expect(ledger.record).to.include({ charged: 30n, doubt: 50n, signed: 150n });
  });

  it("counts what is in flight as doubt in what it keeps, so that a crash forgets nothing", () => {
    const before = ledgerOf();
    before.hold(100n);
    const after = new ChannelLedger(before.record, 0);
    expect([after.spent, after.ceilingOf(10n)]).to.deep.equal([100n, 110n]);
  });

  it("frees the voucher of a call that was not taken, unless it was spent", () => {
    const ledger = ledgerOf();
    ledger.release(ledger.hold(100n));
    expect(ledger.ceilingOf(100n)).to.equal(100n);
    ledger.release(ledger.hold(100n), true);
    expect(ledger.ceilingOf(100n)).to.equal(101n);
  });

  it("takes no receipt that charges more than calls can have cost", () => {
    const ledger = ledgerOf();
    const hold = ledger.hold(100n);
    expect(() => ledger.settle(hold, { amount: 30n, cumulative: 31n }, 0)).to.throw(OverchargeError);
    expect(ledger.record.charged).to.equal(30n);
  });

  it("never counts more for a call than its reserve, whatever its receipt says", () => {
    const ledger = ledgerOf();
    const hold = ledger.hold(100n);
    expect(() => ledger.settle(hold, { amount: 500n, cumulative: 500n }, 0)).to.throw(OverchargeError);
    expect(ledger.spent).to.equal(100n);
  });

  it("learns from the next receipt what a call cost that the buyer left", () => {
    const ledger = ledgerOf();
    ledger.lose(ledger.hold(100n), true, 0);
    expect([ledger.spent, ledger.ceilingOf(50n)]).to.deep.equal([100n, 150n]);
    ledger.settle(ledger.hold(50n), { amount: 20n, cumulative: 60n }, 2 * MINUTE);
    expect(ledger.record).to.include({ charged: 60n, doubt: 0n });
  });

  it("makes no room for calls that the provider broke off, and still believes that it may have charged them", () => {
    const ledger = ledgerOf();
    ledger.lose(ledger.hold(100n), false, 0);
    expect(ledger.ceilingOf(50n)).to.equal(50n);
    ledger.resync(40n);
    expect([ledger.record.charged, ledger.ceilingOf(50n)]).to.deep.equal([40n, 90n]);
  });

  it("believes no claim beyond what it signed", () => {
    const ledger = ledgerOf();
    ledger.release(ledger.hold(100n));
    expect(() => ledger.resync(1n)).to.throw(OverchargeError);
    for (let call = 0; call < 10; call += 1) {
      ledger.lose(ledger.hold(100n), false, 0);
    }
    expect(ledger.spent <= ledger.record.signed).to.equal(true);
    expect(() => ledger.resync(ledger.record.signed + 1n)).to.throw(OverchargeError);
  });

  it("takes a claim that includes calls which still run for what it is", () => {
    const ledger = ledgerOf();
    ledger.hold(100n);
    ledger.resync(100n);
    expect(ledger.record).to.include({ charged: 0n, doubt: 100n });
  });

  it("believes any claim within the balance of a channel whose record was lost", () => {
    const ledger = ledgerOf({ doubt: 1_000n, signed: 1_000n }, false);
    expect(ledger.ceilingOf(10n)).to.equal(10n);
    ledger.resync(400n);
    expect([ledger.record.charged, ledger.ceilingOf(10n)]).to.deep.equal([400n, 410n]);
  });

  it("is unsure of a deposit until it arrived, and counts it against the budget meanwhile", () => {
    const ledger = ledgerOf();
    ledger.beginDeposit(500n);
    expect([ledger.record.isUnsure, ledger.deposited, ledger.pledged]).to.deep.equal([true, 1_000n, 1_500n]);
    ledger.endDeposit(500n, true);
    expect([ledger.record.isUnsure, ledger.deposited, ledger.pledged]).to.deep.equal([false, 1_500n, 1_500n]);
    ledger.beginDeposit(500n);
    ledger.endDeposit(500n, false);
    expect([ledger.record.isUnsure, ledger.deposited, ledger.pledged]).to.deep.equal([true, 1_500n, 1_500n]);
  });
});
