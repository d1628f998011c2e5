import { Signature, type TypedDataDomain, type TypedDataField } from "ethers";
import {
  permitTypes,
  quoteTypes,
  receiveWithAuthorizationTypes,
} from "../../../client-sdk/src/protocol/generated/typed-data.ts";
import { domainOf, idOf, SPEC_TYPES, type Spec } from "./jobs.ts";
import type { MarketWorld } from "./world.ts";

/** Whoever signs typed data: a key of the chain or a wallet. */
export interface Signer {
  getAddress(): Promise<string>;
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string>;
}

/** A provider's quote: it takes the job of this spec on if it is posted before `validUntil`. */
export async function signQuote(world: MarketWorld, signer: Signer, spec: Spec, validUntil: bigint): Promise<string> {
  const quote = { job: await idOf(world, spec), validUntil };
  return signer.signTypedData(await domainOf(world), { Quote: [...quoteTypes.Quote] }, quote);
}

/** A client's order: the spec itself, signed. */
export async function signOrder(world: MarketWorld, signer: Signer, spec: Spec): Promise<string> {
  return signer.signTypedData(await domainOf(world), SPEC_TYPES, { ...spec });
}

export interface Permit {
  readonly value: bigint;
  readonly deadline: bigint;
}

/** The owner's ERC-2612 permit for the market to take tokens. */
export async function signPermit(world: MarketWorld, owner: Signer, permit: Permit): Promise<Signature> {
  const message = {
    ...permit,
    owner: await owner.getAddress(),
    spender: await world.market.getAddress(),
    nonce: await world.token.nonces(owner.getAddress()),
  };
  return Signature.from(
    await owner.signTypedData(await tokenDomainOf(world), { Permit: [...permitTypes.Permit] }, message),
  );
}

export interface Authorization {
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly nonce: string;
}

/** The owner's ERC-3009 authorization for the market, and nobody else, to receive tokens. */
export async function signAuthorization(
  world: MarketWorld,
  from: Signer,
  authorization: Authorization,
): Promise<string> {
  const message = { ...authorization, from: await from.getAddress(), to: await world.market.getAddress() };
  const types = { ReceiveWithAuthorization: [...receiveWithAuthorizationTypes.ReceiveWithAuthorization] };
  return from.signTypedData(await tokenDomainOf(world), types, message);
}

async function tokenDomainOf({ token }: MarketWorld): Promise<TypedDataDomain> {
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  return { name, version, chainId, verifyingContract };
}
