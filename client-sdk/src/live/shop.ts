import { TouchstoneError } from "../errors.ts";
import { pricesHeader } from "../protocol/price.ts";
import { lesser } from "./amount.ts";
import type { Auditor } from "./auditor.ts";
import { requireWithin } from "./budget.ts";
import { reserveOf } from "./call-size.ts";
import type { Directory } from "./directory.ts";
import type { LiveCall } from "./live-call.ts";
import { LiveError, type LiveErrorCode } from "./live-error.ts";
import { type Offer, offerKey } from "./offer.ts";
import { TryError } from "./paid-request.ts";
import type { Budget, FullPolicy } from "./policy.ts";
import type { Purse } from "./purse.ts";
import type { Reputation } from "./reputation.ts";
import { type Fate, type Obstacle, obstacleOf, rankOffers } from "./routing.ts";
import { type Sale, type TryParameters, tryOffer } from "./try-offer.ts";

/** What a shop works with. */
export interface ShopParameters extends Omit<TryParameters, "onLost"> {
  readonly directory: Directory;
  readonly purse: Purse;
  readonly reputation: Reputation;
  readonly auditor: Auditor;
  readonly policy: FullPolicy;
  readonly budget: Budget;
  readonly fate: Fate;
  readonly onError: (error: unknown) => void;
}

/** The provider's own refusal of a request that would be refused anywhere, for the client to see. */
export class RefusedError extends TouchstoneError {
  override readonly name = "RefusedError";
  readonly response: Response;

  constructor(response: Response) {
    super("The provider refused the request.", { code: "REQUEST_REFUSED" });
    this.response = response;
  }
}

/** Buys calls: looks for offers, tries the best, and the next where one fails. */
export class Shop {
  readonly #with: ShopParameters;

  constructor(parameters: ShopParameters) {
    this.#with = parameters;
  }

  /**
   * Buys a call from the best offer that delivers.
   *
   * @param deliver What makes something of a provider's response; if it throws, the next offer is tried.
   * @param tried Offers that were tried before. It grows.
   * @throws LiveError if nobody delivers.
   * @throws RefusedError
   */
  async buy<T>(
    call: LiveCall,
    tried: Set<string>,
    deliver: (sale: Sale, response: Response) => Promise<T>,
  ): Promise<{ readonly sale: Sale; readonly delivered: T }> {
    const failures: unknown[] = [];
    const { policy, auditor } = this.#with;
    const { attempts } = policy;
    let tries = 0;
    const candidates = [...(await this.#candidates(call, tried))];
    for (let offer = candidates.shift(); offer !== undefined; offer = candidates.shift()) {
      call.signal?.throwIfAborted();
      try {
        this.#requireBudget(offer, call);
        tried.add(offerKey(offer));
        const { sale, response } = await tryOffer(offer, call, { ...this.#with, onLost: (lost) => auditor.lost(lost) });
        return { sale, delivered: await this.#delivered(sale, response, deliver) };
      } catch (error) {
        call.signal?.throwIfAborted();
        this.#note(offer, error);
        failures.push(error);
        const renewed = await this.#renewed(offer, error, call);
        if (renewed !== undefined) {
          candidates.unshift(renewed);
        }
        tries += error instanceof LiveError ? 0 : 1;
        if (tries >= attempts || isFinal(error)) {
          break;
        }
      }
    }
    throw verdictOf(call, failures);
  }

  /** The offer as the provider's card has it now, where other prices were all that was wrong with it, and it still fits. */
  async #renewed(offer: Offer, error: unknown, { size }: LiveCall): Promise<Offer | undefined> {
    if (!(error instanceof TryError && error.kind === "stale")) {
      return undefined;
    }
    const { directory, policy, reputation, fate, onError } = this.#with;
    await directory.reread(offer.provider).catch(onError);
    const renewed = directory.known.find((other) => offerKey(other) === offerKey(offer));
    const isOther = renewed !== undefined && pricesHeader(renewed.model) !== pricesHeader(offer.model);
    const { records, dropped } = reputation;
    const isFit = isOther && obstacleOf(renewed, { size, policy, records, dropped, fate }) === undefined;
    return isFit ? renewed : undefined;
  }

  async #delivered<T>(
    sale: Sale,
    response: Response,
    deliver: (sale: Sale, response: Response) => Promise<T>,
  ): Promise<T> {
    try {
      return await deliver(sale, response);
    } catch (error) {
      const { auditor } = this.#with;
      sale.call.signal?.aborted ? auditor.left(sale) : auditor.broke(sale);
      throw error;
    }
  }

  /** Offers that may be bought, in the order in which to try them. */
  async #candidates(call: LiveCall, tried: ReadonlySet<string>): Promise<readonly Offer[]> {
    const { directory, policy, reputation, fate } = this.#with;
    const isWanted = ({ model }: Offer) => model.name === call.model || model.id === call.model.toLowerCase();
    const offers = (await directory.offers()).filter(isWanted);
    if (offers.length === 0 && directory.misses(call.model)) {
      const sentence = `Nobody who offers the model "${call.model}" can be reached now: ask again in a moment.`;
      throw new LiveError("PROVIDERS_FAILED", sentence, { details: { model: call.model } });
    }
    if (offers.length === 0) {
      const sentence = `No provider offers the model "${call.model}" for live calls: GET /v1/models lists those on offer.`;
      throw new LiveError("MODEL_NOT_OFFERED", sentence, { details: { model: call.model } });
    }
    const { records, dropped } = reputation;
    const context = { size: call.size, policy, records, dropped, fate };
    const judged = offers.map((offer) => ({ offer, obstacle: obstacleOf(offer, context) }));
    const fitting = judged.filter(({ obstacle }) => obstacle === undefined).map(({ offer }) => offer);
    const resting = judged.filter(({ obstacle }) => obstacle === "RESTING").map(({ offer }) => offer);
    if (fitting.length + resting.length === 0) {
      throw noOfferFits(call, judged);
    }
    // Who rests is asked all the same before nobody is.
    return [...rankOffers(fitting, context), ...rankOffers(resting, context)].filter(
      (offer) => !tried.has(offerKey(offer)),
    );
  }

  #requireBudget(offer: Offer, { size, maxPrice }: LiveCall): void {
    const { budget, purse } = this.#with;
    const perCall = maxPrice === undefined ? budget.perCall : lesser(maxPrice, budget.perCall ?? maxPrice);
    const capped = { ...budget, perCall };
    requireWithin(capped, purse.spendings(offer.provider), reserveOf(offer.model, size));
  }

  /** Draws consequences for who failed. What fails after delivery began, the auditor has noted. */
  #note(offer: Offer, error: unknown): void {
    const { reputation, directory, purse, onError } = this.#with;
    if (error instanceof LiveError) {
      return;
    }
    const kind = error instanceof TryError ? error.kind : undefined;
    if (error instanceof TryError && kind === "busy") {
      reputation.rest(offer, error.restMs ?? 0);
    } else if (error instanceof TouchstoneError && error.code === "OVERCHARGED") {
      reputation.drop(offer.provider, error.code);
      purse.drop(offer.provider, error.code).catch(onError);
    } else if (kind !== "refused" && kind !== "stale") {
      if (kind !== "broken") {
        reputation.fail(offer);
      }
      directory.distrust(offer.provider);
    }
    onError(error);
  }
}

