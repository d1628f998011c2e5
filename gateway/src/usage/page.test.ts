import { createContext, runInContext } from "node:vm";
import { expect } from "chai";
import { PAGE, SCRIPT } from "./page.ts";

/** As much of an element as the page's script touches. */
class Element {
  children: (Element | string)[] = [];
  hidden = true;

  set textContent(text: string) {
    this.children = [text];
  }

  get textContent(): string {
    return this.children.map((child) => (typeof child === "string" ? child : child.textContent)).join("|");
  }

  append(...children: (Element | string)[]): void {
    this.children.push(...children);
  }

  replaceChildren(...children: (Element | string)[]): void {
    this.children = children;
  }

  addEventListener(): void {}
}

const KEY = { id: "0123", name: "<b>tester", is_revoked: false, budget_per_day: "2000000000", budget_total: null };
const SUM = { of: "0123", servedBy: "market", calls: 12_345, promptTokens: 1, completionTokens: 2, amount: "42" };
const USAGE = {
  token: { symbol: "USDC", decimals: 6 },
  days: 30,
  keys: [{ ...KEY, spent_today: "1234567890", spent_total: "5" }],
  by_key: [SUM],
  by_provider: [{ ...SUM, of: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" }],
  by_model: [],
  last: [],
};

/** Runs the page's script on an answer of `/usage`; gives the texts of the page by the ids of its elements. */
async function show(answer: { readonly ok: boolean; readonly body: unknown }): Promise<Map<string, Element>> {
  const elements = new Map<string, Element>();
  const getElementById = (id: string) => {
    elements.set(id, elements.get(id) ?? new Element());
    return elements.get(id);
  };
  const document = { getElementById, createElement: () => new Element(), hidden: false };
  const fetch = () => Promise.resolve({ ok: answer.ok, json: () => Promise.resolve(answer.body) });
  runInContext(SCRIPT, createContext({ document, Node: Element, fetch, setInterval: () => 0 }));
  await new Promise((resolve) => setImmediate(resolve));
  return elements;
}

describe("the usage page", () => {
  it("has an element for each that its script fills", () => {
    const ids = [...SCRIPT.matchAll(/(?:\$|table|sums)\("([\w-]+)"/g)].map(([, id]) => id);
    expect(ids).to.include.members(["keys", "by-provider", "last", "ask"]);
    for (const id of ids) {
      expect(PAGE, id).to.include(`id="${id}"`);
    }
  });

  it("shows amounts in tokens with all their decimals, counts in thousands, and names as the text that they are", async () => {
    const page = await show({ ok: true, body: USAGE });
    const text = (id: string) => page.get(id)?.textContent;
    expect(text("keys")).to.include("<b>tester|0123|1\u202f234.567890|2\u202f000.000000");
    expect(text("by-key")).to.include("<b>tester|market|12\u202f345|1|2|0.000042");
    expect(text("by-provider")).to.include("0x709979\u202679C8");
    expect([page.get("data")?.hidden, page.get("ask")?.hidden]).to.deep.equal([false, true]);
  });

  it("asks for a key where it is shown nothing", async () => {
    const page = await show({ ok: false, body: { error: { message: "Usage is shown for an API key." } } });
    expect([page.get("data")?.hidden, page.get("ask")?.hidden]).to.deep.equal([true, false]);
    expect(page.get("why")?.textContent).to.equal("Usage is shown for an API key.");
  });
});
