import type { Command } from "commander";
import type { Address } from "viem";
import { courtOf } from "../chain/court.ts";
import type { Config } from "../config.ts";
import { requireConfig } from "../config-sources.ts";
import { NodeError } from "../errors.ts";
import { reachOf } from "./bond-reach.ts";
import { bondSteps } from "./bond-steps.ts";
import { fundingOf } from "./funding.ts";
import type { Host } from "./host.ts";
import { type MarketClient, marketClient, parseAmount, readToken, showAmount } from "./market.ts";
import { sayJson, sayTable } from "./output.ts";
import { readSettings, withSettings } from "./settings.ts";
import { perform } from "./stake.ts";
import type { Step } from "./steps.ts";

type Options = Readonly<Record<string, unknown>>;

/** `touchstone bond`: what the provider answers with for calls that it sells, signed by its own account. */
export function addBond(program: Command, host: Host): void {
  const bond = program.command("bond").description("the bond that answers for live calls; buyers ask for one");
  const signed = (name: string, description: string) =>
    withSettings(bond.command(name).description(description))
      .option("--calldata", "print the transactions for a wallet elsewhere instead of sending them")
      .option("--json", "write JSON");
  signed("post", "add to the bond; deposits what the balance lacks")
    .argument("<amount>", "tokens, such as 10 or 0.5")
    .action((amount: string, options) => post(host, options, amount));
  signed("exit", "ask bond back: it counts for buyers no more, and can be slashed until it is withdrawn")
    .argument("<amount>", "tokens")
    .action((amount: string, options) => exit(host, options, amount));
  signed("withdraw", "take what was asked back, once its delay is over and no case about a receipt is open").action(
    (options) => withdraw(host, options),
  );
  withSettings(bond.command("status").description("show the bond, and up to which call it lets the node sell"))
    .option("--json", "write JSON")
    .action((options) => status(host, options));
}

/** What all of them need. */
interface Desk {
  readonly config: Config;
  readonly client: MarketClient;
  readonly court: Address;
}

async function openDesk(host: Host, options: Options): Promise<Desk> {
  const config = requireConfig(await readSettings(host, options));
  const client = marketClient(config);
  await client.getParameters(); // Tells in a typed way if there is no market.
  const court = await courtOf(client, config.market);
  if (court === undefined) {
    const sentence = `The market ${config.market} has no court, so there are no live bonds. Check \`market\`.`;
    throw new NodeError("COURT_MISSING", sentence, { details: { market: config.market } });
  }
  return { config, client, court };
}

async function act(host: Host, options: Options, stepsOf: (desk: Desk) => readonly Step[] | Promise<readonly Step[]>) {
  await perform(host, options, await stepsOf(await openDesk(host, options)));
}

async function post(host: Host, options: Options, text: string): Promise<void> {
  await act(host, options, async ({ config: { market, provider: account }, client, court }) => {
    const isPrinted = options.calldata === true;
    const { amount, funding } = await fundingOf(text, { client, market, account, isPrinted });
    return [...funding, bondSteps(court).post(amount)];
  });
}

async function exit(host: Host, options: Options, text: string): Promise<void> {
  await act(host, options, async ({ config: { market, provider }, client, court }) => {
    const token = await readToken(client, market);
    const wanted = parseAmount(text, token);
    const { amount, leaving } = await client.getBond({ provider });
    if (wanted > amount - leaving) {
      const sentence = `${provider} has ${showAmount(amount - leaving, token)} of bond that is not leaving yet. Ask back at most that.`;
      throw new NodeError("BOND_TOO_LOW", sentence, { details: { provider, amount, leaving, wanted } });
    }
    return [bondSteps(court).requestExit(wanted)];
  });
}

async function withdraw(host: Host, options: Options): Promise<void> {
  await act(host, options, async ({ config: { provider }, client, court }) => {
    const [{ leaving, withdrawableAt, openCases }, { timestamp }] = await Promise.all([
      client.getBond({ provider }),
      client.getBlock(),
    ]);
    const details = { provider, leaving, withdrawableAt, openCases };
    if (leaving === 0n) {
      const sentence = "No bond was asked back: touchstone bond exit <amount>, and wait for the court's delay.";
      throw new NodeError("BOND_TOO_LOW", sentence, { details });
    }
    if (openCases > 0 || Number(timestamp) < withdrawableAt) {
      const cases = openCases > 0 ? `and once ${openCases} open cases about receipts are over` : "not before";
      const sentence = `The bond can be withdrawn from ${new Date(withdrawableAt * 1000).toISOString()} on, ${cases}.`;
      throw new NodeError("BOND_NOT_DUE", sentence, { details });
    }
    return [bondSteps(court).withdraw(provider)];
  });
}

async function status(host: Host, options: Options): Promise<void> {
  const { config, client } = await openDesk(host, options);
  const [token, bond, { minBond, bondDelay }] = await Promise.all([
    readToken(client, config.market),
    client.getBond({ provider: config.provider }),
    client.getCourtParameters(),
  ]);
  const { amount, leaving, withdrawableAt, openCases } = bond;
  const { counted, perCall, outputTokens } = reachOf(bond, config);
  if (options.json) {
    const reach = { perCall, outputTokens };
    sayJson(host, { provider: config.provider, bond, counted, minBond, bondDelay, reach });
    return;
  }
  const until = leaving === 0n ? "" : `, from ${new Date(withdrawableAt * 1000).toISOString()}`;
  sayTable(host, [
    ["provider", config.provider],
    ["bond", showAmount(amount, token)],
    ["leaving", `${showAmount(leaving, token)}${until}`],
    ["counts for buyers", `${showAmount(counted, token)}; the least that makes sense is ${showAmount(minBond, token)}`],
    ["sells calls of up to", showAmount(perCall, token)],
    ...(outputTokens === undefined ? [] : [["tokens of output in such a call", String(outputTokens)]]),
    ["open cases about receipts", String(openCases)],
  ]);
}
