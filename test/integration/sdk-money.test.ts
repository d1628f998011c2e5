import { ContractRevertError } from "@touchstone/sdk";
import { expect } from "chai";
import { getAddress } from "viem";
import { localParameters } from "../../scripts/network/parameters.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, TOKENS, type World } from "./support/sdk-world.ts";

describe("SDK: money", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  it("deposits what was approved", async () => {
    const buyer = await world.newcomer();
    await buyer.approveToken({ amount: 500n });
    const { hash, receipt } = await buyer.deposit({ amount: 500n });
    expect(receipt.transactionHash).to.equal(hash);
    expect((await buyer.getAccount()).balance).to.equal(500n);
    expect(await world.tokensOf(buyer.account.address)).to.equal(TOKENS - 500n);
  });

  it("says how much allowance is missing", async () => {
    const buyer = await world.newcomer();
    const error = await failureOf(buyer.deposit({ amount: 7n }));
    expect(error).to.be.instanceOf(ContractRevertError);
    expect(error).to.include({ code: "CONTRACT_REVERT", errorName: "ERC20InsufficientAllowance", retryable: false });
    expect((error as ContractRevertError).args).to.deep.equal([getAddress(world.market), 0n, 7n]);
  });

  it("deposits with a permit, in one transaction", async () => {
    const buyer = await world.newcomer();
    await buyer.depositWithPermit({ amount: 600n });
    expect((await buyer.getAccount()).balance).to.equal(600n);
  });

  it("credits a beneficiary", async () => {
    const [buyer, friend] = [await world.newcomer(), await world.newcomer()];
    await buyer.depositWithPermit({ amount: 40n, beneficiary: friend.account.address });
    expect((await friend.getAccount()).balance).to.equal(40n);
    expect((await buyer.getAccount()).balance).to.equal(0n);
  });

  it("deposits by an authorization that somebody else brings", async () => {
    const [buyer, relayer] = [await world.newcomer(), await world.newcomer()];
    const validBefore = (await world.now()) + 3600;
    const authorization = await buyer.signDepositAuthorization({ amount: 700n, validBefore });
    await relayer.depositWithAuthorization({ authorization });
    expect((await buyer.getAccount()).balance).to.equal(700n);
    const again = await failureOf(relayer.depositWithAuthorization({ authorization }));
    expect(again).to.include({ code: "CONTRACT_REVERT", errorName: "AuthorizationUsedAlready" });
  });

  it("withdraws free balance, and says how much is missing for more", async () => {
    const buyer = await world.newcomer();
    await buyer.depositWithPermit({ amount: 100n });
    await buyer.withdraw({ amount: 30n });
    expect(await world.tokensOf(buyer.account.address)).to.equal(TOKENS - 70n);
    const error = await failureOf(buyer.withdraw({ amount: 71n }));
    expect(error).to.include({ code: "CONTRACT_REVERT", errorName: "LedgerInsufficientBalance" });
    expect(error.message).to.contain("deposit 1 more");
  });

  it("reserves, asks back and releases after the delay", async () => {
    const buyer = await world.newcomer();
    await buyer.depositWithPermit({ amount: 100n });
    await buyer.reserve({ amount: 80n });
    const { leaving, releasableAt } = await buyer.requestRelease({ amount: 50n });
    expect(leaving).to.equal(50n);
    expect((await buyer.getAccount()).reserve).to.deep.equal({ amount: 80n, leaving: 50n, releasableAt });
    expect(await failureOf(buyer.release())).to.include({ errorName: "LedgerNotReleasable", retryable: true });
    await world.pass(10);
    expect((await buyer.release()).amount).to.equal(50n);
    expect((await buyer.getAccount()).balance).to.equal(70n);
  });

  it("gives to the pool", async () => {
    const buyer = await world.newcomer();
    await buyer.depositWithPermit({ amount: 100n });
    await buyer.fundPool({ amount: 5n });
    expect((await buyer.getAccount()).balance).to.equal(95n);
  });

  it("stakes, asks back and withdraws after the unbonding period", async () => {
    const provider = await world.newcomer();
    await provider.depositWithPermit({ amount: 30_000_000n });
    await provider.stake({ amount: 25_000_000n });
    expect(await provider.getAccount()).to.include({ stake: 25_000_000n, capacity: 5_000_000n, balance: 5_000_000n });
    const { unbonding, withdrawableAt } = await provider.requestUnstake({ amount: 1_000_000n });
    expect(unbonding).to.equal(1_000_000n);
    expect((await provider.getAccount()).unbonding).to.deep.equal({ amount: unbonding, withdrawableAt });
    expect(await failureOf(provider.withdrawStake())).to.include({
      errorName: "StakingNotWithdrawable",
      retryable: true,
    });
    await world.pass(localParameters.unbondingPeriod);
    expect((await provider.withdrawStake()).amount).to.equal(1_000_000n);
    const error = await failureOf(provider.requestUnstake({ amount: 24_000_001n }));
    expect(error).to.include({ errorName: "StakingInsufficientStake" });
  });

  it("names an operator key and ends it", async () => {
    const [provider, operator] = [await world.newcomer(), await world.newcomer()];
    const key = { operator: operator.account.address };
    const validUntil = (await world.now()) + 1000;
    expect((await provider.setOperator({ ...key, validUntil })).validUntil).to.equal(validUntil);
    await operator.updateProvider({ provider: provider.account.address, uri: "https://node.example/card" });
    await provider.setOperator({ ...key, validUntil: 0 });
    const update = operator.updateProvider({ provider: provider.account.address, uri: "https://other.example" });
    expect(await failureOf(update)).to.include({ errorName: "StakingNotOperator" });
  });

  it("reads what the market was deployed with", async () => {
    const { minStake, feeShare } = await world.person(1).getParameters();
    expect({ minStake, feeShare }).to.deep.equal({ minStake: 25_000_000n, feeShare: 200 });
  });

  it("keeps viem's error as the cause", async () => {
    const error = await failureOf((await world.newcomer()).withdraw({ amount: 1n }));
    expect(error.walk()).to.not.equal(error);
    expect(error.walk((cause) => (cause as Error).name === "ContractFunctionRevertedError")).to.not.equal(undefined);
    expect(error.walk((cause) => cause === "nothing")).to.equal(undefined);
  });
});
