import {
  type Answer,
  answerOf,
  encodeOutput,
  encodeRequest,
  outputHash,
  type Receipt,
  type ReceiptEnvelope,
  receiptJob,
  receiptRoot,
  receiptTypedData,
  requestHash,
  traceRoot,
} from "@touchstone/sdk";
import { type Hex, keccak256, stringToBytes } from "viem";
import { localCourtParameters } from "../../../scripts/network/parameters.ts";
import { JUDGED_MODEL } from "./court.ts";
import type { World } from "./sdk-world.ts";
import { newBuyer, newProvider, type Person } from "./trade.ts";

/** What a call of these tests costs. */
export const AMOUNT = 10_000n;

/** A live call that a provider with a bond answered, and all that both sides know of it. */
export interface LiveCall {
  readonly buyer: Person;
  readonly provider: Person;
  readonly envelope: ReceiptEnvelope;
  /** The job that the receipt stands for. */
  readonly job: Hex;
  readonly request: Uint8Array;
  readonly output: Uint8Array;
  readonly trace: Uint8Array;
  /** What answers a demand for the one item. */
  readonly answer: Answer;
}

/** A provider with a live bond. */
export async function newSeller(world: World, bond = 2n * localCourtParameters.minBond): Promise<Person> {
  const provider = await newProvider(world);
  await provider.depositWithPermit({ amount: bond });
  await provider.postBond({ amount: bond });
  return provider;
}

/** One call on the judged model, its receipt signed by the provider unless somebody else signs. */
export async function liveCall(
  world: World,
  parties: { readonly buyer?: Person; readonly provider?: Person; readonly signer?: Person } = {},
  changes: Partial<Receipt> = {},
): Promise<LiveCall> {
  const buyer = parties.buyer ?? (await newBuyer(world));
  const provider = parties.provider ?? (await newSeller(world));
  const signer = parties.signer ?? provider;
  const request = encodeRequest("Tell a story about a fox.");
  const output = encodeOutput({ finishReason: "stop", promptTokens: 7, text: "A fox slept.", tokens: [1, 2, 3] });
  const trace = Uint8Array.from({ length: 3 * 52 }, (_, index) => index % 251);
  const hashes = { outputHash: outputHash(output), traceRoot: traceRoot(trace) };
  const place = { chainId: 31_337, market: world.market, lifetime: localCourtParameters.receiptLifetime };
  const rootless = {
    ...{ provider: provider.account.address, payer: buyer.account.address, model: JUDGED_MODEL },
    ...{ channelId: keccak256(stringToBytes("channel")), seq: 1n, cumulative: AMOUNT, amount: AMOUNT },
    ...{ requestHash: requestHash(request), promptTokens: 7, completionTokens: 3, issuedAt: await world.now() },
    ...changes,
  };
  const receipt = { resultRoot: receiptRoot({ ...place, receipt: rootless, ...hashes }), ...rootless };
  const signature = await signer.signTypedData(receiptTypedData({ ...place, receipt }));
  const job = receiptJob({ ...place, receipt });
  const demanded = { item: 0, chunk: 0, requestHashes: [requestHash(request)], request, output, trace };
  return {
    ...{ buyer, provider, job, request, output, trace },
    envelope: { receipt, operator: signer.account.address, signature, ...hashes },
    answer: answerOf({ job, provider: provider.account.address, items: [hashes], ...demanded }),
  };
}
