import type { DiscoverProvidersReturnType, IndexedProvider } from "@touchstone/sdk";
import { expect } from "chai";
import { filterProviders, NO_FILTER, providerRows, regionsOf } from "./provider-rows.ts";

const [A, B, C, D] = ["0xA", "0xB", "0xC", "0xD"] as const;
const indexed = [A, B, C, D].map((address) => ({ address, uri: address === D ? undefined : "http://x" }));

const model = (id: string, price: string, tokensPerSecond?: number) => ({
  id,
  name: id,
  pricePerMillionInputTokens: "1",
  pricePerMillionOutputTokens: price,
  ...(tokensPerSecond !== undefined && { measured: { tokensPerSecond, calls: 1, since: 1 } }),
});
const listing = (provider: string, active: boolean, models: object[]) => ({
  provider,
  card: { name: `node ${provider}`, active, touchstone: { region: "north", hardware: "GPU", models } },
});
const listed = {
  providers: [
    listing(A, true, [model("m1", "20", 5), model("m2", "10", 7)]),
    listing(B, false, [model("m1", "1", 90)]),
  ],
  failures: [{ provider: C, uri: "http://x", error: new Error("gone") }],
} as unknown as DiscoverProvidersReturnType;

const sources = {
  indexed: indexed as unknown as readonly IndexedProvider[],
  listed,
  verified: new Set(["m2"]),
  uptime: {},
};
const addresses = (rows: readonly { readonly address: string }[]) => rows.map(({ address }) => address);

describe("rows of providers", () => {
  it("say of each whether it can be bought from, and why not", () => {
    const rows = providerRows(sources);
    expect(rows.map(({ state }) => state)).to.deep.equal(["active", "paused", "unreachable", "unlisted"]);
    expect(rows[2]?.failure?.message).to.equal("gone");
    const early = providerRows({ ...sources, listed: undefined });
    expect(early.map(({ state }) => state)).to.deep.equal(["asking", "asking", "asking", "unlisted"]);
  });

  it("price the model asked for, else the cheapest", () => {
    expect(providerRows(sources)[0]).to.include({ priceOut: 10n, tokensPerSecond: 7 });
    expect(providerRows({ ...sources, model: "m1" })[0]).to.include({ priceOut: 20n, tokensPerSecond: 5 });
  });

  it("are filtered by words, model, region, work and panels", () => {
    const rows = providerRows(sources);
    const filtered = (filter: object) => addresses(filterProviders(rows, { ...NO_FILTER, ...filter }));
    expect(filtered({})).to.deep.equal([A, B, C, D]);
    expect(filtered({ search: " NODE 0xa" })).to.deep.equal([A]);
    expect(filtered({ model: "m1" })).to.deep.equal([A, B]);
    expect(filtered({ region: "north", isActive: true })).to.deep.equal([A]);
    expect(filtered({ isVerified: true })).to.deep.equal([A]);
  });

  it("are grouped by region, best among those that take work", () => {
    const [north, unknown] = regionsOf(providerRows(sources));
    expect([north?.name, addresses(north?.rows ?? [])]).to.deep.equal(["north", [A, B]]);
    expect([north?.cheapest?.address, north?.fastest?.address]).to.deep.equal([A, A]);
    expect([unknown?.name, unknown?.rows.length, unknown?.cheapest]).to.deep.equal(["", 2, undefined]);
  });
});
