import { type ChannelConfig, channelId, encodePaymentHeader, voucherDigest } from "@touchstone/sdk/protocol";
import { type HDAccount, numberToHex } from "viem";
import { marketClient } from "../../network/clients.ts";
import { chatBody, PROMPT_TOKENS } from "./prompt.ts";
import type { Seller } from "./seller-process.ts";
import { type BenchWorld, FIRST_PAYER } from "./world.ts";

/** A call with its payment, ready to be sent. */
export interface ReadyCall {
  readonly body: string;
  readonly payment: string;
}

/** Calls to be signed for. */
export interface CallPlan {
  readonly calls: number;
  /** How many channels they are spread over, each of another payer. */
  readonly channels: number;
  /** Most tokens of an answer. */
  readonly maxTokens: number;
  readonly stream?: boolean;
}

/** So that no plan uses the channels of another. */
let plans = 0;

/** Opens channels that cover all calls, and signs each call's voucher beforehand. Neighbours in the list are of other channels. */
export async function prepare(world: BenchWorld, seller: Seller, plan: CallPlan): Promise<ReadyCall[]> {
  const { calls, channels, maxTokens, stream = false } = plan;
  plans += 1;
  const reserve = BigInt(PROMPT_TOKENS + maxTokens);
  const amount = reserve * BigInt(Math.ceil(calls / channels)) + 1_000_000n;
  const payers: Payer[] = [];
  for (let index = 0; index < channels; index++) {
    payers.push(await openChannel(world, seller, { index, amount }));
  }
  const ready: ReadyCall[] = [];
  for (let call = 0; call < calls; call++) {
    const payer = payers[call % channels] as Payer;
    const ceiling = reserve * BigInt(Math.floor(call / channels) + 1);
    const payment = await voucher(payer, seller, ceiling);
    ready.push({ body: chatBody(`${plans}.${call}`, maxTokens, stream), payment });
  }
  return ready;
}

interface Payer {
  readonly account: HDAccount;
  readonly config: ChannelConfig;
}

async function openChannel(
  { chain, deployment, mint }: BenchWorld,
  { card }: Seller,
  { index, amount }: { readonly index: number; readonly amount: bigint },
): Promise<Payer> {
  const account = chain.account(FIRST_PAYER + index);
  const { receiver, receiverAuthorizer, asset: token, withdrawDelay } = card;
  const { address: payer } = account;
  const salt = numberToHex(plans, { size: 32 });
  const config = { payer, payerAuthorizer: payer, receiver, receiverAuthorizer, token, withdrawDelay, salt };
  await mint(payer, amount);
  await marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, account).openChannel({ config, amount });
  return { account, config };
}

async function voucher({ account, config }: Payer, { card }: Seller, maxClaimableAmount: bigint): Promise<string> {
  const chainId = Number(card.network.split(":")[1]);
  const signed = { channelId: channelId({ chainId, config }), maxClaimableAmount };
  const signature = await account.sign({ hash: voucherDigest({ chainId, voucher: signed }) });
  const { network, asset, receiver: payTo } = card;
  const accepted = { scheme: "batch-settlement", network, amount: "1", asset, payTo, maxTimeoutSeconds: 300 };
  const sent = { channelId: signed.channelId, maxClaimableAmount: maxClaimableAmount.toString(), signature };
  const payload = { type: "voucher", channelConfig: config, voucher: sent } as const;
  return encodePaymentHeader({ x402Version: 2, accepted, payload });
}
