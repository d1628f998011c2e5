import { BATCH_SETTLEMENT_ADDRESS, batchSettlementAbi, checkReceipt, marketAbi, receiptChecks } from "@touchstone/sdk";
import type { FinishReason, ReceiptEnvelope } from "@touchstone/sdk/protocol";
import { type Hex, isAddressEqual } from "viem";
import type { LocalNetwork } from "../../network/network.ts";
import type { Answer } from "./ask.ts";
import { type LiveOffer, pricingOf } from "./offers.ts";

/** One thing that was looked at, and whether it is as it must be. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
}

/** A call and what its buyer knows of it. */
export interface PaidCall {
  readonly answer: Answer;
  /** The exact bytes that were sent. */
  readonly request: Uint8Array;
  readonly offer: LiveOffer;
  /** The channel that the buyer pays this provider through. */
  readonly channelId: Hex;
  readonly envelope: ReceiptEnvelope;
  /** When the answer had come. Unix seconds. */
  readonly receivedAt: number;
}

/** How often the bond of a provider must cover a call. */
const BOND_FACTOR = 1_000n;

/**
 * Checks the receipt of a call against what was sent and received, and against the chain.
 *
 * @param earlier Calls that were over before this one began.
 */
export async function checkCall(
  network: LocalNetwork,
  call: PaidCall,
  earlier: readonly PaidCall[],
): Promise<readonly Check[]> {
  const { buyer, chain, deployment } = network;
  const { answer, offer, channelId, envelope, request, receivedAt } = call;
  const others = earlier.map((one) => one.envelope.receipt).filter((receipt) => receipt.channelId === channelId);
  const charged = others.at(-1)?.cumulative ?? 0n;
  const { receiptLifetime } = await buyer.getCourtParameters();
  const faults = await checkReceipt(envelope, {
    chainId: chain.chainId,
    market: deployment.market,
    lifetime: receiptLifetime,
    provider: offer.provider,
    payer: buyer.account.address,
    model: offer.model.id,
    channelId,
    requestBytes: request,
    text: answer.text,
    finishReason: answer.finishReason as FinishReason,
    pricing: pricingOf(offer.model),
    charged: { least: charged, most: charged },
    others,
    now: receivedAt,
  });
  const checks = receiptChecks(faults).map(({ sentence, isPassed }) => ({ what: sentence, holds: isPassed }));
  return [...checks, ...(await checkOnChain(network, call))];
}

async function checkOnChain(
  { buyer, deployment }: LocalNetwork,
  { envelope, offer, channelId }: PaidCall,
): Promise<readonly Check[]> {
  const { market } = deployment;
  const { operator, receipt } = envelope;
  const [mayAct, [balance]] = await Promise.all([
    buyer.readContract({
      address: market,
      abi: marketAbi,
      functionName: "isOperator",
      args: [offer.provider, operator],
    }),
    buyer.readContract({
      address: BATCH_SETTLEMENT_ADDRESS,
      abi: batchSettlementAbi,
      functionName: "channels",
      args: [channelId],
    }),
  ]);
  const isKey = mayAct || isAddressEqual(operator, offer.provider);
  return [
    { what: "On chain that key may sign for the provider.", holds: isKey },
    {
      what: "The provider's live bond covers such a call a thousand times.",
      holds: offer.bond >= BOND_FACTOR * receipt.amount,
    },
    { what: "The channel holds what it was charged.", holds: balance >= receipt.cumulative },
  ];
}
