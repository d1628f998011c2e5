import {
  BATCH_SETTLEMENT_ADDRESS,
  batchSettlementAbi,
  type ChannelConfig,
  channelId,
  decodePaymentRequired,
  depositAuthorizationTypedData,
  encodePaymentHeader,
  exactAuthorizationTypedData,
  type PaymentPayload,
  type PaymentRequired,
  testTokenAbi,
  voucherTypedData,
} from "@touchstone/sdk/protocol";
import { type Hex, type LocalAccount, numberToHex, parseEther, zeroHash } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { LiveDesk, Refusal } from "../../../../provider-node/src/live/desk.ts";
import { accountAt, type World } from "../../node/support/world.ts";

const FOREVER = 2 ** 40;

/** Who pays for calls of one provider through one channel: signs what a test tells it to. */
export class Payer {
  readonly world: World;
  readonly account: LocalAccount;
  readonly config: ChannelConfig;
  readonly id: Hex;
  readonly #desk: LiveDesk;
  #deposits = 0;

  constructor(world: World, desk: LiveDesk, { salt = zeroHash, account = world.buyer, ...changes }: PayerWishes = {}) {
    const { receiver, receiverAuthorizer, asset: token, withdrawDelay } = desk.terms();
    const { address } = account;
    const common = { payer: address, payerAuthorizer: address, receiver, receiverAuthorizer, token, withdrawDelay };
    this.world = world;
    this.account = account;
    this.config = { ...common, salt, ...changes };
    this.id = channelId({ chainId: this.#chainId(), config: this.config });
    this.#desk = desk;
  }

  /** A new account with money of its own and a channel of its own. */
  static async stranger(world: World, desk: LiveDesk): Promise<Payer> {
    const account = privateKeyToAccount(generatePrivateKey());
    await mint(world, account);
    return new Payer(world, desk, { account });
  }

  /** A payment of a channel that has enough. */
  async voucher(ceiling: bigint): Promise<string> {
    return this.#header({ type: "voucher", channelConfig: this.config, voucher: await this.#signed(ceiling) });
  }

  /** A payment that fills the channel first. */
  async deposit(amount: bigint, ceiling: bigint, validBefore: number = FOREVER): Promise<string> {
    this.#deposits += 1;
    const times = { validAfter: 0n, validBefore: BigInt(validBefore) };
    const deposit = { channelId: this.id, payer: this.config.payer, amount, ...times, salt: BigInt(this.#deposits) };
    const typed = depositAuthorizationTypedData({ token: this.#token(), deposit });
    const signature = await this.account.signTypedData(typed);
    const authorization = {
      erc3009Authorization: {
        validAfter: "0",
        validBefore: String(validBefore),
        salt: numberToHex(this.#deposits, { size: 32 }),
        signature,
      },
    };
    return this.#header({
      type: "deposit",
      channelConfig: this.config,
      voucher: await this.#signed(ceiling),
      deposit: { amount: amount.toString(), authorization },
    });
  }

  /** Asks for the rest of the channel, or part of it. */
  async refund(charged: bigint, amount?: bigint): Promise<string> {
    const voucher = await this.#signed(charged);
    const part = amount === undefined ? {} : { amount: amount.toString() };
    return this.#header({ type: "refund", channelConfig: this.config, voucher, ...part });
  }

  /** Pays one call by a transfer. */
  async exact(value: bigint, nonce: Hex, validBefore: number = FOREVER): Promise<string> {
    const to = this.#desk.terms().receiver;
    const from = this.account.address;
    const authorization = { from, to, value, validAfter: 0n, validBefore: BigInt(validBefore), nonce };
    const signature = await this.account.signTypedData(
      exactAuthorizationTypedData({ token: this.#token(), authorization }),
    );
    const texts = { value: value.toString(), validAfter: "0", validBefore: BigInt(validBefore).toString() };
    return this.#header({ signature, authorization: { from, to, ...texts, nonce } }, "exact");
  }

  /** The channel on chain. */
  async onChain(): Promise<{ readonly balance: bigint; readonly claimed: bigint }> {
    const [balance, claimed] = await this.world.chain.client.readContract({
      address: BATCH_SETTLEMENT_ADDRESS,
      abi: batchSettlementAbi,
      functionName: "channels",
      args: [this.id],
    });
    return { balance, claimed };
  }

  /** Asks for money of the channel on chain, as a payer does who does not ask the provider. */
  async leave(amount: bigint): Promise<void> {
    const { client } = this.world.chain;
    const contract = { address: BATCH_SETTLEMENT_ADDRESS, abi: batchSettlementAbi } as const;
    const args = [this.config, amount] as const;
    const { account } = this;
    await client.setBalance({ address: account.address, value: parseEther("1") });
    const hash = await client.writeContract({ ...contract, account, functionName: "initiateWithdraw", args });
    await client.waitForTransactionReceipt({ hash });
  }

  async #signed(ceiling: bigint) {
    const voucher = { channelId: this.id, maxClaimableAmount: ceiling };
    const signature = await this.account.signTypedData(voucherTypedData({ chainId: this.#chainId(), voucher }));
    return { channelId: this.id, maxClaimableAmount: ceiling.toString(), signature };
  }

  #header(payload: PaymentPayload["payload"], scheme = "batch-settlement"): string {
    const { network, asset, receiver: payTo } = this.#desk.terms();
    const accepted = { scheme, network, amount: "1", asset, payTo, maxTimeoutSeconds: 60 };
    return encodePaymentHeader({ x402Version: 2, accepted, payload });
  }

  #chainId(): number {
    return this.world.chain.client.chain.id;
  }

  #token() {
    return { chainId: this.#chainId(), ...this.#desk.terms() };
  }
}

/** Gives someone tokens. */
export async function mint(world: World, { address }: LocalAccount): Promise<void> {
  const { client } = world.chain;
  const token = { account: accountAt(0), address: world.token, abi: testTokenAbi } as const;
  const hash = await client.writeContract({ ...token, functionName: "mint", args: [address, 1_000_000_000n] });
  await client.waitForTransactionReceipt({ hash });
}

/** How a channel differs from the ordinary. */
export type PayerWishes = Partial<ChannelConfig> & { readonly account?: LocalAccount };

/** What a 402 says. */
export function requiredBy({ headers }: Refusal): PaymentRequired {
  return decodePaymentRequired(headers["PAYMENT-REQUIRED"]!);
}
