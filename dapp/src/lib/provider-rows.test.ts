import type { DiscoverProvidersReturnType, IndexedProvider } from "@touchstone/sdk";
import { expect } from "chai";
import { filterProviders, hasNode, NO_FILTER, providerRows, regionsOf, sortProviders } from "./provider-rows.ts";

const [A, B, C, D, E] = ["0xA", "0xB", "0xC", "0xD", "0xE"] as const;
const record = (address: string, stake: bigint, uri?: string, jobs = 0) => ({
  address,
  uri,
  jobs,
  receipts: 0,
  account: { stake, exposure: 0n },
});
/** D put down a stake and no more; E took its card back after a job. */
const indexed = [
  ...[A, B, C].map((address) => record(address, 5n, "http://x", 1)),
  record(D, 900n),
  record(E, 0n, undefined, 1),
];

const model = (id: string, price: string, tokensPerSecond?: number) => ({
  id,
  name: id,
  pricePerMillionInputTokens: "1",
  pricePerMillionOutputTokens: price,
  ...(tokensPerSecond !== undefined && { measured: { tokensPerSecond, calls: 1, since: 1 } }),
});
const listing = (provider: string, active: boolean, models: object[]) => ({
  provider,
  account: { stake: 7n, exposure: 1n },
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
    expect(rows.map(({ state }) => state)).to.deep.equal(["active", "paused", "unreachable", "unlisted", "unlisted"]);
    expect(rows[2]?.failure?.message).to.equal("gone");
    const early = providerRows({ ...sources, listed: undefined });
    expect(early.map(({ state }) => state)).to.deep.equal(["asking", "asking", "asking", "unlisted", "unlisted"]);
  });

  it("come from the cards alone until the index answers", () => {
    const early = providerRows({ ...sources, indexed: undefined });
    expect(addresses(early)).to.deep.equal([A, B, C]);
    expect(early[0]).to.include({ name: `node ${A}`, priceOut: 10n, stake: 7n, exposure: 1n, record: undefined });
    expect(early[2]).to.include({ state: "unreachable", stake: undefined });
    expect(providerRows(sources)[0]).to.include({ name: `node ${A}`, stake: 5n, exposure: 0n });
  });

  it("leave out accounts that only put down a stake, unless they are asked for", () => {
    const rows = providerRows(sources);
    expect(addresses(rows.filter((row) => !hasNode(row)))).to.deep.equal([D]);
    expect(addresses(filterProviders(rows, NO_FILTER))).to.deep.equal([A, B, C, E]);
    expect(addresses(filterProviders(rows, { ...NO_FILTER, isEveryone: true }))).to.deep.equal([A, B, C, D, E]);
  });

  it("are put in order, what is not known last", () => {
    const rows = providerRows(sources);
    expect(addresses(sortProviders(rows, "price"))).to.deep.equal([B, A, C, D, E]);
    expect(addresses(sortProviders(rows, "speed"))).to.deep.equal([B, A, C, D, E]);
    expect(addresses(sortProviders(rows, "stake"))).to.deep.equal([D, A, B, C, E]);
  });

  it("keep the name of a provider that fell silent", () => {
    const uptime = { [C]: [{ hour: 0, answered: 1, checks: 2, last: { at: 5, name: "Basalt" } }] };
    expect(providerRows({ ...sources, uptime })[2]).to.include({ name: "Basalt", state: "unreachable" });
  });

  it("price the model asked for, else the cheapest", () => {
    expect(providerRows(sources)[0]).to.include({ priceOut: 10n, tokensPerSecond: 7 });
    expect(providerRows({ ...sources, model: "m1" })[0]).to.include({ priceOut: 20n, tokensPerSecond: 5 });
  });

  it("are filtered by words, model, region, work and panels", () => {
    const rows = providerRows(sources);
    const filtered = (filter: object) => addresses(filterProviders(rows, { ...NO_FILTER, ...filter }));
    expect(filtered({})).to.deep.equal([A, B, C, E]);
    expect(filtered({ search: " NODE 0xa" })).to.deep.equal([A]);
    expect(filtered({ model: "m1" })).to.deep.equal([A, B]);
    expect(filtered({ region: "north", isActive: true })).to.deep.equal([A]);
    expect(filtered({ isVerified: true })).to.deep.equal([A]);
  });

  it("are grouped by region, best among those that take work", () => {
    const [north, unknown] = regionsOf(providerRows(sources));
    expect([north?.name, addresses(north?.rows ?? [])]).to.deep.equal(["north", [A, B]]);
    expect([north?.cheapest?.address, north?.fastest?.address]).to.deep.equal([A, A]);
    expect([unknown?.name, unknown?.rows.length, unknown?.cheapest]).to.deep.equal(["", 3, undefined]);
  });
});
