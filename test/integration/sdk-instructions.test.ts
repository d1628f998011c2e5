import { instructionDigest, type SignedInstruction } from "@touchstone/sdk";
import { expect } from "chai";
import { anvil } from "viem/chains";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";

const FOREVER = 2 ** 40 - 1;
const PRICES = { pricePerItem: 5n, pricePerMillionInputTokens: 6n, pricePerMillionOutputTokens: 7n };

describe("SDK: owner's instructions", () => {
  let world: World;
  let provider: ReturnType<World["person"]>;
  let operator: ReturnType<World["person"]>;
  before(async () => {
    world = await startWorld();
    [provider, operator] = [await world.newcomer(), await world.newcomer()];
    await provider.setOperator({ operator: operator.account.address, validUntil: FOREVER });
  });
  after(() => world?.stop());

  const codeOf = async (instruction: SignedInstruction) =>
    (await failureOf(provider.verifyInstruction({ instruction }))).code;

  it("are signed by the provider, for itself and for now, and hold", async () => {
    const instruction = await provider.signInstruction({ action: "prices", prices: PRICES });
    expect(instruction).to.include({ signer: provider.account.address });
    expect(instruction.instruction).to.deep.include({ provider: provider.account.address, action: "prices" });
    expect(instruction.instruction.prices).to.include({ pricePerItem: "5" });
    expect(Math.abs(instruction.instruction.issuedAt - Date.now() / 1000)).to.be.lessThan(60);
    const place = { chainId: anvil.id, market: world.market };
    expect(await operator.verifyInstruction({ instruction })).to.equal(
      instructionDigest({ ...place, instruction: instruction.instruction }),
    );
  });

  it("are signed by an operator key as long as it is one, and by nobody else", async () => {
    const named = { provider: provider.account.address, action: "drain" } as const;
    const key = await world.newcomer();
    await provider.setOperator({ operator: key.account.address, validUntil: FOREVER });
    const instruction = await key.signInstruction(named);
    await provider.verifyInstruction({ instruction });
    const stranger = await world.newcomer();
    expect(await codeOf(await stranger.signInstruction(named))).to.equal("INSTRUCTION_NOT_OWNER");
    await provider.setOperator({ operator: key.account.address, validUntil: 0 });
    expect(await codeOf(instruction)).to.equal("INSTRUCTION_NOT_OWNER");
  });

  it("are signed by a contract that is an operator key (ERC-1271)", async () => {
    const owner = await world.newcomer();
    const account = await world.deploy("dev/SmartAccount.sol/SmartAccount", [owner.account.address]);
    await provider.setOperator({ operator: account, validUntil: FOREVER });
    const byOwner = await owner.signInstruction({ provider: provider.account.address, action: "resume" });
    await provider.verifyInstruction({ instruction: { ...byOwner, signer: account } });
    const byOther = await operator.signInstruction({ provider: provider.account.address, action: "resume" });
    expect(await codeOf({ ...byOther, signer: account })).to.equal("INSTRUCTION_SIGNATURE_INVALID");
  });

  it("do not hold once a field is changed, on another market, or in another's name", async () => {
    const signed = await provider.signInstruction({ action: "prices", prices: PRICES });
    const { instruction } = signed;
    const cheaper = { ...instruction, prices: { ...instruction.prices!, pricePerItem: "1" } };
    const elsewhere = await provider.signInstruction({ action: "drain", market: world.court });
    for (const changed of [
      { ...signed, instruction: cheaper },
      { ...signed, instruction: { ...instruction, issuedAt: instruction.issuedAt + 1 } },
      { ...signed, signer: operator.account.address },
      { ...signed, signature: "0x" } as const,
      elsewhere,
    ]) {
      expect(await codeOf(changed)).to.equal("INSTRUCTION_SIGNATURE_INVALID");
    }
  });

  it("are refused before a wallet is asked, where prices fit no 64 bits", async () => {
    const prices = { ...PRICES, pricePerItem: 2n ** 64n };
    expect(await failureOf(provider.signInstruction({ action: "prices", prices }))).to.include({
      code: "INVALID_DATA",
    });
  });
});
