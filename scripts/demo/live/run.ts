import { createTouchstoneFetch, type TouchstoneFetch } from "@touchstone/sdk";
import { priceOf } from "@touchstone/sdk/protocol";
import OpenAI from "openai";
import { parseUnits, stringToBytes } from "viem";
import { BUYER, type LocalNetwork } from "../../network/network.ts";
import { tokens } from "../report.ts";
import { ask } from "./ask.ts";
import { type Check, checkCall, type PaidCall } from "./check-receipt.ts";
import { chargesOf, type Purses, pursesOf, type Step, stepsSince, untilSettled } from "./closing.ts";
import { costColumn } from "./cost-column.ts";
import { type LiveOffer, liveOffers, pricingOf } from "./offers.ts";

/** A chat that was paid for call by call, and what came of it on chain. */
export interface Chat {
  readonly calls: readonly (PaidCall & { readonly checks: readonly Check[] })[];
  /** What the calls moved on chain. */
  readonly steps: readonly Step[];
  readonly before: Purses;
  readonly after: Purses;
}

/** Who is told how it goes. */
export interface Reader {
  say(step: string): void;
  /** Pieces of the chat, as they come. */
  write(text: string): void;
}

const MODEL = "storyteller";
const MAX_TOKENS = 200;
const BUDGET = parseUnits("1", 6);
const SETTLED_MS = 60_000;
const CHARACTERS_PER_TOKEN = 4;

/** Has a chat with the market on a local network: bought, checked, claimed and settled. */
export async function chat(network: LocalNetwork, prompts: readonly string[], reader: Reader): Promise<Chat> {
  const offers = await liveOffers(network, MODEL);
  for (const { name, model, bond } of offers) {
    const { pricePerItem, pricePerMillionOutputTokens } = pricingOf(model);
    const price = `${tokens(pricePerItem)} a call and ${tokens(pricePerMillionOutputTokens)} a million tokens`;
    reader.say(`${name} asks ${price}; its receipts answer with ${tokens(bond)}`);
  }
  const before = await pursesOf(network, offers);
  const fromBlock = (await network.buyer.getBlockNumber({ cacheTime: 0 })) + 1n;
  const calls = await buyAll(network, offers, prompts, reader);
  const charges = chargesOf(calls);
  reader.say("Waiting for the provider to claim its calls by the last voucher, to be paid, and to give back the rest");
  await untilSettled(network, offers, charges, SETTLED_MS);
  const steps = await stepsSince(network, fromBlock);
  return { calls, steps, before, after: await pursesOf(network, offers, charges) };
}

async function buyAll(
  network: LocalNetwork,
  offers: readonly LiveOffer[],
  prompts: readonly string[],
  reader: Reader,
): Promise<Chat["calls"]> {
  const { chain, deployment } = network;
  const touchstone = createTouchstoneFetch({
    wallet: chain.account(BUYER),
    rpcUrl: chain.rpcUrl,
    market: deployment.market,
    budget: { total: BUDGET },
  });
  try {
    const calls: Chat["calls"][number][] = [];
    for (const prompt of prompts) {
      const call = await buy(touchstone, offers, prompt, reader);
      calls.push({ ...call, checks: await checkCall(network, call, calls) });
    }
    reader.say("\nThe chat is over: the provider is asked for the rest of the deposit");
    await touchstone.close({ refund: true });
    return calls;
  } finally {
    await touchstone.close();
  }
}

/** Asks one question, shows the answer with its running cost, and takes its receipt. */
async function buy(
  touchstone: TouchstoneFetch,
  offers: readonly LiveOffer[],
  prompt: string,
  reader: Reader,
): Promise<PaidCall> {
  const wire: { request: Uint8Array; offer: LiveOffer | undefined } = { request: new Uint8Array(), offer: undefined };
  const openai = new OpenAI({
    baseURL: "https://touchstone.invalid/v1", // Nobody is there: the fetch finds who answers.
    apiKey: "none",
    maxRetries: 0,
    fetch: async (url, init) => {
      wire.request = stringToBytes(String(init?.body));
      const response = await touchstone(url, init);
      wire.offer = offers.find(({ provider }) => isSame(provider, response.headers.get("touchstone-provider")));
      return response;
    },
  });
  reader.say(`\n> ${prompt}\n`);
  const column = costColumn(reader.write);
  let outputTokens = 0;
  const cost = () => (wire.offer === undefined ? "" : `~ ${tokens(estimate(wire.offer, prompt, outputTokens))}`);
  const answer = await ask(openai, { model: MODEL, prompt, maxTokens: MAX_TOKENS }, (text) => {
    outputTokens += 1; // Each piece of text is a token, or a little more.
    column.take(text, cost());
  });
  column.end(cost());
  const receivedAt = Math.floor(Date.now() / 1_000);
  const { request, offer } = wire;
  const { channels } = await touchstone.status();
  const channel = channels.find(({ provider }) => isSame(provider, offer?.provider));
  const kept = (await touchstone.receipts()).at(-1);
  if (offer === undefined || channel === undefined || kept === undefined) {
    throw new Error("The call has no receipt.");
  }
  const call = { answer, request, offer, channelId: channel.channelId, envelope: kept.envelope, receivedAt };
  reader.say(`\n${summary(call)}`);
  return call;
}

/** What a call costs that is under way; nobody but the provider has counted the tokens of the prompt yet. */
function estimate({ model }: LiveOffer, prompt: string, outputTokens: number): bigint {
  const inputTokens = Math.ceil(prompt.length / CHARACTERS_PER_TOKEN);
  return priceOf(pricingOf(model), { items: 1, inputTokens, outputTokens });
}

function summary({ answer, offer, envelope }: PaidCall): string {
  const { firstTextMs, totalMs } = answer;
  const { promptTokens, completionTokens, amount } = envelope.receipt;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  return (
    `${offer.name}: ${promptTokens} + ${completionTokens} tokens, the first after ${seconds(firstTextMs)}, ` +
    `all in ${seconds(totalMs)}, for ${tokens(amount)}`
  );
}

function isSame(address: string, other: string | null | undefined): boolean {
  return address.toLowerCase() === other?.toLowerCase();
}
