import { AssertionError } from "node:assert";
import { expect } from "chai";
import { checkChat } from "./checks.ts";
import type { Chat } from "./run.ts";

/** A chat of two calls of 3 units each, as far as it is checked. */
function chatOf(changes: Partial<Chat> = {}, holds = true, text = "A story."): Chat {
  const call = {
    answer: { text },
    offer: { name: "Basalt" },
    envelope: { receipt: { seq: 1n, amount: 3n } },
    checks: [{ what: "signed", holds }],
  };
  return {
    calls: [call, call],
    steps: [
      { name: "deposit", amount: 10n },
      { name: "claim", amount: 6n },
      { name: "settle", amount: 6n },
    ],
    before: { buyer: 100n, "in channels": 0n, Basalt: 50n },
    after: { buyer: 90n, "in channels": 4n, Basalt: 56n },
    ...changes,
  } as unknown as Chat;
}

const WRONG: Readonly<Record<string, Chat>> = {
  "a receipt has a fault": chatOf({}, false),
  "an answer is empty": chatOf({}, true, " \n"),
  "more was claimed than was charged": chatOf({ steps: [{ name: "claim", amount: 7n }] } as unknown as Chat),
  "less was paid out than was claimed": chatOf({
    steps: [
      { name: "claim", amount: 6n },
      { name: "settle", amount: 5n },
    ],
  } as unknown as Chat),
  "the buyer paid more": chatOf({ after: { buyer: 89n, "in channels": 4n, Basalt: 56n } }),
  "the provider earned less": chatOf({ after: { buyer: 90n, "in channels": 4n, Basalt: 55n } }),
};

describe("the checks of a paid chat", () => {
  it("hold where every receipt is in order and all money is where it should be", () => {
    expect(() => checkChat(chatOf())).to.not.throw();
  });

  for (const [what, chat] of Object.entries(WRONG)) {
    it(`fail where ${what}`, () => {
      expect(() => checkChat(chat)).to.throw(AssertionError);
    });
  }
});
