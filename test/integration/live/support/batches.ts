import { BatchSettlementEvmScheme } from "@x402/evm/batch-settlement/client";
import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
import OpenAI from "openai";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { World } from "../../node/support/world.ts";
import { mint } from "./payer.ts";

/** A batch as a node shows it. */
export type ShownBatch = OpenAI.Batch & {
  readonly touchstone: { readonly reserve: string; readonly charged: string | null; readonly receipt: object | null };
};

/** A line that asks the small model for a text of so many tokens; its prompt has two. */
export const line = (id: string, maxTokens = 8, body: object = {}) => ({
  custom_id: id,
  method: "POST",
  url: "/v1/chat/completions",
  body: { model: "small", messages: [{ role: "user", content: `story ${id}` }], max_tokens: maxTokens, ...body },
});

/** A batch's input; texts are lines as they are. */
export const jsonl = (...lines: readonly unknown[]) =>
  lines.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n");

/** Pays with a newcomer's wallet, as x402's own client does. */
export async function stockFetch(world: World): Promise<typeof fetch> {
  const account = privateKeyToAccount(generatePrivateKey());
  await mint(world, account);
  const { client } = world.chain;
  const signer = {
    address: account.address,
    signTypedData: (data: object) => account.signTypedData(data as never),
    readContract: (call: object) => client.readContract(call as never),
  } as ConstructorParameters<typeof BatchSettlementEvmScheme>[0];
  const schemes = [{ network: `eip155:${client.chain.id}` as const, client: new BatchSettlementEvmScheme(signer) }];
  // Its list of known tokens has none of a development chain.
  const wallet = x402Client.fromConfig({ schemes, spendControls: false });
  return wrapFetchWithPayment(globalThis.fetch, wallet) as typeof fetch;
}

/** Status and code of a refusal. */
export async function refusal(answer: Promise<Response>): Promise<readonly unknown[]> {
  const response = await answer;
  const { error } = (await response.json()) as { readonly error?: { readonly code: string } };
  return [response.status, error?.code];
}

/** The same, as the official client throws it. */
export async function refused(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (one: unknown) => one,
  );
  return error instanceof OpenAI.APIError ? [error.status, error.code] : error;
}
