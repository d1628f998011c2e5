import { ChainError } from "@touchstone/sdk";
import { expect } from "chai";
import { explain } from "./explain.ts";

describe("how pages say what failed", () => {
  it("knows a refusal in the wallet, however deep", () => {
    const refusal = Object.assign(new Error("User rejected"), { code: 4001 });
    const { title, isRetryable } = explain(new Error("outer", { cause: new Error("inner", { cause: refusal }) }));
    expect([title, isRetryable]).to.deep.equal(["You declined it in the wallet", true]);
    expect(explain(new ChainError("WALLET_REFUSED", "no")).title).to.equal(title);
  });

  it("uses the SDK's own sentence, which says how to mend it", () => {
    const error = new ChainError("RPC_FAILED", "The RPC server does not answer: try another one.");
    const told = { title: "The chain did not answer", sentence: error.message, isRetryable: true };
    expect(explain(error)).to.deep.equal(told);
  });

  it("shows one line of what nobody foresaw, never a stack", () => {
    const error = new Error("first line\n  at somewhere (file.ts:1:1)");
    expect(explain(error).sentence).to.equal("first line");
    expect(explain("what").sentence).to.not.equal("");
    expect(explain(undefined).sentence).to.not.equal("");
  });
});
