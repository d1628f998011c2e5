import {
  type JobSpec,
  JobStatus,
  type Offer,
  type SignedOrder,
  type SignedQuote,
  specFromWire,
  specToWire,
  type WireJobSpec,
} from "@touchstone/sdk";
import { expect } from "chai";
import { type Hex, keccak256, zeroAddress } from "viem";
import { type ContentServer, refusal, startContentServer } from "./support/content-server.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { draft, newBuyer, newProvider, type Person, PRICE, publish, REQUESTS } from "./support/trade.ts";

const ROOT = keccak256("0x01");

describe("SDK: quotes and orders", () => {
  let world: World;
  let buyer: Person;
  let provider: Person;
  let node: ContentServer;
  let spec: JobSpec;
  before(async () => {
    world = await startWorld();
    buyer = await newBuyer(world);
    provider = await newProvider(world);
    node = await startContentServer();
    ({ spec } = await buyer.prepareJob(draft({ price: 0n })));
  });
  afterEach(() => node.faults.clear());
  after(async () => {
    await node.stop();
    await world.stop();
  });

  /** Has a server answer quotes as a person signs them. */
  function quoteAt(
    server: ContentServer,
    by: Person,
    price: bigint,
    { signer = by, validFor = 60, lie = (quote: SignedQuote) => quote } = {},
  ): void {
    server.answers.set("/quotes", async ({ spec: template }: { spec: WireJobSpec }) => {
      const offered = { ...specFromWire(template), provider: by.account.address, price };
      return lie(await signer.signQuote({ spec: offered, validUntil: (await world.now()) + validFor }));
    });
  }

  /** The one refusal of the one node. */
  async function refusalOf(template: JobSpec = spec) {
    const { offers, refusals } = await buyer.requestQuotes({ urls: [node.url], spec: template, retries: 0 });
    expect(offers).to.deep.equal([]);
    return refusals[0]!.error;
  }

  it("asks many nodes at once and lists the cheapest first, and who refused", async () => {
    const others = [await newProvider(world), await newProvider(world)] as const;
    const servers = [await startContentServer(), await startContentServer(), await startContentServer()] as const;
    quoteAt(node, provider, 300n);
    quoteAt(servers[0], others[0], 100n);
    quoteAt(servers[1], others[1], 200n);
    servers[2].faults.set("/quotes", refusal(422, "PRICE_TOO_LOW"));
    const urls = [node, ...servers].map(({ url }) => url);
    const { offers, refusals } = await buyer.requestQuotes({ urls, spec, requests: REQUESTS });
    expect(offers.map(({ url, price }) => [url, price])).to.deep.equal([
      [servers[0].url, 100n],
      [servers[1].url, 200n],
      [node.url, 300n],
    ]);
    expect(refusals.map(({ url, error }) => [url, (error as { remoteCode?: string }).remoteCode])).to.deep.equal([
      [servers[2].url, "PRICE_TOO_LOW"],
    ]);
    expect(servers[0].answers.has(`/inputs/${spec.input}`)).to.equal(true);
    await Promise.all(servers.map((server) => server.stop()));
  });

  it("posts a job already accepted by the quote", async () => {
    quoteAt(node, provider, PRICE);
    const offer = await onlyOffer();
    const { job, frozen } = await buyer.postAcceptedJob({ quote: offer.quote });
    expect(job).to.equal(offer.job);
    const stored = await buyer.getJob({ job });
    expect(stored).to.include({ status: JobStatus.Accepted });
    expect(stored.frozen).to.deep.equal(frozen);
    const root = publish(node, { job, provider: provider.account.address });
    await provider.submitResult({ job, resultRoot: root });
    expect((await buyer.fetchResults({ job, urls: [offer.url] })).items).to.have.length(2);
  });

  it("takes the quote of an operator key, and of no other key", async () => {
    const operator = await world.newcomer();
    quoteAt(node, provider, PRICE, { signer: operator });
    expect(await refusalOf()).to.include({ code: "QUOTE_NOT_OPERATOR" });
    await provider.setOperator({ operator: operator.account.address, validUntil: 2 ** 40 - 1 });
    const { spec: another } = await buyer.prepareJob(draft({ price: 0n }));
    const offer = await onlyOffer(another);
    await buyer.postAcceptedJob({ quote: offer.quote });
  });

  it("takes the quote of a smart account by ERC-1271", async () => {
    const owner = provider;
    const operator = await world.deploy("dev/SmartAccount.sol/SmartAccount", [owner.account.address]);
    await provider.setOperator({ operator, validUntil: 2 ** 40 - 1 });
    quoteAt(node, provider, PRICE, { lie: (quote) => ({ ...quote, signer: operator }) });
    const { spec: another } = await buyer.prepareJob(draft({ price: 0n }));
    await buyer.postAcceptedJob({ quote: (await onlyOffer(another)).quote });
    const stranger = await world.newcomer();
    quoteAt(node, provider, PRICE, { signer: stranger, lie: (quote) => ({ ...quote, signer: operator }) });
    expect(await refusalOf()).to.include({ code: "QUOTE_SIGNATURE_INVALID" });
  });

  it("refuses a quote that says another signer", async () => {
    quoteAt(node, provider, PRICE, { lie: (quote) => ({ ...quote, signer: buyer.account.address }) });
    expect(await refusalOf()).to.include({ code: "QUOTE_SIGNATURE_INVALID" });
  });

  it("refuses a quote for another job than its spec", async () => {
    quoteAt(node, provider, PRICE, { lie: (quote) => ({ ...quote, quote: { ...quote.quote, job: ROOT } }) });
    expect(await refusalOf()).to.include({ code: "QUOTE_JOB_MISMATCH" });
  });

  for (const [field, value] of [
    ["items", 3],
    ["model", ROOT],
    ["challengeWindow", 29],
    ["client", "0x00000000000000000000000000000000000000AA"],
    ["provider", zeroAddress],
  ] as const) {
    it(`refuses a quote that changed ${field}`, async () => {
      quoteAt(node, provider, PRICE, {
        lie: (quote) => ({ ...quote, spec: { ...quote.spec, [field]: value } }) as SignedQuote,
      });
      const error = await refusalOf();
      expect(error).to.include({ code: "QUOTE_SPEC_CHANGED" });
      expect(error.details.field).to.equal(field);
    });
  }

  it("refuses a quote of another provider than the one named, and one above the price offered", async () => {
    quoteAt(node, provider, PRICE);
    const named = { ...spec, provider: buyer.account.address };
    expect(await refusalOf(named)).to.include({ code: "QUOTE_SPEC_CHANGED" });
    expect(await refusalOf({ ...spec, price: PRICE - 1n })).to.include({ code: "QUOTE_PRICE_TOO_HIGH" });
  });

  it("refuses a quote that is over, or that the stake does not carry", async () => {
    quoteAt(node, provider, PRICE, { validFor: 0 });
    expect(await refusalOf()).to.include({ code: "QUOTE_EXPIRED" });
    quoteAt(node, provider, 6_000_001n);
    expect(await refusalOf()).to.include({ code: "QUOTE_OVER_CAPACITY" });
  });

  it("refuses an answer that is no quote", async () => {
    node.answers.set("/quotes", { spec: "yes" });
    expect(await refusalOf()).to.include({ code: "INVALID_DATA" });
  });

  it("lets the market refuse an old quote with a typed error", async () => {
    quoteAt(node, provider, PRICE, { validFor: 5 });
    const { spec: another } = await buyer.prepareJob(draft({ price: 0n }));
    const { quote } = await onlyOffer(another);
    await world.pass(10);
    expect(await failureOf(buyer.postAcceptedJob({ quote }))).to.include({ errorName: "QuoteExpired" });
  });

  it("orders by signature: the provider posts, accepts and submits in one transaction", async () => {
    await buyer.reserve({ amount: PRICE });
    const prepared = await buyer.prepareJob(draft({ provider: provider.account.address }));
    const { job, order } = await buyer.signOrder({ spec: prepared.spec });
    expect(job).to.equal(prepared.job);
    const received = await sent(order);
    expect(received).to.deep.equal({ spec: specToWire(prepared.spec), signature: order.signature });
    const root = publish(node, { job, provider: provider.account.address });
    const { frozen } = await provider.fulfilOrder({ order: received, resultRoot: root });
    const stored = await buyer.getJob({ job });
    expect(stored.status).to.equal(JobStatus.Submitted);
    expect(stored.frozen).to.deep.equal(frozen);
    expect((await buyer.getAccount()).reserve.amount).to.equal(0n);
    expect((await buyer.fetchResults({ job, urls: [node.url] })).root).to.equal(root);
  });

  it("sends an order once, also where the node may take it later", async () => {
    const { spec: ordered } = await buyer.prepareJob(draft({ provider: provider.account.address }));
    const { order } = await buyer.signOrder({ spec: ordered });
    const before = node.asked.length;
    node.faults.set("/orders", refusal(503, "AT_CAPACITY"));
    const error = await failureOf(buyer.sendOrder({ url: node.url, order, retries: 3 }));
    expect(error).to.include({ code: "HTTP_STATUS", remoteCode: "AT_CAPACITY", retryable: true });
    expect(node.asked.length - before).to.equal(1);
  });

  it("says what an order lacks", async () => {
    const { spec: ordered } = await buyer.prepareJob(draft({ provider: provider.account.address }));
    const { order } = await buyer.signOrder({ spec: ordered });
    const fulfil = (changed: SignedOrder) => failureOf(provider.fulfilOrder({ order: changed, resultRoot: ROOT }));
    expect(await fulfil(order)).to.include({ errorName: "LedgerInsufficientReserve" });
    const forged = { ...order, spec: { ...order.spec, price: "1" } };
    expect(await fulfil(forged)).to.include({ errorName: "InvalidSignature" });
    expect(await fulfil({ ...order, spec: { ...order.spec, price: "-1" } })).to.include({ code: "INVALID_DATA" });
  });

  async function onlyOffer(template: JobSpec = spec): Promise<Offer> {
    const { offers, refusals } = await buyer.requestQuotes({ urls: [node.url], spec: template });
    expect(refusals.map(({ error }) => error.message)).to.deep.equal([]);
    return offers[0]!;
  }

  /** Sends an order to the node and tells what arrived there. */
  async function sent(order: SignedOrder): Promise<SignedOrder> {
    let received: SignedOrder | undefined;
    const job: Hex = ROOT;
    node.answers.set("/orders", (body: SignedOrder) => {
      received = body;
      return { job };
    });
    expect(await buyer.sendOrder({ url: node.url, order, requests: REQUESTS })).to.deep.equal({ job });
    return received!;
  }
});
