import { JobStatus, jobSpecTypes, marketAbi, marketDomain, quoteTypes, testTokenAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { Contract, HDNodeWallet, type InterfaceAbi, JsonRpcProvider, NonceManager, type TypedDataField } from "ethers";
import { keccak256 } from "viem";
import { startWorld, type World } from "./support/sdk-world.ts";
import { draft, newBuyer, newProvider, type Person, PRICE } from "./support/trade.ts";

const PHRASE = "test test test test test test test test test test test junk";
const ROOT = keccak256("0x01");

/** ethers wants lists that it may change. */
const typesOf = (types: object) => types as Record<string, TypedDataField[]>;

describe("SDK: with ethers", () => {
  let world: World;
  let rpc: JsonRpcProvider;
  before(async () => {
    world = await startWorld();
    rpc = new JsonRpcProvider(world.rpcUrl, undefined, { pollingInterval: 20, cacheTimeout: -1 });
  });
  after(async () => {
    rpc.destroy();
    await world.stop();
  });

  const signerOf = (index: number) =>
    HDNodeWallet.fromPhrase(PHRASE, undefined, `m/44'/60'/0'/0/${index}`).connect(rpc);
  const domainOf = (person: Person) => ({
    ...marketDomain,
    chainId: person.chain.id,
    verifyingContract: world.market,
  });

  it("deposits and posts by the exported ABI", async () => {
    const signer = new NonceManager(signerOf(50));
    const address = await signer.getAddress();
    await world.mint(address as `0x${string}`);
    const token = new Contract(world.token, testTokenAbi as unknown as InterfaceAbi, signer);
    const market = new Contract(world.market, marketAbi as unknown as InterfaceAbi, signer);
    await (await token.approve!(world.market, PRICE)).wait();
    await (await market.deposit!(address, PRICE)).wait();
    const { spec, job } = await world.person(50).prepareJob(draft());
    const receipt = await (await market.post!(spec, "")).wait();
    const posted = receipt.logs.map((log: never) => market.interface.parseLog(log));
    expect(posted[0].args.id).to.equal(job);
    expect(Number((await market.jobOf!(job)).status)).to.equal(JobStatus.Open);
  });

  it("signs quotes and orders by the exported typed data, and the market takes them", async () => {
    const buyer = await newBuyer(world);
    const provider = await newProvider(world);
    const names = { provider: provider.account.address };

    const quoted = await buyer.prepareJob(draft(names));
    const validUntil = (await world.now()) + 60;
    const quote = { job: quoted.job, validUntil };
    const seller = signerOf(2);
    expect(seller.address).to.equal(provider.account.address);
    const signature = await seller.signTypedData(domainOf(provider), typesOf(quoteTypes), quote);
    const market = new Contract(world.market, marketAbi as unknown as InterfaceAbi, new NonceManager(signerOf(1)));
    await (await market.postAccepted!(quoted.spec, validUntil, seller.address, signature)).wait();
    expect((await buyer.getJob({ job: quoted.job })).status).to.equal(JobStatus.Accepted);

    await buyer.reserve({ amount: PRICE });
    const ordered = await buyer.prepareJob(draft(names));
    const order = await signerOf(1).signTypedData(domainOf(buyer), typesOf(jobSpecTypes), ordered.spec);
    const wire = { ...ordered.spec, price: ordered.spec.price.toString() };
    await provider.fulfilOrder({ order: { spec: wire, signature: order as `0x${string}` }, resultRoot: ROOT });
    expect((await buyer.getJob({ job: ordered.job })).status).to.equal(JobStatus.Submitted);
  });
});
