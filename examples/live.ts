// A buyer of single calls, without a gateway: the official client of OpenAI on a `fetch` that pays. Run `npm start` first.
import { createTouchstoneFetch } from "@touchstone/sdk";
import OpenAI from "openai";
import { privateKeyToAccount } from "viem/accounts";
import { network } from "./network.ts";

const { rpcUrl, market, accounts } = network;
const wallet = privateKeyToAccount(accounts.buyer.privateKey);
const touchstone = createTouchstoneFetch({ wallet, rpcUrl, market, budget: { total: 1_000_000n } });
const openai = new OpenAI({ baseURL: "https://touchstone.invalid/v1", apiKey: "none", fetch: touchstone });
const stream = await openai.chat.completions.create({
  model: "storyteller",
  messages: [{ role: "user", content: "Write a short story about a shy owl and an old lantern" }],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
}
for (const { envelope, faults } of await touchstone.receipts()) {
  const { provider, amount, seq } = envelope.receipt;
  console.log(`\n\nCall ${seq} of ${provider} cost ${amount} units; its receipt has ${faults.length} faults.`);
}
await touchstone.close({ refund: true }); // What is left of the deposit comes back.
