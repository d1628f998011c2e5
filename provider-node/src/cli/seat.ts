import { modelTerms } from "@touchstone/sdk/protocol";
import type { Command } from "commander";
import type { Account, Address } from "viem";
import { courtOf } from "../chain/court.ts";
import type { Config, Settings } from "../config.ts";
import { type ResolvedModel, resolveModel } from "../engine/models.ts";
import { isUpstreamReference } from "../engine/openai-reference.ts";
import { NodeError } from "../errors.ts";
import { fundingOf } from "./funding.ts";
import type { Host } from "./host.ts";
import { marketClient, openAccount, readToken, showAmount } from "./market.ts";
import { sayJson, sayTable } from "./output.ts";
import { seatSteps } from "./seat-steps.ts";
import { readSettings, withSettings } from "./settings.ts";
import { type Step, sayCalldata, sendSteps } from "./steps.ts";

type Options = Readonly<Record<string, unknown>>;

/** `touchstone seat`: a validator's stake, its places on panels, and what it earned. */
export function addSeat(program: Command, host: Host): void {
  const seat = program.command("seat").description("judge the results of others, and be paid for it");
  const command = (name: string, description: string) =>
    withSettings(seat.command(name).description(description)).option("--json", "write JSON");
  const signed = (name: string, description: string) =>
    command(name, description).option(
      "--calldata",
      "print the transactions for a wallet elsewhere instead of sending them",
    );
  signed("stake", "stake tokens for the seat; deposits what the balance lacks")
    .argument("<amount>", "tokens, such as 50")
    .action((amount: string, options) => stake(host, options, amount));
  signed("join", "take a place on the panels of the models in `models`; opens what was not opened yet").action(
    (options) => join(host, options),
  );
  signed("leave", "leave the panels of the models in `models`").action((options) => leave(host, options));
  signed("withdraw", "take the seat's stake back, some days after it left its last panel").action((options) =>
    act(host, options, ({ court }) => [seatSteps(court).withdraw()]),
  );
  signed("claim", "have what the seat earned paid into its balance").action((options) =>
    act(host, options, ({ court, seat: owner }) => [seatSteps(court).claim(owner)]),
  );
  command("status", "show the seat, its stake, its panels and what it earned").action((options) =>
    status(host, options),
  );
}

/** What all of them need. */
interface Desk {
  readonly config: Config;
  readonly client: ReturnType<typeof marketClient>;
  readonly seat: Address;
  readonly court: Address;
}

async function openDesk(settings: Settings): Promise<Desk> {
  const { market, seat } = settings;
  if (market === undefined || seat === undefined) {
    const missing = market === undefined ? "market" : "seat";
    const sentence = `The settings name no ${missing}. Set \`${missing}\`: see docs/config.md.`;
    throw new NodeError("CONFIG_MISSING", sentence, { details: { missing } });
  }
  const config: Config = { ...settings, market, provider: settings.provider ?? seat };
  const client = marketClient(config);
  const court = await courtOf(client, market);
  if (court === undefined) {
    const sentence = `The market ${market} has no court, so there are no seats. Check \`market\`.`;
    throw new NodeError("COURT_MISSING", sentence, { details: { market } });
  }
  return { config, client, seat, court };
}

async function stake(host: Host, options: Options, text: string): Promise<void> {
  await act(host, options, async ({ client, config: { market }, seat: account, court }) => {
    const isPrinted = options.calldata === true;
    const { amount, funding } = await fundingOf(text, { client, market, account, isPrinted });
    return [...funding, seatSteps(court).stake(amount)];
  });
}

async function join(host: Host, options: Options): Promise<void> {
  await act(host, options, async ({ client, config, seat, court }) => {
    const steps = seatSteps(court);
    const models = await judgedModels(config);
    const panels = await Promise.all(models.map(({ modelId: model }) => client.getPanel({ model })));
    return models.flatMap(({ manifest, modelId }, index) => [
      ...(panels[index]?.isOpen ? [] : [steps.openPanel(modelTerms(manifest))]),
      steps.join(seat, modelId),
    ]);
  });
}

async function leave(host: Host, options: Options): Promise<void> {
  await act(host, options, async ({ config, seat, court }) => {
    const models = await judgedModels(config);
    return models.map(({ modelId }) => seatSteps(court).leave(seat, modelId));
  });
}

/** The models of the settings that a court can judge with this node: it needs their files. */
async function judgedModels({ models, dataDir }: Settings): Promise<ResolvedModel[]> {
  const files = models.filter((reference) => !isUpstreamReference(reference));
  const all = await Promise.all(files.map((reference) => resolveModel(reference, { dataDir })));
  const judged = all.filter(({ manifest }) => manifest.verification !== undefined);
  if (judged.length === 0) {
    const sentence = "No model in `models` says in its manifest how it is verified. See `touchstone calibrate`.";
    throw new NodeError("MODEL_UNSUPPORTED", sentence, { details: { models } });
  }
  return judged;
}

/** Prints or sends transactions. The court says who may: stake and its return are for the seat's own account. */
async function act(host: Host, options: Options, stepsOf: (desk: Desk) => readonly Step[] | Promise<readonly Step[]>) {
  const settings = await readSettings(host, options);
  const desk = await openDesk(settings);
  const steps = await stepsOf(desk);
  if (options.calldata) {
    sayCalldata(host, steps);
    return;
  }
  const account: Account = await openAccount(host, settings);
  await sendSteps(host, desk.config, account, steps, options.json === true);
}

async function status(host: Host, options: Options): Promise<void> {
  const { client, config, seat: account } = await openDesk(await readSettings(host, options));
  const [{ seat, stake: staked, credit }, { balance }, token] = await Promise.all([
    client.getSeat({ account }),
    client.getAccount({ account }),
    readToken(client, config.market),
  ]);
  const models = await judgedModels(config);
  const panels = await Promise.all(
    models.map(async ({ manifest, modelId: model }) => {
      const { slots, isVerified } = await client.getPanel({ model });
      const own = slots.find((slot) => slot.seat === seat && slot.leftAt === 0);
      const seats = slots.filter(({ leftAt }) => leftAt === 0).length;
      return { model, name: manifest.name, seats, isVerified, joinedAt: seat === 0 ? undefined : own?.joinedAt };
    }),
  );
  if (options.json) {
    sayJson(host, { account, seat, stake: staked, balance, credit, panels });
    return;
  }
  sayTable(host, [
    ["seat", seat === 0 ? "none" : `${seat}`],
    ["account", account],
    ["stake", showAmount(staked, token)],
    ["balance", showAmount(balance, token)],
    ["earned, not claimed", showAmount(credit, token)],
    ...panels.map(({ name, seats, isVerified, joinedAt }) => [
      `panel of ${name}`,
      `${joinedAt === undefined ? "not joined" : "joined"}, ${seats} seats, ${isVerified ? "verified" : "not verified"}`,
    ]),
  ]);
}
