import {
  type ChannelConfig,
  caip2,
  channelId,
  encodePaymentHeader,
  encodeRequest,
  voucherTypedData,
} from "@touchstone/sdk/protocol";
import { type Hex, keccak256, numberToHex, stringToHex, zeroHash } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { systemClock } from "../../../../provider-node/src/clock.ts";
import { Claims } from "../../../../provider-node/src/live/claims.ts";
import type { Admission, Ask, LiveTerms } from "../../../../provider-node/src/live/desk.ts";
import { Ledger } from "../../../../provider-node/src/live/ledger.ts";
import { LocalLiveDesk } from "../../../../provider-node/src/live/local-desk.ts";
import { Offers, paymentResponse } from "../../../../provider-node/src/live/offers.ts";
import { PaymentReader } from "../../../../provider-node/src/live/payment.ts";
import { envelopeOf, Receipts } from "../../../../provider-node/src/live/receipts.ts";
import { Refunds } from "../../../../provider-node/src/live/refunds.ts";
import { silentLogger } from "../../../../provider-node/src/logger.ts";
import type { ChannelOnChain } from "../../../../provider-node/src/store/channels.ts";
import { openStore, type Store } from "../../../../provider-node/src/store/store.ts";

const CHAIN_ID = 31_337;
const MARKET = numberToHex(0x1111, { size: 20 });
const PROVIDER = numberToHex(0x2222, { size: 20 });
const TOKEN = numberToHex(0x3333, { size: 20 });
const OPERATOR = privateKeyToAccount(numberToHex(7, { size: 32 }));
const PAYER = privateKeyToAccount(numberToHex(8, { size: 32 }));

export const MODEL = keccak256(stringToHex("model"));
/** A token is a unit. */
export const PRICING = {
  pricePerItem: 0n,
  pricePerMillionInputTokens: 1_000_000n,
  pricePerMillionOutputTokens: 1_000_000n,
};

const TERMS: LiveTerms = {
  network: caip2(CHAIN_ID),
  asset: TOKEN,
  assetName: "Test USD",
  assetVersion: "1",
  receiver: PROVIDER,
  receiverAuthorizer: OPERATOR.address,
  withdrawDelay: 86_400,
  minDeposit: "1",
};

/** The desk of a node over a real store, with channels on a chain that does nothing by itself. */
export class Till {
  readonly store: Store;
  readonly desk: LocalLiveDesk;
  readonly ledger: Ledger;
  readonly failures: unknown[] = [];

  private constructor(store: Store, chain: (id: Hex) => ChannelOnChain) {
    this.store = store;
    const now = () => 1_800_000_000;
    const reader = { channelOf: (id: Hex) => Promise.resolve(chain(id)), unsettled: () => Promise.resolve(0n) };
    const unused = () => Promise.reject(new Error("Nothing is sent here"));
    const submitter = { send: unused };
    const clock = systemClock;
    const ledger = new Ledger({ store, reader, clock, now });
    this.ledger = ledger;
    const means = { store, ledger, terms: TERMS, submitter, reader, clock, now, logger: silentLogger };
    const habits = { claimValue: 10n ** 18n, claimAgeSeconds: 10 ** 9, signal: new AbortController().signal };
    const chainId = CHAIN_ID;
    this.desk = new LocalLiveDesk({
      ...means,
      provider: PROVIDER,
      pricing: () => PRICING,
      offers: new Offers(TERMS, 1n),
      payments: new PaymentReader({ chainId, terms: TERMS, knownConfig: (id) => ledger.known(id)?.config }),
      carrier: { hasLanded: () => false, bring: unused } as never,
      refunds: new Refunds({ chainId, ledger, submitter, account: OPERATOR }),
      claims: new Claims({ ...means, ...habits }),
      receipts: new Receipts({ chainId, market: MARKET, provider: PROVIDER, lifetime: 86_400, account: OPERATOR }),
      settled: (row, signature, output, transaction) => {
        const { payer, amount } = row.receipt;
        const response = paymentResponse({ network: TERMS.network, payer, transaction, amount, extra: {} });
        return { charged: amount, envelope: envelopeOf(row, signature, output), paymentResponse: response };
      },
      onCharged: () => {},
      onFatal: (error) => this.failures.push(error),
      maxStoreBytes: 10 ** 9,
      landingSeconds: 5,
      isDraining: () => false,
      isSynced: () => true,
    });
  }

  /** @param balanceOf What channels hold on chain; unclaimed, unless said otherwise. */
  static async open(dataDir: string, chain: (id: Hex) => Partial<ChannelOnChain>): Promise<Till> {
    const identity = { chainId: CHAIN_ID, market: MARKET, provider: PROVIDER };
    const store = await openStore({ ...identity, dataDir, maxBytes: 10 ** 9, minFreeBytes: 0 });
    const still = { balance: 0n, claimed: 0n, withdrawalAt: 0, refundNonce: 0n };
    return new Till(store, (id) => ({ ...still, ...chain(id) }));
  }

  /** Asks for a call of which a token of prompt or output is a unit. */
  ask(payment: string, wishes: Partial<Pick<Ask, "promptTokens" | "maxTokens">> & { readonly text?: string } = {}) {
    const { text = "hello", promptTokens = 10, maxTokens = 90 } = wishes;
    const bytes = encodeRequest({ messages: [{ role: "user", content: text }] });
    return this.desk.admit({ model: MODEL, bytes, promptTokens, maxTokens, payment, resource: "http://node/v1" });
  }
}

/** The config of the payer's channel with this salt. */
export function channelOf(salt: Hex = zeroHash): { readonly id: Hex; readonly config: ChannelConfig } {
  const parties = { payer: PAYER.address, payerAuthorizer: PAYER.address, receiver: PROVIDER };
  const rest = { receiverAuthorizer: OPERATOR.address, token: TOKEN, withdrawDelay: 86_400, salt };
  const config = { ...parties, ...rest };
  return { id: channelId({ chainId: CHAIN_ID, config }), config };
}

/** A voucher of the payer's channel as a payment header. */
export async function voucherHeader(ceiling: bigint, salt: Hex = zeroHash): Promise<string> {
  const { id, config } = channelOf(salt);
  const voucher = { channelId: id, maxClaimableAmount: ceiling };
  const signature = await PAYER.signTypedData(voucherTypedData({ chainId: CHAIN_ID, voucher }));
  const { network, asset, receiver: payTo } = TERMS;
  const accepted = { scheme: "batch-settlement", network, amount: "1", asset, payTo, maxTimeoutSeconds: 60 };
  const signed = { channelId: id, maxClaimableAmount: ceiling.toString(), signature };
  return encodePaymentHeader({
    x402Version: 2,
    accepted,
    payload: { type: "voucher", channelConfig: config, voucher: signed },
  });
}

/** The call of an admission that must be one. */
export function admitted(admission: Admission) {
  if (admission.kind !== "admitted") {
    throw new Error(admission.kind === "refused" ? admission.code : admission.kind);
  }
  return admission.call;
}
