import { expect } from "chai";
import { isAddress, isHash } from "viem";
import { runDemo } from "./support/demo.ts";

type Amounts = Readonly<Record<string, string>>;

describe("the demo of a paid chat", function () {
  this.timeout(120_000);

  it("streams answers with their cost, checks every receipt, and sees it claimed and settled", async () => {
    const { code, stdout, output } = await runDemo("--live", "--json", "--items", "2");
    expect(code, output).to.equal(0);
    const { calls, steps, balances } = JSON.parse(stdout);

    expect(calls).to.have.length(2);
    for (const { prompt, text, provider, receipt, checks } of calls) {
      expect(output).to.include(`> ${prompt}`);
      expect(output).to.include(text.trim().split(/\s+/).slice(0, 3).join(" "));
      expect(isAddress(provider) && isHash(receipt.requestHash) && isHash(receipt.resultRoot)).to.equal(true);
      expect(checks).to.have.length.of.at.least(10);
      expect(checks.filter(({ holds }: { holds: boolean }) => !holds)).to.deep.equal([]);
    }
    const names = new Set(steps.map(({ name }: { name: string }) => name));
    expect([...names]).to.include.members(["deposit", "claim", "settle"]);
    const spent = calls.reduce((sum: bigint, { receipt }: { receipt: Amounts }) => sum + BigInt(receipt.amount), 0n);
    const change = (name: string) => BigInt(balances.after[name]) - BigInt(balances.before[name] ?? "0");
    expect(spent > 0n).to.equal(true);
    expect(change("buyer") + change("in channels")).to.equal(-spent);
  });

  it("shows people the receipts, what was checked of them, and what came on chain", async () => {
    const { code, stdout, output } = await runDemo("--live", "--items", "1");
    expect(code, output).to.equal(0);
    for (const words of ["root of the result", "of the very answer that was received", "settle", "in channels"]) {
      expect(stdout).to.include(words);
    }
    expect(stdout).to.not.include("✘");
  });
});
