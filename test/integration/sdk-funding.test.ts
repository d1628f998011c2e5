import { accountActions, ChainError, type FundingStep } from "@touchstone/sdk";
import { expect } from "chai";
import { type Address, getAddress } from "viem";
import { localParameters } from "../../scripts/network/parameters.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, TOKENS, type World } from "./support/sdk-world.ts";
import { failWith, refuse, TestWallet, type WalletHabits } from "./support/wallet.ts";

const AMOUNT = 5_000_000n;

describe("SDK: funding an account by the way that asks least", () => {
  let world: World;
  let executor: Address;
  before(async () => {
    world = await startWorld();
    executor = await world.deploy("dev/BatchAccount.sol/BatchAccount");
  });
  after(() => world.stop());

  /** A newcomer whose wallet is like that, and what a page would see of its funding. */
  async function open(habits: WalletHabits = {}, market = world.market) {
    const { account } = await world.newcomer();
    const wallet = new TestWallet(world.rpcUrl, account, habits);
    const owner = wallet.client().extend(accountActions({ market }));
    const steps: FundingStep[] = [];
    const fund = (wishes: { ways?: readonly ("batch" | "permit" | "approve")[] } = {}) =>
      owner.fundAccount({ amount: AMOUNT, onStep: (step) => steps.push(step), ...wishes });
    const seen = () => steps.map(({ action, confirmation, confirmations }) => [action, confirmation, confirmations]);
    return { wallet, owner, fund, seen };
  }

  for (const atomic of ["supported", "ready"] as const) {
    it(`batches approval and deposit where that is ${atomic}: one confirmation`, async () => {
      const { wallet, owner, fund, seen } = await open({ atomic, executor });
      const { way, receipt } = await fund();
      expect([way, wallet.asked]).to.deep.equal(["batch", ["wallet_sendCalls"]]);
      expect((await owner.getAccount()).balance).to.equal(AMOUNT);
      expect(receipt.status).to.equal("success");
      expect(seen()).to.deep.equal([
        ["batch", 1, 1],
        ["wait", 1, 1],
      ]);
    });
  }

  it("takes a permit where there are no batches: a signature and a transaction", async () => {
    for (const atomic of [undefined, "unsupported"] as const) {
      const { wallet, owner, fund, seen } = await open({ atomic });
      expect((await fund()).way).to.equal("permit");
      expect(wallet.asked).to.deep.equal(["eth_signTypedData_v4", "eth_sendTransaction"]);
      expect((await owner.getAccount()).balance).to.equal(AMOUNT);
      expect(seen()).to.deep.equal([
        ["permit", 1, 2],
        ["deposit", 2, 2],
        ["wait", 2, 2],
      ]);
    }
  });

  it("approves where the token has no permit", async () => {
    const token = await world.deploy("dev/PlainToken.sol/PlainToken", [6]);
    const market = await world.deploy("Market.sol/Market", [token, world.court, localParameters]);
    const { wallet, owner, fund, seen } = await open({}, market);
    await world.mint(wallet.address, TOKENS, token);
    expect((await fund()).way).to.equal("approve");
    expect(wallet.asked).to.deep.equal(["eth_sendTransaction", "eth_sendTransaction"]);
    expect((await owner.getAccount()).balance).to.equal(AMOUNT);
    expect(seen()).to.deep.equal([
      ["approve", 1, 2],
      ["wait", 1, 2],
      ["deposit", 2, 2],
      ["wait", 2, 2],
    ]);
  });

  it("only deposits what the market may take already", async () => {
    const { wallet, owner, fund } = await open({ atomic: "supported", executor });
    await owner.approveToken({ amount: AMOUNT });
    wallet.asked.length = 0;
    expect((await fund()).way).to.equal("deposit");
    expect(wallet.asked).to.deep.equal(["eth_sendTransaction"]);
    expect((await fund()).way).to.equal("batch"); // and nothing of the allowance is left
  });

  it("asks no contract account for a permit, which it has no key for", async () => {
    const { account } = await world.newcomer();
    const contract = await world.deploy("dev/SmartAccount.sol/SmartAccount", [account.address]);
    await world.mint(contract);
    const wallet = new TestWallet(world.rpcUrl, account, { contract });
    const owner = wallet.client().extend(accountActions({ market: world.market }));
    expect((await owner.fundAccount({ amount: AMOUNT })).way).to.equal("approve");
    expect((await owner.getAccount()).balance).to.equal(AMOUNT);
  });

  it("funds an account that signs here, by a permit", async () => {
    const somebody = await world.newcomer();
    expect((await somebody.fundAccount({ amount: AMOUNT })).way).to.equal("permit");
    expect((await somebody.getAccount()).balance).to.equal(AMOUNT);
  });

  it("takes a refusal for final, at every step", async () => {
    const cases: readonly (readonly [WalletHabits, readonly string[]])[] = [
      [{ atomic: "supported", executor, answer: on("wallet_sendCalls") }, ["wallet_sendCalls"]],
      [{ answer: on("wallet_getCapabilities") }, []],
      [{ answer: on("eth_signTypedData_v4") }, ["eth_signTypedData_v4"]],
      [{ answer: on("eth_sendTransaction") }, ["eth_signTypedData_v4", "eth_sendTransaction"]],
      [{ atomic: "ready", executor, answer: on("wallet_sendCalls", 5750) }, ["wallet_sendCalls"]],
    ];
    for (const [habits, asked] of cases) {
      const { wallet, owner, fund } = await open(habits);
      expect(await failureOf(fund())).to.include({ code: "WALLET_REFUSED", retryable: false });
      expect(wallet.asked).to.deep.equal(asked);
      expect((await owner.getAccount()).balance).to.equal(0n);
    }
    const { wallet, fund } = await open({ answer: on("eth_sendTransaction") });
    expect(await failureOf(fund({ ways: ["approve"] }))).to.include({ code: "WALLET_REFUSED" });
    expect(wallet.asked).to.deep.equal(["eth_sendTransaction"]);
  });

  it("goes on to the next way where the wallet cannot", async () => {
    const atomicless = await open({ atomic: "ready" }); // it says so, and fails with EIP-5792's 5760
    expect((await atomicless.fund()).way).to.equal("permit");
    const unsigning = await open({ answer: on("eth_signTypedData_v4", 4200) });
    expect((await unsigning.fund()).way).to.equal("approve");
    expect(unsigning.seen().map(([action]) => action)).to.deep.equal(["permit", "approve", "wait", "deposit", "wait"]);
  });

  it("goes only the ways that it is told", async () => {
    const { wallet, fund } = await open({ atomic: "supported", executor });
    expect((await fund({ ways: ["approve"] })).way).to.equal("approve");
    expect(wallet.asked).to.have.length(2);
    const plain = await open();
    expect(await failureOf(plain.fund({ ways: ["batch"] }))).to.include({ code: "CALL_INVALID" });
  });

  it("says of a batch that failed that nothing was done", async () => {
    const broken = await world.deploy("dev/PlainToken.sol/PlainToken", [6]); // its code knows no batches
    const { owner, fund } = await open({ atomic: "supported", executor: broken });
    expect(await failureOf(fund())).to.include({ code: "TRANSACTION_REVERTED" });
    expect((await owner.getAccount()).balance).to.equal(0n);
  });

  it("asks the wallet nothing where its tokens are too few, or it is on another chain", async () => {
    const { wallet, owner } = await open();
    const poor = await failureOf(owner.fundAccount({ amount: TOKENS + 1n }));
    expect(poor).to.be.instanceOf(ChainError);
    expect(poor.code).to.equal("TOKEN_BALANCE_LOW");
    const details = { token: getAddress(world.token), account: wallet.address, balance: TOKENS, amount: TOKENS + 1n };
    expect(poor.details).to.deep.include(details);
    wallet.habits.chainId = 1;
    const elsewhere = await failureOf(owner.fundAccount({ amount: AMOUNT }));
    expect([elsewhere.code, elsewhere.details]).to.deep.equal([
      "CHAIN_MISMATCH",
      { chainId: 31_337, walletChainId: 1 },
    ]);
    expect(await failureOf(owner.withdraw({ amount: 1n }))).to.include({ code: "CHAIN_MISMATCH" });
    expect(wallet.asked).to.deep.equal([]);
  });
});

/** Fails one method: with a code, or as refused. */
function on(name: string, code?: number): (method: string) => void {
  return (method) => {
    if (method === name) {
      code === undefined ? refuse() : failWith(code);
    }
  };
}
