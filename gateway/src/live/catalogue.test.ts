import type { ListedProvider } from "@touchstone/sdk";
import { expect } from "chai";
import { Catalogue } from "./catalogue.ts";

/** A provider that offers models of these names, by ids of their own or the same. */
function provider(...models: readonly (readonly [string, string])[]): ListedProvider {
  const offered = models.map(([id, name]) => ({ id, name, contextLength: 10 }));
  return { card: { touchstone: { models: offered } } } as unknown as ListedProvider;
}

describe("the catalogue", () => {
  it("brings offers of one model together, and finds it by its id or its name", async () => {
    const listed = [provider(["0x01", "small"], ["0x02", "large"]), provider(["0x01", "small"])];
    const catalogue = new Catalogue(() => Promise.resolve(listed));
    expect((await catalogue.models()).map(({ name, offers }) => [name, offers.length])).to.deep.equal([
      ["large", 1],
      ["small", 2],
    ]);
    expect((await catalogue.find("0x02"))?.name).to.equal("large");
    expect((await catalogue.find("small"))?.id).to.equal("0x01");
    expect(await catalogue.find("unheard-of")).to.equal(undefined);
  });

  it("means by a name that several models have the one that most providers offer", async () => {
    const listed = [provider(["0x01", "small"]), provider(["0x02", "small"]), provider(["0x02", "small"])];
    expect((await new Catalogue(() => Promise.resolve(listed)).find("small"))?.id).to.equal("0x02");
  });

  it("asks once however many want to know, anew once it is told to forget, and after a failure", async () => {
    let asked = 0;
    let isBroken = true;
    const catalogue = new Catalogue(() => {
      asked += 1;
      return isBroken ? Promise.reject(new Error("no chain")) : Promise.resolve([provider(["0x01", "small"])]);
    });
    const refused = await Promise.all([1, 2].map(() => catalogue.models().catch(() => "refused")));
    expect([refused, asked]).to.deep.equal([["refused", "refused"], 1]);
    isBroken = false;
    await Promise.all([catalogue.models(), catalogue.models()]);
    await catalogue.models();
    expect(asked).to.equal(2);
    catalogue.forget();
    await catalogue.models();
    expect(asked).to.equal(3);
  });
});
