import { expect } from "chai";
import { isAddress, isHash } from "viem";
import { runDemo } from "./support/demo.ts";

const MODES = ["quoted", "direct", "open", "order"] as const;

describe("the demo", function () {
  this.timeout(180_000);

  for (const mode of MODES) {
    it(`buys, checks and settles a ${mode} job, and tells it as one JSON object`, async () => {
      const { code, stdout, output } = await runDemo("--json", "--items", "2", "--mode", mode);
      expect(code, output).to.equal(0);
      const { chainId, market, token, job, outputs, gas, balances } = JSON.parse(stdout);
      expect(chainId).to.equal(31_337);
      expect([market, token, job.provider].every((address) => isAddress(address))).to.equal(true);
      expect([job.id, job.model, job.root].every((hash) => isHash(hash))).to.equal(true);
      expect(job.items).to.equal(2);
      expect(job.outcome).to.equal("Unverified");
      expect(outputs.map(({ index }: { index: number }) => index)).to.deep.equal([0, 1]);
      for (const { prompt, text, outputHash } of outputs) {
        expect(prompt).to.be.a("string").that.is.not.empty;
        expect(text).to.be.a("string").that.is.not.empty;
        expect(isHash(outputHash)).to.equal(true);
      }
      expect(gas.total).to.equal(gas.post + gas.accept + gas.submit + gas.settle);
      expect(gas.settle).to.be.greaterThan(21_000);
      expect(BigInt(balances.before.buyer) - BigInt(balances.after.buyer)).to.equal(BigInt(job.price));
    });
  }

  it("prints tables for people", async () => {
    const { code, stdout, output } = await runDemo("--items", "1");
    expect(code, output).to.equal(0);
    for (const heading of ["prompt", "output hash", "result root", "gas", "balance in the market"]) {
      expect(stdout).to.include(heading);
    }
  });

  it("ends with 2 and the usage where it is called wrongly", async () => {
    const { code, output } = await runDemo("--items", "none");
    expect(code).to.equal(2);
    expect(output).to.include("--items none");
  });
});
