import type {
  Address,
  ContractEventArgsFromTopics,
  ContractEventName,
  ContractFunctionArgs,
  ContractFunctionName,
  ContractFunctionReturnType,
} from "viem";
import { zeroAddress } from "viem";
import { ChainError } from "../../errors.ts";
import { courtAbi } from "../../protocol/generated/abi.ts";
import { courtCallAbi } from "./chain-errors.ts";
import type { OnMarket, ReadClient, WriteClient } from "./clients.ts";
import { argsOfEvents, readAny, readMarket, requireEvent, type Transacted, transactAny } from "./transact.ts";

type WriteName = ContractFunctionName<typeof courtAbi, "nonpayable">;
type ReadName = ContractFunctionName<typeof courtAbi, "view">;

/** Courts by market: a market's court is fixed for ever. */
const courts = new WeakMap<ReadClient, Map<string, Promise<Address>>>();

/** A transaction of the court's, and where the court is. */
export interface CourtTransacted extends Transacted {
  readonly court: Address;
}

/** The court of a market; asked for once a client. Throws `COURT_MISSING` where the market has none. */
export async function courtOf(client: ReadClient, market: Address): Promise<Address> {
  const known = courts.get(client) ?? new Map<string, Promise<Address>>();
  courts.set(client, known);
  const key = market.toLowerCase();
  const asked = known.get(key) ?? readMarket(client, { market, functionName: "court", args: [] });
  known.set(key, asked);
  const court = await asked.catch((error) => {
    known.delete(key); // or a failure of the server would be kept, too
    throw error;
  });
  if (court === zeroAddress) {
    const sentence = `The market ${market} has no court: none of its models is verified and there are no cases.`;
    throw new ChainError("COURT_MISSING", sentence, { details: { market } });
  }
  return court;
}

/** Calls a function of the market's court in a transaction, as `transact` does of the market. */
export async function transactCourt<const Name extends WriteName>(
  client: WriteClient,
  call: OnMarket & {
    readonly functionName: Name;
    readonly args: ContractFunctionArgs<typeof courtAbi, "nonpayable", Name>;
  },
): Promise<CourtTransacted> {
  const { market, functionName, args } = call;
  const court = await courtOf(client, market);
  const request = { address: court, abi: courtCallAbi, functionName, args: args as readonly unknown[] };
  return { ...(await transactAny(client, request)), court };
}

/** Reads a view of the market's court. */
export async function readCourt<
  const Name extends ReadName,
  const Args extends ContractFunctionArgs<typeof courtAbi, "view", Name>,
>(
  client: ReadClient,
  call: OnMarket & { readonly functionName: Name; readonly args: Args; readonly blockNumber?: bigint },
): Promise<ContractFunctionReturnType<typeof courtAbi, "view", Name, Args>> {
  const { market, functionName, args, blockNumber } = call;
  const address = await courtOf(client, market);
  const result = await readAny(
    client,
    { address, abi: courtAbi, functionName, args: args as readonly unknown[] },
    blockNumber,
  );
  return result as ContractFunctionReturnType<typeof courtAbi, "view", Name, Args>;
}

/** The arguments of the court's events of one name in a receipt, in order. */
export function courtEventsIn<const Name extends ContractEventName<typeof courtAbi>>(
  { receipt, court }: CourtTransacted,
  eventName: Name,
): ContractEventArgsFromTopics<typeof courtAbi, Name, true>[] {
  const events = argsOfEvents(receipt, { address: court, abi: courtAbi, eventName });
  return events as ContractEventArgsFromTopics<typeof courtAbi, Name, true>[];
}

/** The arguments of the court's one event of a name in a receipt. Throws `EVENT_MISSING` where there is none. */
export function courtEventIn<const Name extends ContractEventName<typeof courtAbi>>(
  done: CourtTransacted,
  eventName: Name,
): ContractEventArgsFromTopics<typeof courtAbi, Name, true> {
  return requireEvent(courtEventsIn(done, eventName), done.receipt, eventName, done.court);
}
