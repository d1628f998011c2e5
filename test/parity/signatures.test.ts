import {
  buyerActions,
  exposureCap,
  feeOf,
  freeze,
  freezeResult,
  JobStatus,
  providerActions,
  SEALED,
  testTokenAbi,
} from "@touchstone/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { zeroHash } from "viem";
import { localParameters } from "../../scripts/network/parameters.ts";
import { hash } from "./support/arbitraries.ts";
import { type Harness, startHarness } from "./support/harness.ts";

/** Each run sends transactions, so fewer of them. */
const RUNS = 25;
const STAKE = 1_000_000_000_003n;

const terms = fc.record({
  model: hash.filter((value) => value !== zeroHash),
  input: hash.filter((value) => value !== zeroHash),
  items: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  price: fc.bigInt({ min: 1n, max: 1_000_000n }),
  submitWithin: fc.integer({ min: 1, max: localParameters.maxSubmitWithin }),
  challengeWindow: fc.integer({ min: localParameters.minChallengeWindow, max: localParameters.maxChallengeWindow }),
  sealed: fc.boolean(),
  salt: hash,
});

describe("parity: what is signed here, the market takes", () => {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  async function trader(index: number) {
    const { market, token } = harness;
    const person = harness.person(index).extend(buyerActions({ market })).extend(providerActions({ market }));
    const to = person.account.address;
    const call = { address: token, abi: testTokenAbi, functionName: "mint", args: [to, 2n * STAKE] } as const;
    await person.waitForTransactionReceipt({ hash: await person.writeContract(call) });
    await person.depositWithPermit({ amount: 2n * STAKE });
    return person;
  }

  it("quotes and orders of any terms; what is frozen and what is paid comes out as computed", async () => {
    const buyer = await trader(1);
    const provider = await trader(2);
    await provider.stake({ amount: STAKE });
    expect((await provider.getAccount()).capacity).to.equal(exposureCap(STAKE, localParameters.exposureShare));
    await buyer.reserve({ amount: STAKE });
    const named = { provider: provider.account.address };

    await fc.assert(
      fc.asyncProperty(terms, hash, async (chosen, root) => {
        fc.pre(root !== zeroHash);
        const { spec } = await buyer.prepareJob({ ...chosen, ...named });
        expect(spec.flags).to.equal(chosen.sealed ? SEALED : 0);
        const quote = await provider.signQuote({ spec, validUntil: spec.acceptBy });
        const { job } = await buyer.postAcceptedJob({ quote });
        const stored = await buyer.getJob({ job }); // checks the digest that the market keeps
        expect(stored.frozen).to.deep.equal(freeze(spec, provider.account.address, false));

        const { spec: ordered } = await buyer.prepareJob({ ...chosen, ...named, salt: job });
        const { order } = await buyer.signOrder({ spec: ordered });
        const fulfilled = await provider.fulfilOrder({ order, resultRoot: root });
        const { status, frozen } = await buyer.getJob({ job: fulfilled.job });
        expect(status).to.equal(JobStatus.Submitted);
        const accepted = freeze(ordered, provider.account.address, false);
        expect(frozen).to.deep.equal(freezeResult(accepted, fulfilled.receipt.blockNumber, root));

        await provider.request({ method: "evm_increaseTime" as never, params: [chosen.challengeWindow] as never });
        const { fee, paid } = await provider.settleJob({ job: fulfilled.job });
        expect(fee).to.equal(feeOf(chosen.price, localParameters.feeShare));
        expect(paid).to.equal(chosen.price - fee);
      }),
      { numRuns: RUNS },
    );
  });
});
