import { buyerActions, fetchInput, HttpError, marketActions, providerCardSchema, uploadInput } from "@touchstone/sdk";
import { type CardModel, inputReadToken, requestBytes, requestHash } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { createWalletClient, http } from "viem";
import { until } from "../node/support/running.ts";
import type { World } from "../node/support/world.ts";
import { type Seller, startLiveWorld, startSeller } from "./support/seller.ts";

const REQUESTS = ["Tell of a secret river", "Tell of a secret fox"];

describe("sealed jobs", () => {
  let world: World;
  let seller: Seller;
  let model: CardModel;
  let publicKey: string;

  before(async () => {
    world = await startLiveWorld();
    seller = await startSeller(world);
    const card = providerCardSchema.parse(await (await fetch(`${seller.url}/card`)).json());
    model = card.touchstone.models[0]!;
    publicKey = card.touchstone.live!.encryptionKey!;
  });

  after(async () => {
    await seller?.stop();
    await world?.close();
  });

  function buyer() {
    const { client } = world.chain;
    const wallet = createWalletClient({
      account: world.buyer,
      chain: client.chain,
      transport: http(world.chain.rpcUrl),
    });
    return wallet.extend(marketActions({ market: world.market })).extend(buyerActions({ market: world.market }));
  }

  const seal = () => ({ publicKey, model: model.id, provider: seller.account.address });
  const readToken = inputReadToken(REQUESTS.map((text) => requestHash(requestBytes(text))));

  async function refusalOf(attempt: Promise<unknown>): Promise<string | undefined> {
    const error = await attempt.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof HttpError ? error.remoteCode : String(error);
  }

  it("travel encrypted, are done, and show input and results to nobody but who knows the requests", async () => {
    const sent: string[] = [];
    const spy: typeof fetch = (url, init) => {
      sent.push(String(init?.body ?? ""));
      return fetch(url, init);
    };
    const { root } = await uploadInput({ url: seller.url, requests: REQUESTS, seal: seal(), fetch: spy });
    expect(sent.join()).to.include("touchstone_sealed").and.not.include("secret");
    const from = { root, urls: [seller.url], retries: 0 };
    expect(await refusalOf(fetchInput(from))).to.equal("NOT_FOUND");
    expect((await fetchInput({ ...from, readToken })).requests).to.have.length(2);

    const me = buyer();
    const draft = { model: model.id, requests: REQUESTS, price: 1_000_000n, sealed: true, challengeWindow: 2 };
    const { job } = await me.postJob({ ...draft, provider: seller.account.address });
    const mined = async () => {
      await world.chain.client.mine({ blocks: 1 });
      return (await world.storyOf(job)).includes("JobSubmitted");
    };
    await until(mined, Boolean, 20_000);
    const results = { job, urls: [seller.url], retries: 0 };
    expect(await refusalOf(me.fetchResults(results))).to.equal("NOT_FOUND");
    const { items } = await me.fetchResults({ ...results, readToken });
    expect(items.map(({ output }) => output && "text" in output)).to.deep.equal([true, true]);
  });

  it("are for everybody once a job that is not sealed has the same input", async () => {
    const requests = ["Tell of an open road"];
    const { root } = await uploadInput({ url: seller.url, requests, seal: seal() });
    const { job } = await buyer().postJob({ model: model.id, requests, price: 1_000_000n, challengeWindow: 2 });
    const mined = async () => {
      await world.chain.client.mine({ blocks: 1 });
      return (await world.storyOf(job)).includes("JobAccepted");
    };
    await until(mined, Boolean, 20_000);
    expect((await fetchInput({ root, urls: [seller.url] })).requests).to.have.length(1);
  });

  it("are refused where they were sealed for another", async () => {
    const other = { ...seal(), provider: world.buyer.address };
    const attempt = uploadInput({ url: seller.url, requests: REQUESTS, seal: other, retries: 0 });
    expect(await refusalOf(attempt)).to.equal("SEAL_UNREADABLE");
  });
});
