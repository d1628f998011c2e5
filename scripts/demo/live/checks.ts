import { ok, strictEqual } from "node:assert/strict";
import type { Chat } from "./run.ts";

/**
 * Checks that every receipt is in order, and that the money went where the receipts say.
 *
 * @throws AssertionError
 */
export function checkChat({ calls, steps, before, after }: Chat): void {
  for (const { checks, envelope, answer } of calls) {
    const failed = checks.filter(({ holds }) => !holds).map(({ what }) => what);
    strictEqual(failed.join("; "), "", `the receipt of call ${envelope.receipt.seq} is in order`);
    ok(answer.text.trim() !== "", "every answer has text");
  }
  const spent = calls.reduce((sum, { envelope }) => sum + envelope.receipt.amount, 0n);
  const sumOf = (name: string) => steps.reduce((sum, step) => sum + (step.name === name ? step.amount : 0n), 0n);
  const change = (name: string) => (after[name] ?? 0n) - (before[name] ?? 0n);
  strictEqual(sumOf("claim"), spent, "the providers claimed what their receipts say and no more");
  strictEqual(sumOf("settle"), spent, "and were paid that");
  strictEqual(change("buyer") + change("in channels"), -spent, "the buyer paid that and no more");
  for (const name of new Set(calls.map(({ offer }) => offer.name))) {
    const own = calls.filter(({ offer }) => offer.name === name);
    const earned = own.reduce((sum, { envelope }) => sum + envelope.receipt.amount, 0n);
    strictEqual(change(name), earned, `${name} has earned what its calls cost`);
  }
}
