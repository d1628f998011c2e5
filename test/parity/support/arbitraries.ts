import type { ChannelConfig, Frozen, JobSpec, ModelTerms, Quote, Receipt, Tolerances } from "@touchstone/sdk/protocol";
import fc from "fast-check";
import { type Address, bytesToHex, getAddress, type Hex } from "viem";

/** Any value of every protocol type, with the edges of its width. */

export const RUNS = 300;

const bytes = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => bytesToHex(value));

export const hash: fc.Arbitrary<Hex> = bytes(32);

export const address: fc.Arbitrary<Address> = bytes(20).map((value) => getAddress(value));

export const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

/** Unsigned integers that a number holds. */
export const uint = (bits: number): fc.Arbitrary<number> => fc.maxSafeNat().map((value) => value % 2 ** bits);

export const jobSpec: fc.Arbitrary<JobSpec> = fc.record({
  client: address,
  provider: address,
  model: hash,
  input: hash,
  items: uint(32),
  price: uint64,
  acceptBy: uint(40),
  submitWithin: uint(32),
  challengeWindow: uint(32),
  flags: uint(8),
  callback: address,
  callbackGas: uint(32),
  salt: hash,
});

export const frozen: fc.Arbitrary<Frozen> = fc.record({
  provider: address,
  price: uint64,
  submitWithin: uint(32),
  challengeWindow: uint(32),
  verified: fc.boolean(),
  submitBlock: uint64,
  resultRoot: hash,
});

export const quote: fc.Arbitrary<Quote> = fc.record({ job: hash, validUntil: uint(40) });

export const tolerances: fc.Arbitrary<Tolerances> = fc.record({
  marginTolerance: uint(16),
  marginThreshold: uint(16),
  traceTolerance: uint(16),
  traceThreshold: uint(16),
  probeTolerance: uint(32),
});

export const modelTerms: fc.Arbitrary<ModelTerms> = fc.record({
  manifestHash: hash,
  backendClass: hash,
  tolerances,
  traceKind: hash,
});

export const receipt: fc.Arbitrary<Receipt> = fc.record({
  provider: address,
  payer: address,
  model: hash,
  channelId: hash,
  seq: uint64,
  cumulative: uint64,
  requestHash: hash,
  resultRoot: hash,
  promptTokens: uint(32),
  completionTokens: uint(32),
  amount: uint64,
  issuedAt: uint(40),
});

export const uint128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });

export const channelConfig: fc.Arbitrary<ChannelConfig> = fc.record({
  payer: address,
  payerAuthorizer: address,
  receiver: address,
  receiverAuthorizer: address,
  token: address,
  withdrawDelay: uint(40),
  salt: hash,
});
