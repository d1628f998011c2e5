import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { caip2, chainIdOf } from "./x402.ts";
import {
  decodePaymentPayload,
  decodePaymentRequired,
  decodeSettleResponse,
  encodePaymentHeader,
  MAX_PAYMENT_HEADER,
  type PaymentPayload,
} from "./x402-wire.ts";

const ACCEPTED = {
  ...{ scheme: "batch-settlement", network: "eip155:8453", amount: "1200", asset: zeroAddress, payTo: zeroAddress },
  ...{ maxTimeoutSeconds: 300, extra: { name: "USDC", version: "2", minDeposit: "100000" } },
};
const RESOURCE = { url: "https://node.example/v1/chat/completions" };
const CHANNEL = {
  ...{ payer: zeroAddress, payerAuthorizer: zeroAddress, receiver: zeroAddress, receiverAuthorizer: zeroAddress },
  ...{ token: zeroAddress, withdrawDelay: 86_400, salt: zeroHash },
};
const VOUCHER = { channelId: zeroHash, maxClaimableAmount: "5000", signature: "0x12" } as const;
const ERC3009 = { validAfter: "0", validBefore: "1790000000", salt: zeroHash, signature: "0x12" } as const;
const AUTHORIZATION = {
  ...{ from: zeroAddress, to: zeroAddress, value: "12", validAfter: "0", validBefore: "1790000000", nonce: zeroHash },
};

const payloads = {
  voucher: { type: "voucher", channelConfig: CHANNEL, voucher: VOUCHER },
  deposit: {
    ...{ type: "deposit", channelConfig: CHANNEL, voucher: VOUCHER },
    deposit: { amount: "100000", authorization: { erc3009Authorization: ERC3009 } },
  },
  refund: { type: "refund", channelConfig: CHANNEL, voucher: VOUCHER, amount: "7" },
  exact: { signature: "0x12", authorization: AUTHORIZATION },
} as const satisfies Readonly<Record<string, PaymentPayload["payload"]>>;

const paid = (payload: object) => ({ x402Version: 2, resource: RESOURCE, accepted: ACCEPTED, payload });
const headerOf = (value: unknown) => encodePaymentHeader(value as PaymentPayload);
const codeOf = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("payment headers", () => {
  for (const [name, payload] of Object.entries(payloads)) {
    it(`carry a payment: ${name}`, () => {
      expect(decodePaymentPayload(headerOf(paid(payload)))).to.deep.equal(paid(payload));
    });
  }

  it("carry what a call would cost, and how a payment went", () => {
    const required = { x402Version: 2 as const, error: "why", resource: RESOURCE, accepts: [ACCEPTED] };
    expect(decodePaymentRequired(encodePaymentHeader(required))).to.deep.equal(required);
    const settled = { success: true, transaction: "", network: "eip155:1", extra: { chargedAmount: "7" } };
    expect(decodeSettleResponse(encodePaymentHeader(settled))).to.deep.equal(settled);
  });

  it("keep what others add, to send it back as it came", () => {
    const extended = { ...paid(payloads.voucher), extensions: { bazaar: { a: 1 } }, more: [1] };
    expect(decodePaymentPayload(headerOf(extended))).to.deep.equal(extended);
  });

  it("are refused with anything bad about them", () => {
    const { voucher, deposit, exact } = payloads;
    const bad = {
      "another version": { ...paid(voucher), x402Version: 1 },
      "no offer": { x402Version: 2, payload: voucher },
      "another kind": paid({ ...voucher, type: "gift" }),
      "an unknown field": paid({ ...voucher, tip: "1" }),
      "an amount too high": paid({ ...voucher, voucher: { ...VOUCHER, maxClaimableAmount: (2n ** 128n).toString() } }),
      "an amount below zero": paid({ ...voucher, voucher: { ...VOUCHER, maxClaimableAmount: "-1" } }),
      "an amount in hex": paid({ ...voucher, voucher: { ...VOUCHER, maxClaimableAmount: "0x10" } }),
      "a number for an amount": paid({ ...voucher, voucher: { ...VOUCHER, maxClaimableAmount: 5 } }),
      "a delay too long": paid({ ...voucher, channelConfig: { ...CHANNEL, withdrawDelay: 2 ** 40 } }),
      "no authorization": paid({ ...deposit, deposit: { amount: "1", authorization: {} } }),
      "a wrong checksum": paid({ ...exact, authorization: { ...AUTHORIZATION, from: `0x${"aB".repeat(20)}` } }),
      "another nonce": paid({ ...exact, authorization: { ...AUTHORIZATION, nonce: "0x12" } }),
    };
    for (const [name, body] of Object.entries(bad)) {
      expect(
        codeOf(() => decodePaymentPayload(headerOf(body))),
        name,
      ).to.equal("INVALID_DATA");
    }
    const good = headerOf(paid(voucher));
    for (const header of ["", "?", "e30=", good.slice(1), `${good}====`, "A".repeat(MAX_PAYMENT_HEADER + 4)]) {
      expect(
        codeOf(() => decodePaymentPayload(header)),
        header.slice(0, 9),
      ).to.equal("INVALID_DATA");
    }
  });
});

describe("names of chains", () => {
  it("are eip155: and the chain's id", () => {
    expect(caip2(8453)).to.equal("eip155:8453");
    expect(chainIdOf(caip2(31_337))).to.equal(31_337);
    for (const network of ["", "base", "eip155:", "eip155:01", "eip155:1e3", "solana:101", "eip155:1 "]) {
      expect(
        codeOf(() => chainIdOf(network)),
        network,
      ).to.equal("INVALID_DATA");
    }
  });
});
