import {
  BATCH_SETTLEMENT_ADDRESS,
  batchSettlementAbi,
  type ChannelConfig,
  caip2,
  channelId,
  claimBatchTypedData,
  decodePaymentPayload,
  decodePaymentRequired,
  decodeSettleResponse,
  depositAuthorizationTypedData,
  depositNonce,
  ERC3009_COLLECTOR_ADDRESS,
  encodePaymentHeader,
  exactAuthorizationTypedData,
  type PaymentRequired,
  refundTypedData,
  type SettleResponse,
  voucherDigest,
  voucherTypedData,
} from "@touchstone/sdk/protocol";
import {
  decodePaymentRequiredHeader,
  decodePaymentResponseHeader,
  encodePaymentRequiredHeader,
  encodePaymentResponseHeader,
  encodePaymentSignatureHeader,
} from "@x402/core/http";
import type {
  PaymentPayload as TheirPayload,
  PaymentRequired as TheirRequired,
  SettleResponse as TheirSettled,
} from "@x402/core/types";
import {
  authorizationTypes,
  claimBatchTypes,
  ERC3009_DEPOSIT_COLLECTOR_ADDRESS,
  refundTypes,
  BATCH_SETTLEMENT_ADDRESS as THEIR_ADDRESS,
  BATCH_SETTLEMENT_DOMAIN as THEIR_DOMAIN,
} from "@x402/evm";
import {
  computeChannelId,
  createBatchSettlementEIP3009DepositPayload,
  readChannelBalanceAndTotalClaimed,
  signVoucher,
} from "@x402/evm/batch-settlement/client";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { expect } from "chai";
import fc from "fast-check";
import {
  type Abi,
  type AbiFunction,
  type Address,
  getAddress,
  type Hex,
  hashTypedData,
  hexToBigInt,
  type TypedDataDomain,
  toEventSelector,
  toFunctionSelector,
} from "viem";
import { address, channelConfig, hash, RUNS, uint, uint128 } from "./support/arbitraries.ts";

const chainId = uint(31).map((id) => id + 1);

/** What x402's client would have signed, in place of a signature. */
function recordingSigner(account: Address) {
  const digests: Hex[] = [];
  const signer = {
    address: account,
    signTypedData: (data: unknown) => {
      const digest = hashTypedData(data as Parameters<typeof hashTypedData>[0]);
      digests.push(digest);
      return Promise.resolve(digest);
    },
  };
  return { signer, digests };
}

const digestOf = (data: object): Hex => hashTypedData(data as Parameters<typeof hashTypedData>[0]);

const requirementsOf = (chain: number, { receiver, token }: ChannelConfig) => ({
  ...{ scheme: "batch-settlement", network: caip2(chain), amount: "1", asset: token, payTo: receiver },
  ...{ maxTimeoutSeconds: 300, extra: { name: "USDC", version: "2" } },
});

