import { expect } from "chai";
import { depositWithin, requireWithin } from "./budget.ts";

const NONE = { spent: 0n, deposited: 0n };

function codeOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe("Budget", () => {
  it("lets a call pass that reaches a limit, and none that goes beyond", () => {
    const budget = { total: 100n, perProvider: 60n, perCall: 50n };
    const after = (spent: bigint, all = spent) => ({ provider: { ...NONE, spent }, all: { ...NONE, spent: all } });
    expect(codeOf(() => requireWithin(budget, after(0n), 50n))).to.equal(undefined);
    expect(codeOf(() => requireWithin(budget, after(0n), 51n))).to.equal("BUDGET_CALL");
    expect(codeOf(() => requireWithin(budget, after(10n), 50n))).to.equal(undefined);
    expect(codeOf(() => requireWithin(budget, after(11n), 50n))).to.equal("BUDGET_PROVIDER");
    expect(codeOf(() => requireWithin(budget, after(0n, 51n), 50n))).to.equal("BUDGET_TOTAL");
  });

  it("deposits as wished, at least what is needed and taken, and never beyond the budget", () => {
    const budget = { total: 100n, perProvider: 60n };
    const after = (deposited: bigint) => ({ provider: { ...NONE, deposited }, all: { ...NONE, deposited } });
    expect(depositWithin(budget, after(0n), { needed: 5n, least: 10n, wished: 40n })).to.equal(40n);
    expect(depositWithin(budget, after(0n), { needed: 5n, least: 10n, wished: 7n })).to.equal(10n);
    expect(depositWithin(budget, after(0n), { needed: 5n, least: 10n, wished: 400n })).to.equal(60n);
    const late = () => depositWithin(budget, after(55n), { needed: 6n, least: 0n, wished: 6n });
    expect(codeOf(late)).to.equal("BUDGET_PROVIDER");
    const dear = () => depositWithin({ total: 10n }, after(0n), { needed: 11n, least: 0n, wished: 11n });
    expect(codeOf(dear)).to.equal("BUDGET_PROVIDER");
  });
});
