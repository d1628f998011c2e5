import { getMarketAddress, getMarketDeployment } from "@touchstone/sdk";
import { expect } from "chai";
import { keccak256 } from "viem";
import { type ContentServer, startContentServer } from "./support/content-server.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { cardOf, MODEL, newProvider, type Person } from "./support/trade.ts";

describe("SDK: discovery", () => {
  let world: World;
  let server: ContentServer;
  let reader: Person;
  before(async () => {
    world = await startWorld();
    server = await startContentServer();
    reader = world.person(0);
  });
  after(async () => {
    await server.stop();
    await world.stop();
  });

  /** A provider whose card is as it should be, but for what is changed. */
  async function published(change: (card: ReturnType<typeof cardOf>) => unknown = (card) => card): Promise<Person> {
    const provider = await newProvider(world);
    const path = `/cards/${provider.account.address}`;
    server.answers.set(path, change(cardOf(world, provider, "https://node.example")));
    await provider.updateProvider({ uri: `${server.url}${path}` });
    return provider;
  }

  it("lists providers with card, endpoint, stake and offer, and those whose card cannot be used", async () => {
    const good = await published();
    const inlined = await newProvider(world);
    const inline = JSON.stringify(cardOf(world, inlined, "https://inline.example"));
    await inlined.updateProvider({ uri: `data:application/json,${encodeURIComponent(inline)}` });
    const away = await published((card) => ({ ...card, active: false }));
    const told = (change: object) => published((card) => ({ ...card, touchstone: { ...card.touchstone, ...change } }));
    const mismatches = [
      await told({ provider: good.account.address }),
      await told({ market: good.account.address }),
      await told({ chainId: 1 }),
    ];
    const bad = {
      CARD_WITHOUT_ENDPOINT: await published((card) => ({ ...card, services: [] })),
      INVALID_DATA: await published(() => ({ name: "Basalt" })),
    };
    const elsewhere = await newProvider(world);
    await elsewhere.updateProvider({ uri: "ipfs://bafy" });

    const { providers, failures } = await reader.discoverProviders({ model: MODEL });
    expect(providers.map(({ provider, endpoint }) => [provider, endpoint])).to.have.deep.members([
      [good.account.address, "https://node.example"],
      [inlined.account.address, "https://inline.example"],
    ]);
    expect(providers[0]).to.deep.include({ offer: providers[0]?.card.touchstone.models[0] });
    expect(providers[0]?.account).to.include({ stake: 30_000_000n, capacity: 6_000_000n });
    const expected = Object.entries(bad).map(([code, { account }]) => [account.address, code]);
    expect(failures.map(({ provider, error }) => [provider, error.code])).to.have.deep.members([
      ...expected,
      ...mismatches.map(({ account }) => [account.address, "CARD_MISMATCH"]),
      [elsewhere.account.address, "CARD_URI_UNSUPPORTED"],
    ]);

    const all = await reader.discoverProviders({ inactive: true });
    expect(all.providers.map(({ provider }) => provider)).to.include(away.account.address);
    const none = await reader.discoverProviders({ model: keccak256("0x02") });
    expect(none.providers).to.deep.equal([]);
  });

  it("lists first who can take on most", async () => {
    const rich = await published();
    await rich.depositWithPermit({ amount: 100_000_000n });
    await rich.stake({ amount: 100_000_000n });
    expect((await reader.discoverProviders()).providers[0]?.provider).to.equal(rich.account.address);
  });

  it("reads the card that a provider published last", async () => {
    const provider = await published();
    const { card, uri, endpoint } = await reader.getProviderCard({ provider: provider.account.address });
    expect([card.name, endpoint]).to.deep.equal(["Aurora", "https://node.example"]);
    server.answers.set("/new", { ...card, name: "Aurora II" });
    await provider.updateProvider({ uri: `${server.url}/new` });
    const renewed = await reader.getProviderCard({ provider: provider.account.address });
    expect([renewed.card.name, renewed.uri === uri]).to.deep.equal(["Aurora II", false]);
  });

  it("knows no market on a chain where none was deployed", async () => {
    const asked = async () => [getMarketAddress(1), getMarketDeployment(1)];
    expect(await failureOf(asked())).to.include({ code: "CHAIN_UNKNOWN" });
  });
});
