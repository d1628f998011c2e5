import { asStrings, plainTable, tokens } from "../report.ts";
import type { Chat } from "./run.ts";

type Call = Chat["calls"][number];

/** What `--json` prints, in one line: token amounts as decimal strings of token units, gas as numbers. */
export function chatAsJson({ calls, steps, before, after }: Chat): string {
  return JSON.stringify(
    {
      calls: calls.map(({ answer, offer, envelope, checks }) => ({
        prompt: answer.prompt,
        text: answer.text,
        finishReason: answer.finishReason,
        provider: offer.provider,
        name: offer.name,
        receipt: envelope.receipt,
        operator: envelope.operator,
        signature: envelope.signature,
        checks,
      })),
      steps,
      balances: { before: asStrings(before), after: asStrings(after) },
    },
    (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
  );
}

/** What people see. */
export function chatAsTables(chat: Chat): string {
  return [...chat.calls.map(receipt), steps(chat), purses(chat)].join("\n\n");
}

function receipt({ offer, envelope, checks }: Call): string {
  const { receipt, operator } = envelope;
  const table = plainTable();
  table.push(
    { provider: `${offer.name} (${receipt.provider})` },
    { payer: receipt.payer },
    { model: receipt.model },
    { channel: receipt.channelId },
    { "call of the channel": receipt.seq.toString() },
    { "hash of the request": receipt.requestHash },
    { "root of the result": receipt.resultRoot },
    { tokens: `${receipt.promptTokens} + ${receipt.completionTokens}` },
    { amount: tokens(receipt.amount) },
    { "all of the channel": tokens(receipt.cumulative) },
    { issued: new Date(receipt.issuedAt * 1_000).toISOString() },
    { "signed by": operator },
  );
  const lines = checks.map(({ what, holds }) => `  ${holds ? "✔" : "✘"} ${what}`);
  return [`Receipt ${receipt.seq} of ${offer.name}`, table.toString(), ...lines].join("\n");
}

function steps({ steps: all }: Chat): string {
  const table = plainTable({
    head: ["on chain", "amount", "gas", "transaction"],
    colAligns: ["left", "right", "right"],
  });
  for (const { name, amount, gas, transaction } of all) {
    const used = gas === 0 ? "in the step before" : gas.toLocaleString("en");
    table.push([name, tokens(amount), used, `${transaction.slice(0, 18)}…`]);
  }
  return table.toString();
}

function purses({ before, after }: Chat): string {
  const table = plainTable({
    head: ["wallet", "before", "after", "change"],
    colAligns: ["left", "right", "right", "right"],
  });
  for (const [name, end] of Object.entries(after)) {
    const start = before[name] ?? 0n;
    table.push([name, tokens(start), tokens(end), `${end > start ? "+" : ""}${tokens(end - start)}`]);
  }
  return table.toString();
}
