import {
  type GetCaseReturnType,
  marketAbi,
  type Tolerances,
  TouchstoneError,
  type WaitForJobReturnType,
} from "@touchstone/sdk";
import { type Hex, parseEventLogs } from "viem";
import type { Cheat } from "../../cheats/cheats.ts";
import type { LocalNetwork } from "../../network/network.ts";
import type { LocalProvider } from "../../network/providers.ts";
import type { DemoOptions } from "../options.ts";
import { type Audience, type Balances, MOST_MS, purchase } from "../run.ts";
import { follow } from "./follow.ts";
import { ACCUSED } from "./network.ts";

/** A job that was bought, drawn, and judged. */
export interface Trial {
  readonly cheat: Cheat | "none";
  readonly model: Hex;
  readonly accused: LocalProvider;
  /** The case as it ended. */
  readonly record: GetCaseReturnType;
  /** The job as it ended. */
  readonly ended: WaitForJobReturnType;
  readonly tolerances: Tolerances;
  /** What the accused lost of its stake. Token units. */
  readonly slashed: bigint;
  /** How much of that nobody has now. */
  readonly burned: bigint;
  /** What came back to the buyer: the price, and a part of the stake. */
  readonly repaid: bigint;
  readonly before: Balances;
  readonly after: Balances;
}

/** Buys stories from the cheapest, and follows the case that the draw makes of it to its end. */
export async function hold(
  network: LocalNetwork,
  options: DemoOptions & { readonly cheat: Cheat | "none" },
  audience: Audience,
): Promise<Trial> {
  const { buyer, providers } = network;
  const before = await holdingsOf(network);
  const { model, bought } = await purchase(network, options, audience);
  const { job } = bought;
  const { frozen } = await buyer.getJob({ job });
  const accused = providers.find(({ provider }) => provider === frozen?.provider);
  if (frozen === undefined || accused === undefined) {
    throw new Error(`Job ${job} went to nobody of this network.`);
  }
  audience.say(`${accused.name} submitted root ${frozen.resultRoot} and ${await looksOf(network, job)}`);

  const { tolerances } = await buyer.getPanel({ model });
  await follow({ network, job, since: frozen.submitBlock, tolerances, say: audience.say });
  const record = await buyer.getCase({ job });
  const ended = await buyer.waitForJob({ job, until: "ended", timeoutMs: MOST_MS });
  const after = await holdingsOf(network);
  const costs = await punishmentOf(network, record);
  const repaid = (after.buyer ?? 0n) - ((before.buyer ?? 0n) - ended.spec.price);
  return { cheat: options.cheat, model, accused, record, ended, tolerances, ...costs, repaid, before, after };
}

/** What the buyer and the cheapest provider have in the market. */
async function holdingsOf({ buyer, providers }: LocalNetwork): Promise<Balances> {
  const account = providers.find(({ name }) => name === ACCUSED)?.provider;
  const [own, accused] = await Promise.all([buyer.getAccount(), buyer.getAccount({ account })]);
  return { buyer: own.balance + own.reserve.amount, [ACCUSED]: accused.balance, [`${ACCUSED}'s stake`]: accused.stake };
}

/** What the buyer sees of a result: hashes that fit, or nothing. */
async function looksOf({ buyer }: LocalNetwork, job: Hex): Promise<string> {
  try {
    await buyer.fetchResults({ job });
    return "shows what fits it, which says nothing of where it comes from";
  } catch (error) {
    if (error instanceof TouchstoneError) {
      return `shows nothing of what is under it (${error.code})`;
    }
    throw error;
  }
}

/** What the verdict took from the accused, by the transaction that spoke it. */
async function punishmentOf({ buyer }: LocalNetwork, { caseId }: GetCaseReturnType) {
  const history = await buyer.getCaseHistory({ caseId });
  const closed = history.find(({ eventName }) => eventName === "CaseClosed");
  if (closed === undefined) {
    throw new Error(`Case ${caseId} is not closed.`);
  }
  const { logs } = await buyer.getTransactionReceipt({ hash: closed.transactionHash });
  const slashes = parseEventLogs({ abi: marketAbi, eventName: "Slashed", logs });
  const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
  return {
    slashed: sum(slashes.map(({ args }) => args.amount)),
    burned: sum(slashes.map(({ args }) => args.burned)),
  };
}
