import {
  callSalt,
  jobId,
  marketDomain,
  type Receipt,
  receiptDigest,
  receiptFrozen,
  receiptJob,
  receiptRoot,
  receiptSpec,
  receiptTypes,
  resultLeaf,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { concat, domainSeparator, hashStruct, keccak256 } from "viem";

import { hash, RUNS, receipt, uint } from "./support/arbitraries.ts";
import { type Harness, startHarness } from "./support/harness.ts";

const LIFETIME = 86_400;

describe("parity: receipts", () => {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  const check = (holds: (value: Receipt) => Promise<void>) =>
    fc.assert(fc.asyncProperty(receipt, holds), { numRuns: RUNS });

  it("hashes every receipt as ReceiptLib does, and digests it under the market's domain", () =>
    check(async (values) => {
      const { chainId, market } = harness;
      const struct = (await harness.solidity("receiptHash", values)) as `0x${string}`;
      expect(hashStruct({ data: { ...values }, primaryType: "Receipt", types: receiptTypes })).to.equal(struct);
      const separator = domainSeparator({ domain: { ...marketDomain, chainId, verifyingContract: market } });
      const digest = keccak256(concat(["0x1901", separator, struct]));
      expect(receiptDigest({ chainId, market, receipt: values })).to.equal(digest);
    }));

  it("names every call as ReceiptLib does", () =>
    check(async ({ channelId, seq }) => {
      expect(callSalt({ channelId, seq })).to.equal(await harness.solidity("callSalt", channelId, seq));
    }));

  it("makes every receipt the job that ReceiptLib makes it", () =>
    fc.assert(
      fc.asyncProperty(receipt, uint(32), async (values, lifetime) => {
        expect(receiptSpec(values, lifetime)).to.deep.equal(await harness.solidity("receiptSpec", values, lifetime));
        const frozen = await harness.solidity("receiptFrozen", values, lifetime);
        expect(receiptFrozen(values, lifetime)).to.deep.equal(frozen);
      }),
      { numRuns: RUNS },
    ));

  it("names that job as the market does", () =>
    check(async (values) => {
      const { chainId, market } = harness;
      const spec = await harness.solidity("receiptSpec", values, LIFETIME);
      const job = receiptJob({ chainId, market, receipt: values, lifetime: LIFETIME });
      expect(job).to.equal(await harness.marketView("jobId", spec));
      expect(jobId({ chainId, market, spec: receiptSpec(values, LIFETIME) })).to.equal(job);
    }));

  it("has one result leaf for its root", () =>
    fc.assert(
      fc.asyncProperty(receipt, hash, hash, async (values, outputHash, traceRoot) => {
        const { chainId, market } = harness;
        const place = { chainId, market, receipt: values, lifetime: LIFETIME };
        const leaf = resultLeaf({ job: receiptJob(place), provider: values.provider, index: 0, outputHash, traceRoot });
        expect(receiptRoot({ ...place, outputHash, traceRoot })).to.equal(leaf);
        const args = [receiptJob(place), values.provider, 0n, outputHash, traceRoot];
        expect(await harness.solidity("resultLeaf", ...args)).to.equal(leaf);
      }),
      { numRuns: RUNS },
    ));
});