/** What one provider refuses and another may serve. */
const ELSEWHERE: readonly (string | undefined)[] = ["UNSUPPORTED_PARAMETER", "BODY_TYPE_UNSUPPORTED"];

/** What is wrong on this side. */
const OWN_TROUBLE: readonly LiveErrorCode[] = [
  "CHAIN_MISMATCH",
  "STORE_BUSY",
  "STORE_FAILED",
  "WALLET_FAILED",
  "WALLET_REFUSED",
];

/** Whether another offer would not help. */
function isFinal(error: unknown): boolean {
  if (error instanceof TryError) {
    return error.kind === "refused" && !ELSEWHERE.includes(error.remoteCode);
  }
  return error instanceof LiveError && OWN_TROUBLE.includes(error.code);
}

function noOfferFits(call: LiveCall, judged: readonly { offer: Offer; obstacle: Obstacle | undefined }[]): LiveError {
  const obstacles = judged.map(({ offer, obstacle }) => ({ provider: offer.provider, obstacle }));
  const counts = Object.entries(Object.groupBy(obstacles, ({ obstacle }) => obstacle ?? ""));
  const told = counts.map(([obstacle, of]) => `${obstacle} (${of?.length ?? 0})`).join(", ");
  const sentence = `No offer of "${call.model}" fits the policy: ${told}. Ask for fewer tokens, or loosen the policy.`;
  return new LiveError("NO_OFFER_FITS", sentence, { details: { obstacles } });
}

/** What the client is told when nobody delivered: its own limits before the providers' failures. */
function verdictOf(call: LiveCall, failures: readonly unknown[]): TouchstoneError {
  const refused = failures.find((failure) => failure instanceof TryError && failure.kind === "refused");
  if (refused instanceof TryError && refused.response !== undefined) {
    return new RefusedError(refused.response);
  }
  const own = failures.filter((failure) => failure instanceof LiveError);
  const last = own.at(-1);
  if (last !== undefined && (own.length === failures.length || isFinal(last))) {
    return last;
  }
  const told = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  const sentence = `No provider of "${call.model}" answered: ${told.join(" ") || "all were tried."}`;
  return new LiveError("PROVIDERS_FAILED", sentence, {
    cause: new AggregateError(failures),
    details: { failures: told },
  });
}
