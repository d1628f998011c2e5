import { CARD_SERVICE, CARD_TYPE, encodeOutput, type ItemOutput, type JobSpec, resultRoot } from "@touchstone/sdk";
import { type Hex, keccak256, stringToHex, zeroHash } from "viem";
import type { ContentServer } from "./content-server.ts";
import type { World } from "./sdk-world.ts";

export const MODEL: Hex = keccak256(stringToHex("storyteller"));
export const PRICE = 10_000n;
export const REQUESTS = ["Tell a story about a fox.", "Tell a story about an owl."] as const;
export const OUTPUTS: readonly ItemOutput[] = [
  { finishReason: "stop", promptTokens: 7, text: "A fox slept.", tokens: [1, 2, 3] },
  { error: { code: "PROMPT_TOO_LONG", message: "The prompt is too long." } },
];

export type Person = Awaited<ReturnType<World["newcomer"]>>;

/** Somebody who can pay for a hundred jobs. */
export async function newBuyer(world: World): Promise<Person> {
  const buyer = await world.newcomer();
  await buyer.depositWithPermit({ amount: 100n * PRICE });
  return buyer;
}

/** Somebody whose stake answers for six tokens' worth of jobs. */
export async function newProvider(world: World): Promise<Person> {
  const provider = await world.newcomer();
  await provider.depositWithPermit({ amount: 30_000_000n });
  await provider.stake({ amount: 30_000_000n });
  return provider;
}

/** A job of two items in the wildcard form that most tests need. */
export function draft(
  changes: Partial<{ price: bigint; provider: Hex; challengeWindow: number; submitWithin: number }> = {},
) {
  return { model: MODEL, requests: REQUESTS, price: PRICE, challengeWindow: 2, ...changes };
}

/** Puts outputs on a server as a provider's node does, and tells their root. */
export function publish(
  server: ContentServer,
  { job, provider, outputs = OUTPUTS }: { job: Hex; provider: Hex; outputs?: readonly (ItemOutput | Uint8Array)[] },
): Hex {
  const items = outputs.map((output) => {
    const bytes = output instanceof Uint8Array ? output : encodeOutput(output);
    return { outputHash: server.keep(bytes), traceRoot: zeroHash };
  });
  const root = resultRoot({ job, provider, items });
  server.answers.set(`/results/${job}`, { job, provider, root, items });
  return root;
}

/** The card of a provider whose node is at `endpoint`. */
export function cardOf(world: World, provider: Person, endpoint: string) {
  const who = { provider: provider.account.address, market: world.market, chainId: 31_337 };
  const model = { id: MODEL, name: "storyteller", contextLength: 2048, pricePerItem: "1000" };
  const prices = { pricePerMillionInputTokens: "0", pricePerMillionOutputTokens: "1000000" };
  return {
    ...{ type: CARD_TYPE, name: "Aurora", description: "", active: true },
    services: [{ name: CARD_SERVICE, endpoint, version: "0.1.0" }],
    touchstone: { ...who, region: "eu", hardware: "cpu", models: [{ ...model, ...prices }] },
  };
}

/** Posts, accepts and submits; the outputs are on the server. */
export async function submitted(
  server: ContentServer,
  buyer: Person,
  provider: Person,
  outputs: readonly ItemOutput[] = OUTPUTS,
): Promise<{ job: Hex; spec: JobSpec; root: Hex }> {
  const { job, spec } = await buyer.postJob({ ...draft(), uri: server.url });
  await provider.acceptJob({ spec });
  const root = publish(server, { job, provider: provider.account.address, outputs });
  await provider.submitResult({ job, resultRoot: root });
  return { job, spec, root };
}
