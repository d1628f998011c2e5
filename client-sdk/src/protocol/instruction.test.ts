import { expect } from "chai";
import { hashStruct, hashTypedData, recoverTypedDataAddress, zeroAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  instructionDigest,
  instructionTypedData,
  type OwnerInstruction,
  pricesFromWire,
  pricesToWire,
  signedInstructionSchema,
} from "./instruction.ts";
import { parseAs } from "./parse-as.ts";

const OWNER = privateKeyToAccount(`0x${"11".repeat(32)}`);
const PLACE = { chainId: 31_337, market: "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045" } as const;
const PRICES = {
  pricePerItem: "100",
  pricePerMillionInputTokens: "0",
  pricePerMillionOutputTokens: `${2n ** 64n - 1n}`,
};
const DRAIN: OwnerInstruction = { provider: OWNER.address, action: "drain", issuedAt: 1_800_000_000 };
const REPRICE: OwnerInstruction = { ...DRAIN, action: "prices", prices: PRICES };

const signed = (instruction: object) => ({ instruction, signer: OWNER.address, signature: "0x12" });

function codeOf(instruction: object): unknown {
  try {
    parseAs(signedInstructionSchema, signed(instruction), "owner's instruction");
    return "none";
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
}

describe("owner's instructions", () => {
  it("are EIP-712 typed data of the market, whose action a wallet can show", async () => {
    const data = instructionTypedData({ ...PLACE, instruction: REPRICE });
    expect(data.domain).to.deep.include({ chainId: 31_337, verifyingContract: PLACE.market });
    expect(data.message).to.include({ action: "prices", pricePerItem: 100n });
    expect(instructionDigest({ ...PLACE, instruction: REPRICE })).to.equal(hashTypedData(data));
    const signature = await OWNER.signTypedData(data);
    expect(await recoverTypedDataAddress({ ...data, signature })).to.equal(OWNER.address);
  });

  it("differ in what is signed by every field", () => {
    const others: OwnerInstruction[] = [
      { ...DRAIN, action: "resume" },
      { ...DRAIN, action: "reset" },
      { ...DRAIN, issuedAt: DRAIN.issuedAt + 1 },
      { ...DRAIN, provider: zeroAddress },
      REPRICE,
      { ...REPRICE, prices: { ...PRICES, pricePerItem: "101" } },
      { ...REPRICE, prices: { ...PRICES, pricePerMillionInputTokens: "1" } },
      { ...REPRICE, prices: { ...PRICES, pricePerMillionOutputTokens: "1" } },
    ];
    const digests = [DRAIN, ...others].map((instruction) => instructionDigest({ ...PLACE, instruction }));
    const elsewhere = [
      instructionDigest({ ...PLACE, chainId: 1, instruction: DRAIN }),
      instructionDigest({ ...PLACE, market: zeroAddress, instruction: DRAIN }),
    ];
    expect(new Set([...digests, ...elsewhere]).size).to.equal(digests.length + elsewhere.length);
  });

  it("are the same with prices as bigints and as decimals", () => {
    const bigints = pricesFromWire(PRICES);
    expect(pricesToWire(bigints)).to.deep.equal(PRICES);
    const { primaryType, message } = instructionTypedData({ ...PLACE, instruction: { ...REPRICE, prices: bigints } });
    const { types } = instructionTypedData({ ...PLACE, instruction: REPRICE });
    const decimals = instructionTypedData({ ...PLACE, instruction: REPRICE }).message;
    expect(hashStruct({ data: message, types, primaryType })).to.equal(
      hashStruct({ data: decimals, types, primaryType }),
    );
  });

  it("travel in JSON, with prices where they set some and nowhere else", () => {
    const sent = JSON.parse(JSON.stringify(signed(REPRICE)));
    expect(parseAs(signedInstructionSchema, sent, "owner's instruction")).to.deep.equal(signed(REPRICE));
    expect(codeOf(DRAIN)).to.equal("none");
    for (const bad of [
      { ...REPRICE, prices: undefined },
      { ...DRAIN, prices: PRICES },
      { ...REPRICE, prices: { ...PRICES, pricePerItem: "-1" } },
      { ...REPRICE, prices: { ...PRICES, pricePerItem: "1.5" } },
      { ...REPRICE, prices: { ...PRICES, pricePerItem: 1 } },
      { ...REPRICE, prices: { ...PRICES, pricePerItem: `${2n ** 64n}` } },
      { ...REPRICE, prices: { ...PRICES, discount: "1" } },
      { ...DRAIN, action: "stop" },
      { ...DRAIN, issuedAt: -1 },
      { ...DRAIN, provider: "0x12" },
      { ...DRAIN, more: true },
    ]) {
      expect(codeOf(bad), JSON.stringify(bad)).to.equal("INVALID_DATA");
    }
  });
});
