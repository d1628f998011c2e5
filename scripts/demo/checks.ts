import { strictEqual } from "node:assert/strict";
import { completionText, feeOf, JobStatus, Outcome } from "@touchstone/sdk";
import type { LocalNetwork } from "../network/network.ts";
import type { Mode } from "./options.ts";
import { nameOf, type Trade } from "./run.ts";

/**
 * Checks a trade by what the chain says of it. That every output fits the root on chain was checked as it was fetched.
 *
 * @throws AssertionError, ContentError
 */
export async function checkTrade(network: LocalNetwork, mode: Mode, trade: Trade): Promise<void> {
  const { ended, results, before, after, bought, prompts } = trade;
  const { price } = ended.spec;
  const { feeShare } = await network.buyer.getParameters();
  const paid = price - feeOf(price, feeShare);
  const name = nameOf(network, results.provider);

  strictEqual(ended.status, JobStatus.Settled, "the job is settled");
  strictEqual(ended.ending?.outcome, Outcome.Unverified, "without seats every model is unverified");
  strictEqual(ended.ending.paid, paid, "the provider is paid the price less the fee");
  strictEqual(ended.frozen?.resultRoot, results.root, "the results are those of the settled root");
  strictEqual((before.buyer ?? 0n) - (after.buyer ?? 0n), price, "the buyer paid the price and no more");
  strictEqual((after[name] ?? 0n) - (before[name] ?? 0n), paid, "the provider's balance rose by what it was paid");
  if (mode !== "open") {
    strictEqual(results.provider.toLowerCase(), bought.offers[0]?.provider.toLowerCase(), "the cheapest offer won");
  }
  strictEqual(results.items.length, prompts.length, "every prompt has an output");
  for (const { output, index } of results.items) {
    strictEqual(completionText(output).trim() === "", false, `output ${index} has text`);
  }
}
