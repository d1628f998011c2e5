import { expect } from "chai";
import { Refusal } from "../errors.ts";
import { Catalogue } from "./catalogue.ts";
import { MarketUpstream, type PaidCall, PaidCalls } from "./market.ts";
import type { Call } from "./upstream.ts";

const CALL: Call = {
  route: "chat/completions",
  bytes: new TextEncoder().encode("{}"),
  value: {},
  model: "storyteller",
  most: 100n,
  signal: new AbortController().signal,
};
const PAID = { provider: "0xa", promptTokens: 3, completionTokens: 4, envelope: {}, faults: [], isCut: false };

/** A market whose answer, and whose payments for it, are told by a test. */
function market(answer: () => Response, receiptMs = 10_000) {
  const paid = new PaidCalls();
  const sent: Headers[] = [];
  const fetch = (_url: string, init: RequestInit) => {
    sent.push(new Headers(init.headers));
    return Promise.resolve(answer());
  };
  const catalogue = new Catalogue(() => Promise.resolve([]));
  const upstream = new MarketUpstream({ fetch, paid, catalogue, receiptMs });
  const pay = (more: Partial<PaidCall>) => {
    const callId = sent[0]?.get("touchstone-call-id") ?? undefined;
    paid.tell({ ...PAID, amount: 10n, callId, ...more });
  };
  return { upstream, sent, pay };
}

describe("buying on the market", () => {
  it("tells the most that the call may cost, and a name by which it hears of payments", async () => {
    const { upstream, sent } = market(() => new Response("{}"));
    await upstream.buy(CALL);
    await upstream.buy({ ...CALL, most: 7n });
    expect(sent.map((headers) => headers.get("touchstone-max-price"))).to.deep.equal(["100", "7"]);
    expect(new Set(sent.map((headers) => headers.get("touchstone-call-id"))).size).to.equal(2);
  });

  it("books what all providers were paid for a call, whether told before its end or after", async () => {
    const { upstream, pay } = market(() => new Response("answer"));
    const { response, booking } = await upstream.buy(CALL);
    pay({ provider: "0xa", envelope: undefined });
    pay({ provider: "0xb", amount: 20n });
    await response.text();
    expect(await booking).to.deep.equal({
      ...{ amount: 30n, servedBy: "market", provider: "0xb", receipt: "checked", promptTokens: 6, completionTokens: 8 },
    });
    const late = market(() => new Response("answer"));
    const bought = await late.upstream.buy(CALL);
    await bought.response.text();
    late.pay({ faults: ["RECEIPT_AMOUNT"] });
    expect(await bought.booking).to.include({ amount: 10n, receipt: "faulty" });
  });

  it("books a call that the client left by what was told of it", async () => {
    const { upstream, pay } = market(() => new Response(new ReadableStream()));
    const { response, booking } = await upstream.buy(CALL);
    await response.body?.cancel();
    pay({ isCut: true });
    expect(await booking).to.include({ amount: 10n, receipt: "cut" });
  });

  it("books an answer of which nobody tells the price with the most that it may have cost", async () => {
    const { upstream } = market(() => new Response("answer"), 1);
    const { response, booking } = await upstream.buy(CALL);
    await response.text();
    expect(await booking).to.include({ amount: 100n, receipt: "none", servedBy: "market" });
  });

  it("books a refusal with nothing", async () => {
    const { upstream } = market(() => new Response("{}", { status: 404 }));
    const { response, booking } = await upstream.buy(CALL);
    await response.text();
    expect(await booking).to.include({ amount: 0n, servedBy: undefined });
  });

  it("says in OpenAI's words that a budget is spent", async () => {
    const error = { message: "Too little.", type: "insufficient_quota", param: null, code: "BUDGET_CALL" };
    const { upstream } = market(() => Response.json({ error }, { status: 402 }));
    const refused: unknown = await upstream.buy(CALL).catch((reason: unknown) => reason);
    expect(refused).to.be.instanceOf(Refusal).with.property("code", "insufficient_quota");
  });
});