describe("parity: x402", () => {
  const check = <Values extends [unknown, ...unknown[]]>(
    arbitraries: { [Key in keyof Values]: fc.Arbitrary<Values[Key]> },
    holds: (...values: Values) => void | Promise<void>,
  ) =>
    fc.assert(
      fc.asyncProperty(...arbitraries, async (...values) => holds(...(values as Values))),
      { numRuns: RUNS },
    );

  it("knows the same contracts", () => {
    expect(BATCH_SETTLEMENT_ADDRESS).to.equal(THEIR_ADDRESS);
    expect(ERC3009_COLLECTOR_ADDRESS).to.equal(ERC3009_DEPOSIT_COLLECTOR_ADDRESS);
  });

  it("names every channel as x402 does", () =>
    check([chainId, channelConfig], (chain, config) => {
      expect(channelId({ chainId: chain, config })).to.equal(computeChannelId(config, caip2(chain)));
    }));

  it("signs every voucher as x402 does", () =>
    check([chainId, hash, uint128], async (chain, id, maxClaimableAmount) => {
      const { signer, digests } = recordingSigner(BATCH_SETTLEMENT_ADDRESS);
      await signVoucher(signer, id, maxClaimableAmount.toString(), caip2(chain));
      const voucher = { channelId: id, maxClaimableAmount };
      expect(digestOf(voucherTypedData({ chainId: chain, voucher }))).to.equal(digests[0]);
      expect(voucherDigest({ chainId: chain, voucher })).to.equal(digests[0]);
    }));

  it("signs every deposit as x402 does, bound to its channel", () =>
    check([chainId, channelConfig, uint128], async (chain, config, amount) => {
      const { signer, digests } = recordingSigner(config.payer);
      const requirements = requirementsOf(chain, config);
      const { payload } = await createBatchSettlementEIP3009DepositPayload(
        ...([signer, 2, requirements, config, amount.toString(), "1"] as const),
      );
      const { erc3009Authorization } = (payload as unknown as Deposited).deposit.authorization;
      const { validAfter, validBefore, salt } = erc3009Authorization;
      const id = channelId({ chainId: chain, config });
      const times = { validAfter: BigInt(validAfter), validBefore: BigInt(validBefore) };
      const data = depositAuthorizationTypedData({
        token: { chainId: chain, asset: config.token, assetName: "USDC", assetVersion: "2" },
        deposit: { channelId: id, payer: config.payer, amount, salt: hexToBigInt(salt), ...times },
      });
      expect(data.message.nonce).to.equal(depositNonce({ channelId: id, salt: hexToBigInt(salt) }));
      expect(digestOf(data)).to.equal(digests[0]);
    }));

  it("signs every exact payment as x402 does", () =>
    check([chainId, channelConfig, uint128], async (chain, config, amount) => {
      const { signer, digests } = recordingSigner(config.payer);
      const requirements = { ...requirementsOf(chain, config), scheme: "exact" as const, amount: amount.toString() };
      const { payload } = await new ExactEvmScheme(signer).createPaymentPayload(2, requirements);
      const { from, to, value, validAfter, validBefore, nonce } = (payload as unknown as Exact).authorization;
      const data = exactAuthorizationTypedData({
        token: { chainId: chain, asset: config.token, assetName: "USDC", assetVersion: "2" },
        authorization: {
          ...{
            from,
            to,
            value: BigInt(value),
            validAfter: BigInt(validAfter),
            validBefore: BigInt(validBefore),
            nonce,
          },
        },
      });
      expect(data.types.TransferWithAuthorization).to.deep.equal(authorizationTypes.TransferWithAuthorization);
      expect(digestOf(data)).to.equal(digests[0]);
    }));

  it("signs claims and refunds over the types of x402", () =>
    check([chainId, hash, uint128, uint128], (chain, id, amount, nonce) => {
      const domain: TypedDataDomain = { ...THEIR_DOMAIN, chainId: chain, verifyingContract: getAddress(THEIR_ADDRESS) };
      const refund = { channelId: id, nonce, amount };
      const theirRefund = { domain, types: refundTypes, primaryType: "Refund", message: refund };
      expect(digestOf(refundTypedData({ chainId: chain, refund }))).to.equal(digestOf(theirRefund));
      const claims = [{ channelId: id, maxClaimableAmount: amount, totalClaimed: nonce }];
      const theirClaims = { domain, types: claimBatchTypes, primaryType: "ClaimBatch", message: { claims } };
      expect(digestOf(claimBatchTypedData({ chainId: chain, claims }))).to.equal(digestOf(theirClaims));
    }));

  it("calls the functions of x402's contract", async () => {
    const asked: Abi[] = [];
    const readContract = ({ abi }: { abi: readonly unknown[] }) => {
      asked.push(abi as Abi);
      return Promise.resolve([0n, 0n]);
    };
    const signer = { ...recordingSigner(BATCH_SETTLEMENT_ADDRESS).signer, readContract };
    await readChannelBalanceAndTotalClaimed(signer, `0x${"00".repeat(32)}`);
    const theirs = asked[0] as Abi;
    const selectors = (abi: Abi) => abi.filter((item) => item.type === "function").map(shapeOf);
    expect(selectors(theirs)).to.have.length.above(15);
    expect(selectors(batchSettlementAbi as Abi)).to.include.members(selectors(theirs));
    const events = (abi: Abi) => abi.filter((item) => item.type === "event").map((item) => toEventSelector(item));
    expect(events(batchSettlementAbi as Abi)).to.include.members(events(theirs));
  });

  const accepts = fc
    .tuple(chainId, channelConfig)
    .map(([chain, config]) => ({ ...requirementsOf(chain, config), scheme: "batch-settlement" as const }));
  const resource = fc.webUrl().map((url) => ({ url, description: "Tokens – sold", mimeType: "application/json" }));

  it("writes what a call costs as x402 does, letter for letter", () =>
    check([accepts, resource, fc.string({ unit: "grapheme" })], (accepted, resource, error) => {
      const required: PaymentRequired = { x402Version: 2, error, resource, accepts: [accepted] };
      const header = encodePaymentHeader(required);
      expect(header).to.equal(encodePaymentRequiredHeader(required as unknown as TheirRequired));
      expect(decodePaymentRequiredHeader(header)).to.deep.equal(decodePaymentRequired(header));
    }));

  it("reads what x402 pays with", () =>
    check([accepts, resource, channelConfig, hash, uint128], (accepted, resource, config, id, amount) => {
      const voucher = { channelId: id, maxClaimableAmount: amount.toString(), signature: id };
      const payload = { type: "voucher" as const, channelConfig: config, voucher };
      const paid = { x402Version: 2, resource, accepted, payload };
      const header = encodePaymentSignatureHeader(paid as unknown as TheirPayload);
      expect(decodePaymentPayload(header)).to.deep.equal(paid);
      expect(encodePaymentHeader(decodePaymentPayload(header))).to.equal(header);
    }));

  it("tells how a payment went as x402 does", () =>
    check([chainId, address, uint128], (chain, payer, amount) => {
      const extra = { chargedAmount: amount.toString(), channelState: { balance: "1" } };
      const settled: SettleResponse = { success: true, payer, transaction: "", network: caip2(chain), extra };
      const header = encodePaymentHeader(settled);
      expect(header).to.equal(encodePaymentResponseHeader(settled as unknown as TheirSettled));
      expect(decodePaymentResponseHeader(header)).to.deep.equal(decodeSettleResponse(header));
    }));
});

interface Deposited {
  readonly deposit: {
    readonly authorization: {
      readonly erc3009Authorization: { readonly validAfter: string; readonly validBefore: string; readonly salt: Hex };
    };
  };
}

interface Exact {
  readonly authorization: {
    readonly from: Address;
    readonly to: Address;
    readonly value: string;
    readonly validAfter: string;
    readonly validBefore: string;
    readonly nonce: Hex;
  };
}

/** What of a function a caller depends on. */
function shapeOf(item: AbiFunction): string {
  return `${item.name} ${toFunctionSelector(item)} ${item.outputs.map(({ type }) => type).join()}`;
}
