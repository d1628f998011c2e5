import { caseId, encodeRequest, parseRequest, type ReceiptEnvelope, receiptJob } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Engine } from "../../../../provider-node/src/engine/engine.ts";
import type { LiveDesk } from "../../../../provider-node/src/live/desk.ts";
import { placeStandIns } from "../../../../scripts/network/stand-ins.ts";
import { mint, Payer } from "../../live/support/payer.ts";
import { SWIFT_COURT } from "./bench.ts";
import type { World } from "./world.ts";

/** More than any call of these tests costs. */
const RESERVE = 1_000_000n;
const MAX_TOKENS = 40;

/** A receipt in court. */
export interface Brought {
  readonly job: Hex;
  /** Of its case. */
  readonly id: Hex;
}

/** Puts the channels of x402 onto a world's chain, gives its buyer tokens and its provider a live bond. */
export async function prepareLive(world: World, bond: bigint): Promise<void> {
  await placeStandIns(world.chain.rpcUrl);
  await mint(world, world.buyer);
  await world.asCourt(world.provider, "postBond", [bond]);
}

/** The buyer of a world, who pays a provider by the call and may take a receipt to court. */
export class LiveBuyer {
  readonly #world: World;
  readonly #desk: LiveDesk;
  readonly #payer: Payer;
  #paid = 0n;

  constructor(world: World, desk: LiveDesk) {
    this.#world = world;
    this.#desk = desk;
    this.#payer = new Payer(world, desk);
  }

  /** Buys one answer, which an engine of the caller's choice writes. */
  async buy(engine: Engine, text: string): Promise<ReceiptEnvelope> {
    const bytes = encodeRequest({ messages: [{ role: "user", content: text }], maxTokens: MAX_TOKENS });
    const request = parseRequest(bytes);
    const promptTokens = await engine.countPromptTokens(request);
    const ask = { model: engine.model.id, bytes, promptTokens, maxTokens: MAX_TOKENS, resource: "http://node/v1" };
    const admission = await this.#desk.admit({ ...ask, payment: await this.#payment() });
    if (admission.kind !== "admitted") {
      throw new Error(`The call was not admitted: ${admission.kind === "refused" ? admission.code : admission.kind}`);
    }
    const { call } = admission;
    const { signal } = new AbortController();
    const { output, trace } = await engine.generate(request, { seed: call.seed, signal });
    const completionTokens = "tokens" in output ? output.tokens.length : 0;
    const { charged, envelope } = await call.finish({ output, trace, promptTokens, completionTokens });
    this.#paid += charged;
    return envelope;
  }

  /** Buys an answer and takes its receipt to court. */
  async bring(engine: Engine, text: string): Promise<Brought> {
    const { receipt, operator, signature } = await this.buy(engine, text);
    const { market, chain, buyer } = this.#world;
    const { receiptLifetime: lifetime } = SWIFT_COURT;
    const job = receiptJob({ chainId: chain.client.chain.id, market, receipt, lifetime });
    await this.#world.asCourt(buyer, "bringReceipt", [receipt, operator, signature]);
    return { job, id: caseId({ job, key: 0n }) };
  }

  #payment(): Promise<string> {
    const ceiling = this.#paid + RESERVE;
    return this.#paid === 0n ? this.#payer.deposit(10n * RESERVE, ceiling) : this.#payer.voucher(ceiling);
  }
}
