import { ChainError, verifyInstruction } from "@touchstone/sdk";
import {
  INSTRUCTION_LEAD,
  INSTRUCTION_LIFETIME,
  InstructionError,
  instructionDigest,
  type NodeTerms,
  pricesFromWire,
  pricesToWire,
  type SignedInstruction,
} from "@touchstone/sdk/protocol";
import { type Address, type Hex, isAddressEqual, type PublicClient } from "viem";
import { NodeError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { OwnerSaid } from "../store/owner.ts";
import type { Store } from "../store/store.ts";
import { type Prices, pricesOf, type Terms } from "../terms.ts";

/** What an owner's desk works with. */
export interface OwnerDeskOptions {
  readonly client: PublicClient;
  readonly chainId: number;
  readonly market: Address;
  readonly provider: Address;
  readonly store: Pick<Store, "owner">;
  /** Prices of the settings: they hold until the owner sets others. */
  readonly settings: Prices;
  /** Unix seconds by the wall clock: that of the owner knows no chain. */
  readonly unixTime: () => number;
  /** Called when an instruction was taken. */
  readonly onTaken?: () => void;
  readonly logger: Logger;
}

/** Takes what the provider's owner says from afar, and tells the rest of the node on which terms it works. */
export class OwnerDesk implements Terms {
  readonly #options: OwnerDeskOptions;
  readonly #settings: Prices;
  #said: OwnerSaid | undefined;

  constructor(options: OwnerDeskOptions) {
    this.#options = options;
    this.#settings = pricesOf(options.settings);
    this.#said = options.store.owner.said();
    if (this.#said?.isDrained || this.#said?.prices !== undefined) {
      options.logger.info("the owner's word holds, whatever the settings say", { ...this.show() });
    }
  }

  get prices(): Prices {
    return this.#said?.prices ?? this.#settings;
  }

  get isDrained(): boolean {
    return this.#said?.isDrained ?? false;
  }

  /** For who asks by `GET /owner`. */
  show(): NodeTerms {
    return {
      provider: this.#options.provider,
      drained: this.isDrained,
      prices: pricesToWire(this.prices),
      settingsPrices: pricesToWire(this.#settings),
      issuedAt: this.#said?.issuedAt ?? 0,
    };
  }

  /**
   * Follows an instruction from now on, restarts included. The last one again is no error: its answer may have been lost.
   *
   * @throws InstructionError every reason not to follow it.
   * @throws NodeError `RPC_UNAVAILABLE`: nobody can say now who may instruct; those of the store.
   */
  async instruct(signed: SignedInstruction): Promise<NodeTerms> {
    const { chainId, market, provider, store, logger, onTaken } = this.#options;
    const { instruction, signer } = signed;
    if (!isAddressEqual(instruction.provider, provider)) {
      const sentence = `The instruction is for ${instruction.provider}, and this node works for ${provider}.`;
      throw new InstructionError("INSTRUCTION_FOREIGN", sentence, { details: { provider } });
    }
    const digest = instructionDigest({ chainId, market, instruction });
    if (digest === this.#said?.digest) {
      return this.show();
    }
    this.#requireFresh(instruction.issuedAt);
    await this.#verify(signed);
    this.#requireFresh(instruction.issuedAt); // Another may have come in the meantime.
    const said = saidAfter(this.#said, signed, digest);
    store.owner.put(said);
    this.#said = said;
    logger.info("owner's instruction taken", { action: instruction.action, signer, ...this.show() });
    onTaken?.();
    return this.show();
  }

  #requireFresh(issuedAt: number): void {
    const age = this.#options.unixTime() - issuedAt;
    if (age > INSTRUCTION_LIFETIME || age < -INSTRUCTION_LEAD) {
      const sentence = `By this node's clock the instruction was signed ${Math.abs(age)} seconds ${age > 0 ? "ago" : "from now"}: sign it again, and check the clocks of both machines.`;
      throw new InstructionError("INSTRUCTION_STALE", sentence, { details: { issuedAt, age } });
    }
    const last = this.#said?.issuedAt ?? 0;
    if (issuedAt <= last) {
      const sentence = "This node has followed an instruction that is as new, or newer. Sign this one again.";
      throw new InstructionError("INSTRUCTION_REPLACED", sentence, { details: { issuedAt, last } });
    }
  }

  async #verify(instruction: SignedInstruction): Promise<void> {
    const { client, market } = this.#options;
    try {
      await verifyInstruction(client, { market, instruction });
    } catch (cause) {
      if (cause instanceof ChainError) {
        const sentence = "The node cannot ask the chain now who may instruct it. Send the same again later.";
        throw new NodeError("RPC_UNAVAILABLE", sentence, { cause });
      }
      throw cause;
    }
  }
}

function saidAfter(before: OwnerSaid | undefined, { instruction }: SignedInstruction, digest: Hex): OwnerSaid {
  const { action, prices, issuedAt } = instruction;
  const { isDrained = false, prices: pricesBefore } = before ?? {};
  const said = { issuedAt, digest, isDrained, prices: pricesBefore };
  switch (action) {
    case "prices":
      return { ...said, prices: prices && pricesFromWire(prices) };
    case "reset":
      return { ...said, prices: undefined };
    default:
      return { ...said, isDrained: action === "drain" };
  }
}
