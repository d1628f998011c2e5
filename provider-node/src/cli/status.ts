import { type GetBondReturnType, getNodeTerms } from "@touchstone/sdk";
import type { Command } from "commander";
import { courtOf } from "../chain/court.ts";
import type { Settings } from "../config.ts";
import { requireConfig } from "../config-sources.ts";
import type { Host } from "./host.ts";
import { type LiveFigures, readLiveFigures } from "./live-figures.ts";
import { type MarketToken, marketClient, readToken, showAmount } from "./market.ts";
import { sayJson, sayTable } from "./output.ts";
import { findRunning, requireRunning } from "./running.ts";
import { readSettings, withSettings } from "./settings.ts";

const TIMEOUT_MS = 5_000;
const POLL_MS = 200;

type Options = Readonly<Record<string, unknown>>;

/** `touchstone status` and `touchstone stop`. */
export function addStatus(program: Command, host: Host): void {
  withSettings(program.command("status").description("show how the node and its money are"))
    .option("--json", "write JSON")
    .action((options) => status(host, options));
  withSettings(program.command("stop").description("let the running node finish its work and end; waits for it"))
    .option("--no-wait", "do not wait")
    .action((options) => stop(host, options));
}

async function status(host: Host, options: Options): Promise<void> {
  const settings = await readSettings(host, options);
  const node = await nodeStatus(host, settings);
  const money = await moneyStatus(settings);
  if (options.json) {
    sayJson(host, { node, money });
    return;
  }
  const checks = Object.entries(node.checks).map(([name, state]) => [name, state]);
  sayTable(host, [["node", node.isRunning ? `runs at ${node.url} (pid ${node.pid})` : "does not run"], ...checks]);
  if (node.terms?.drained) {
    sayTable(host, [["owner", "takes no new work, until: touchstone resume"]]);
  }
  const { token } = money;
  const amounts = Object.entries(money.amounts).map(([name, amount]) => [name, showAmount(amount, token)]);
  sayTable(host, [["provider", money.provider], ...amounts]);
  sayLive(host, node.live, money.bond, token);
  if (money.seat !== undefined) {
    const { seat, account, stake, credit } = money.seat;
    const rows = [["seat", seat === 0 ? "none" : `${seat} of ${account}`]];
    sayTable(host, [...rows, ["stake", showAmount(stake, token)], ["earned", showAmount(credit, token)]]);
  }
}

/** What calls brought, and the bond that answers for them. */
function sayLive(
  host: Host,
  live: LiveFigures | undefined,
  bond: GetBondReturnType | undefined,
  token: MarketToken,
): void {
  if (live !== undefined) {
    const { calls, running, channels, charged, unclaimed } = live;
    sayTable(host, [
      ["live calls", `${calls} charged since the start, ${running} running`],
      ["channels", String(channels)],
      ["charged", showAmount(charged, token)],
      ["unclaimed", showAmount(unclaimed, token)],
    ]);
  }
  if (bond !== undefined) {
    const { amount, leaving, openCases } = bond;
    const part = leaving === 0n ? "" : `, ${showAmount(leaving, token)} of it leaving`;
    sayTable(host, [
      ["live bond", `${showAmount(amount, token)}${part}`],
      ["open cases about receipts", String(openCases)],
    ]);
  }
}

async function nodeStatus(host: Host, settings: Settings) {
  const running = await findRunning(host, settings);
  if (running === undefined) {
    return { isRunning: false as const, checks: {}, live: undefined, terms: undefined };
  }
  const { pid, url, startedAt } = running;
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => undefined);
  const body = (await answer?.json().catch(() => undefined)) as { checks?: Record<string, string> } | undefined;
  const checks: Readonly<Record<string, string>> = body?.checks ?? { http: `no answer from ${url}` };
  const live = await readLiveFigures(url, AbortSignal.timeout(TIMEOUT_MS));
  const terms = await getNodeTerms({ url, timeoutMs: TIMEOUT_MS, retries: 0 }).catch(() => undefined);
  const isReady = answer?.ok === true;
  return { isRunning: true as const, pid, url, startedAt, isReady, checks, ...(live && { live }), terms };
}

async function moneyStatus(settings: Settings) {
  const config = requireConfig(settings);
  const client = marketClient(config);
  const token = await readToken(client, config.market);
  const { balance, stake, exposure, capacity, unbonding } = await client.getAccount({ account: config.provider });
  const amounts = { balance, stake, unbonding: unbonding.amount, exposure, capacity };
  const seat = config.seat && (await client.getSeat({ account: config.seat }));
  const hasCourt = (await courtOf(client, config.market)) !== undefined;
  const bond = hasCourt && config.serve ? await client.getBond({ provider: config.provider }) : undefined;
  return { provider: config.provider, token, amounts, bond, ...(seat && { seat }) };
}

async function stop(host: Host, options: Options): Promise<void> {
  const { pid } = await requireRunning(host, await readSettings(host, options));
  host.signal(pid, "SIGTERM");
  while (options.wait !== false && host.signal(pid, 0)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
