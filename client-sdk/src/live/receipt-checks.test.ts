import { expect } from "chai";
import { keptReceiptChecks } from "./receipt-checks.ts";
import { sampleReceipt } from "./store-samples.test.ts";

const failed = (kept: Parameters<typeof keptReceiptChecks>[0]) =>
  keptReceiptChecks(kept).flatMap(({ check, isPassed, sentence }) => (isPassed ? [] : [[check, sentence]]));

describe("what was checked of a kept receipt", () => {
  it("is all of checkReceipt, and whether the answer was whole", () => {
    const checks = keptReceiptChecks(sampleReceipt(1n));
    const names = checks.map(({ check }) => check);
    const receipts = ["signature", "parties", "request", "output", "amount", "seq", "cumulative", "time"];
    expect(names).to.deep.equal([...receipts, "complete"]);
    expect(failed(sampleReceipt(1n))).to.deep.equal([]);
    expect(new Set(checks.map(({ sentence }) => sentence)).size).to.equal(checks.length);
  });

  it("says what was wrong, in the words of the fault", () => {
    const faults = [
      { code: "RECEIPT_AMOUNT", message: "too much" },
      { code: "OVERCHARGED", message: "more than was signed" },
      { code: "ANSWER_CUT", message: "broken off" },
    ];
    expect(failed(sampleReceipt(1n, faults))).to.deep.equal([
      ["amount", "too much"],
      ["cumulative", "more than was signed"],
      ["complete", "broken off"],
    ]);
  });

  it("claims nothing of an output that nobody looked at, and hides no fault of one", () => {
    const unseen = { ...sampleReceipt(1n), output: undefined };
    expect(keptReceiptChecks(unseen).map(({ check }) => check)).to.not.include("output");
    const faults = [{ code: "RECEIPT_OUTPUT", message: "another answer" }];
    expect(failed({ ...unseen, faults })).to.deep.equal([["output", "another answer"]]);
  });

  it("tells of another provider's look only where there was one", () => {
    const confirmed = keptReceiptChecks({ ...sampleReceipt(1n), recheck: "confirmed" }).at(-1);
    expect(confirmed).to.include({ check: "recheck", isPassed: true });
    const faults = [{ code: "RECHECK_REFUTED", message: "does not agree" }];
    expect(failed({ ...sampleReceipt(1n, faults), recheck: "refuted" })).to.deep.equal([["recheck", "does not agree"]]);
  });
});
