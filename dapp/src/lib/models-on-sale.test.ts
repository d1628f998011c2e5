import type { ListedProvider } from "@touchstone/sdk";
import { expect } from "chai";
import { modelsOnSale } from "./models-on-sale.ts";

const model = (id: number, more: object = {}) => ({ id: `0x${id}`, name: `m${id}`, contextLength: 10 * id, ...more });
const provider = (models: readonly object[], active = true) =>
  ({ card: { active, touchstone: { models } } }) as unknown as ListedProvider;

describe("the models that can be bought", () => {
  it("are each told once, with who sells them, the most sold first", () => {
    const both = provider([model(1), model(2)]);
    const one = provider([model(2, { name: "other", contextLength: 50 })]);
    const found = modelsOnSale([both, one]);
    expect(found.map(({ name, contextLength, providers }) => [name, contextLength, providers.length])).to.deep.equal([
      ["m2", 50, 2],
      ["m1", 10, 1],
    ]);
  });

  it("are of providers that take jobs, and answer chats", () => {
    expect(modelsOnSale([provider([model(1)], false), provider([model(2, { kind: "embedding" })])])).to.deep.equal([]);
  });
});
