import { expect } from "chai";
import { id as hashText, Signature } from "ethers";
import {
  receiveWithAuthorizationTypes,
  transferWithAuthorizationTypes,
} from "../../client-sdk/src/protocol/generated/typed-data.ts";
import { asFields } from "./support/channels.ts";
import { now } from "./support/clock.ts";
import { openWorlds, usd, type World } from "./support/world.ts";

const newWorld = await openWorlds();
const AMOUNT = usd(7);
const BY_BYTES = "(address,address,uint256,uint256,uint256,bytes32,bytes)";
const BY_PARTS = "(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)";

/** The stranger's authorization for the friend: what is signed, and the arguments of the token's functions. */
async function authorize(world: World, types: object) {
  const { token, stranger, friend } = world;
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  const validBefore = (await now(world)) + 60n;
  const message = {
    from: stranger.address,
    to: friend.address,
    value: AMOUNT,
    validAfter: 0n,
    validBefore,
    nonce: hashText("nonce"),
  };
  const domain = { name, version, chainId, verifyingContract };
  const signature = await stranger.signTypedData(domain, asFields(types as never), message);
  const { from, to, value, validAfter, nonce } = message;
  return { signature, args: [from, to, value, validAfter, validBefore, nonce] as const };
}

describe("A transfer of the development token by authorization", () => {
  it("may be brought by anyone, with one signature of bytes", async () => {
    const world = await newWorld();
    const { chain, token, stranger, friend, rival } = world;
    const { args, signature } = await authorize(world, transferWithAuthorizationTypes);

    await expect(
      token.connect(rival)[`transferWithAuthorization${BY_BYTES}`](...args, signature),
    ).to.changeTokenBalances(chain.ethers, token, [stranger, friend], [-AMOUNT, AMOUNT]);
  });

  it("may be brought by anyone, with a signature in three parts", async () => {
    const world = await newWorld();
    const { chain, token, stranger, friend, rival } = world;
    const { args, signature } = await authorize(world, transferWithAuthorizationTypes);
    const { v, r, s } = Signature.from(signature);

    await expect(token.connect(rival)[`transferWithAuthorization${BY_PARTS}`](...args, v, r, s)).to.changeTokenBalances(
      chain.ethers,
      token,
      [stranger, friend],
      [-AMOUNT, AMOUNT],
    );
  });

  it("is not what was signed for a receiver to fetch", async () => {
    const world = await newWorld();
    const { args, signature } = await authorize(world, receiveWithAuthorizationTypes);

    await expect(world.token[`transferWithAuthorization${BY_BYTES}`](...args, signature)).to.be.revertedWithCustomError(
      world.token,
      "AuthorizationInvalidSignature",
    );
  });
});

describe("The receiver of development tokens", () => {
  it("fetches them with a signature in three parts", async () => {
    const world = await newWorld();
    const { chain, token, stranger, friend } = world;
    const { args, signature } = await authorize(world, receiveWithAuthorizationTypes);
    const { v, r, s } = Signature.from(signature);

    await expect(token.connect(friend)[`receiveWithAuthorization${BY_PARTS}`](...args, v, r, s)).to.changeTokenBalances(
      chain.ethers,
      token,
      [stranger, friend],
      [-AMOUNT, AMOUNT],
    );
  });

  it("alone may fetch them", async () => {
    const world = await newWorld();
    const { token, stranger, friend } = world;
    const { args, signature } = await authorize(world, receiveWithAuthorizationTypes);

    await expect(token.connect(stranger)[`receiveWithAuthorization${BY_BYTES}`](...args, signature))
      .to.be.revertedWithCustomError(token, "AuthorizationNotPayee")
      .withArgs(friend, stranger);
  });
});

describe("The development token", () => {
  it("says which authorization was used", async () => {
    const world = await newWorld();
    const { args, signature } = await authorize(world, transferWithAuthorizationTypes);

    await expect(world.token[`transferWithAuthorization${BY_BYTES}`](...args, signature))
      .to.emit(world.token, "AuthorizationUsed")
      .withArgs(world.stranger, hashText("nonce"));
  });

  it("tells the version that its signatures name, as USDC does", async () => {
    const { token } = await newWorld();

    expect(await token.version()).to.equal((await token.eip712Domain()).version);
  });
});
