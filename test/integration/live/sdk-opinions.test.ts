import type { TouchstoneFetchParameters } from "@touchstone/sdk";
import { expect } from "chai";
import type { World } from "../node/support/world.ts";
import { Buyers, MESSAGES } from "./support/buyers.ts";
import { type Seller, startLiveWorld, startSeller, verifyModel } from "./support/seller.ts";

describe("SDK, live: second opinions", () => {
  let world: World;
  let sellers: Seller[];

  before(async () => {
    world = await startLiveWorld();
    sellers = [];
    for (const price of [1_000_000n, 2_000_000n, 3_000_000n]) {
      sellers.push(await startSeller(world, { price }));
    }
    await verifyModel(world, sellers[0]!.engine.model.id);
  });

  after(async () => {
    await Promise.all(sellers.map((seller) => seller.stop()));
    await world.close();
  });

  it("of one rival that lies do no harm, where another does not agree", async () => {
    const asked: string[] = [];
    const rival: TouchstoneFetchParameters["fetch"] = async (input, init) => {
      const response = await globalThis.fetch(input, init);
      if (!String(input).endsWith("/touchstone/recheck") || !response.ok) {
        return response;
      }
      asked.push(new URL(String(input)).origin);
      const text = await response.text();
      const told = asked.length === 1 ? text.replace('"confirmed"', '"refuted"') : text;
      const headers = new Headers(response.headers);
      headers.delete("content-length");
      return new Response(told, { status: 200, headers });
    };
    const { openai, fetch } = new Buyers(world).open({
      fetch: rival,
      policy: { weights: { latency: 0 }, recheckShare: 1 },
    });
    await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    expect((await fetch.receipts()).map(({ recheck, faults }) => [recheck, faults])).to.deep.equal([["confirmed", []]]);
    expect(new Set(asked).size).to.equal(2);
  });
});
