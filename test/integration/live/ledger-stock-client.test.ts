import { encodeRequest } from "@touchstone/sdk/protocol";
import {
  decodePaymentRequiredHeader,
  decodePaymentResponseHeader,
  encodePaymentSignatureHeader,
} from "@x402/core/http";
import { BatchSettlementEvmScheme } from "@x402/evm/batch-settlement/client";
import { expect } from "chai";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { Admission, LiveDesk, Settled } from "../../../provider-node/src/live/desk.ts";
import { placeStandIns } from "../../../scripts/network/stand-ins.ts";
import { SmallEngine } from "../node/support/engine.ts";
import { type NodeUnderTest, runNode, until } from "../node/support/running.ts";
import { World } from "../node/support/world.ts";
import { mint } from "./support/payer.ts";

const RESOURCE = "http://127.0.0.1/v1/chat/completions";
const PRICES = { pricePerItem: 100n, pricePerMillionInputTokens: 1_000_000n, pricePerMillionOutputTokens: 1_000_000n };
const MADE = {
  output: { finishReason: "stop" as const, promptTokens: 10, text: "", tokens: Array<number>(20).fill(1) },
  trace: new Uint8Array(),
  promptTokens: 10,
  completionTokens: 20,
};

type Hooks = NonNullable<BatchSettlementEvmScheme["schemeHooks"]["onPaymentResponse"]>;
type Context = Parameters<Hooks>[0];

/** Pays as the client library of x402 does, which nobody here wrote. */
class StockPayer {
  readonly scheme: BatchSettlementEvmScheme;
  readonly #desk: LiveDesk;
  readonly #model: `0x${string}`;

  constructor(world: World, desk: LiveDesk, account: ReturnType<typeof privateKeyToAccount>, model: `0x${string}`) {
    const readContract = (call: object) => world.chain.client.readContract(call as never);
    const { address } = account;
    const signer = { address, signTypedData: (data: object) => account.signTypedData(data as never), readContract };
    this.scheme = new BatchSettlementEvmScheme(signer as ConstructorParameters<typeof BatchSettlementEvmScheme>[0]);
    this.#desk = desk;
    this.#model = model;
  }

  #ask(payment: string | undefined, text: string): Promise<Admission> {
    const bytes = encodeRequest({ messages: [{ role: "user", content: text }] });
    const measured = { promptTokens: 10, maxTokens: 90 };
    return this.#desk.admit({ model: this.#model, bytes, ...measured, payment, resource: RESOURCE });
  }

  /** One call: asks, pays what the 402 says, and once more where a 402 puts its count right. Says how often it paid. */
  async call(text: string, tellsResponse: boolean): Promise<{ readonly tries: number; readonly settled: Settled }> {
    let required = requiredOf(await this.#ask(undefined, text));
    for (let tries = 1; tries <= 2; tries++) {
      const requirements = required.accepts.find(({ scheme }) => scheme === "batch-settlement")!;
      const made = await this.scheme.createPaymentPayload(2, requirements);
      const paymentPayload = { ...made, accepted: requirements, resource: required.resource };
      const admission = await this.#ask(encodePaymentSignatureHeader(paymentPayload), text);
      const context = { paymentPayload, requirements } as unknown as Context;
      if (admission.kind === "admitted") {
        const settled = await admission.call.finish(MADE);
        if (tellsResponse) {
          const settleResponse = decodePaymentResponseHeader(settled.paymentResponse);
          await this.scheme.schemeHooks.onPaymentResponse!({ ...context, settleResponse } as Context);
        }
        return { tries, settled };
      }
      required = requiredOf(admission);
      await this.scheme.schemeHooks.onPaymentResponse!({ ...context, paymentRequired: required } as Context);
    }
    throw new Error(`The client gave up: ${required.error}`);
  }
}

function requiredOf(admission: Admission) {
  if (admission.kind !== "refused") {
    throw new Error(`It is ${admission.kind}`);
  }
  return decodePaymentRequiredHeader(admission.headers["PAYMENT-REQUIRED"]!);
}

describe("the live lane before x402's own client", () => {
  let world: World;
  let node: NodeUnderTest;
  const engine = new SmallEngine();

  before(async () => {
    world = await World.start();
    await placeStandIns(world.chain.rpcUrl);
    node = await runNode(world, [engine], { ...PRICES, live: true });
    await until(
      () => node.health().isSynced,
      (isSynced) => isSynced,
    );
  });

  after(async () => {
    await node.stop();
    await world.close();
  });

  async function payer(account = privateKeyToAccount(generatePrivateKey())): Promise<StockPayer> {
    await mint(world, account);
    return new StockPayer(world, node.live!, account, engine.model.id);
  }

  it("opens a channel with the first call and pays later ones by vouchers, as its count follows our answers", async () => {
    const stock = await payer();
    const tries = [];
    for (const text of ["one", "two", "three"]) {
      tries.push((await stock.call(text, true)).tries);
    }
    expect(tries).to.deep.equal([1, 1, 1]);
  });

  it("finds its count again by one 402 after each stream, of which it does not learn the charge", async () => {
    const stock = await payer();
    expect((await stock.call("one", false)).tries).to.equal(1);
    const { tries, settled } = await stock.call("two", false);
    expect(tries).to.equal(2);
    expect(settled.envelope.receipt.cumulative).to.equal(260n);
  });

  it("goes on after it lost its memory", async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    await (await payer(account)).call("one", true);
    const { tries, settled } = await (await payer(account)).call("two", true);
    expect(tries).to.equal(2);
    expect(settled.envelope.receipt.cumulative).to.equal(260n);
  });

  it("pays two calls side by side: a 402 counts what the other one may cost", async () => {
    const stock = await payer();
    await stock.call("one", true);
    const calls = await Promise.all([stock.call("two", true), stock.call("three", true)]);
    const totals = calls.map(({ settled }) => settled.envelope.receipt.cumulative);
    expect(totals.sort((a, b) => Number(a - b))).to.deep.equal([260n, 390n]);
  });
});
