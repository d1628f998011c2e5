import {
  frozenDigest,
  jobId,
  jobSpecTypes,
  marketDomain,
  quoteDigest,
  quoteTypes,
  specFromWire,
  specToWire,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { concat, domainSeparator, hashStruct, keccak256 } from "viem";
import { frozen, jobSpec, quote, RUNS } from "./support/arbitraries.ts";
import { type Harness, startHarness } from "./support/harness.ts";

describe("parity: digests", () => {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>) =>
    fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns: RUNS });

  it("names every job as the market does", () =>
    check(jobSpec, async (spec) => {
      const { chainId, market } = harness;
      expect(jobId({ chainId, market, spec })).to.equal(await harness.marketView("jobId", spec));
    }));

  it("hashes every spec as JobSpecLib does", () =>
    check(jobSpec, async (spec) => {
      const data = { ...spec };
      const hashed = hashStruct({ data, primaryType: "JobSpec", types: jobSpecTypes });
      expect(hashed).to.equal(await harness.solidity("jobSpecHash", spec));
    }));

  it("names a job the same after it travelled as JSON", () =>
    check(jobSpec, async (spec) => {
      const travelled = specFromWire(JSON.parse(JSON.stringify(specToWire(spec))));
      const { chainId, market } = harness;
      expect(jobId({ chainId, market, spec: travelled })).to.equal(await harness.marketView("jobId", spec));
    }));

  it("gives another chain or market another id", () =>
    check(jobSpec, async (spec) => {
      const { chainId, market, token } = harness;
      const id = await harness.marketView("jobId", spec);
      expect(jobId({ chainId: chainId + 1, market, spec })).to.not.equal(id);
      expect(jobId({ chainId, market: token, spec })).to.not.equal(id);
    }));

  it("digests every set of frozen values as FrozenLib does", () =>
    check(frozen, async (values) => {
      expect(frozenDigest(values)).to.equal(await harness.solidity("frozenDigest", values));
    }));

  it("hashes every quote as QuoteLib does, and digests it under the market's domain", () =>
    check(quote, async (values) => {
      const { chainId, market } = harness;
      const struct = (await harness.solidity("quoteHash", values)) as `0x${string}`;
      expect(hashStruct({ data: { ...values }, primaryType: "Quote", types: quoteTypes })).to.equal(struct);
      const separator = domainSeparator({ domain: { ...marketDomain, chainId, verifyingContract: market } });
      const digest = keccak256(concat(["0x1901", separator, struct]));
      expect(quoteDigest({ chainId, market, quote: values })).to.equal(digest);
    }));
});
