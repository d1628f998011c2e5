import type { Address, Hex } from "viem";
import * as z from "zod";
import { parseJson } from "../protocol/canonical.ts";
import { operatorId } from "./fold/staking.ts";
import { emptyState, type State, type TableName } from "./fold/state.ts";
import { jobStatsKey } from "./fold/statistics.ts";
import {
  accountRow,
  address,
  amount,
  caseRow,
  caseSeatRow,
  caseStatsRow,
  caseStepRow,
  demandRow,
  hash,
  jobRow,
  jobStepRow,
  marketRow,
  marketStatsRow,
  modelRow,
  operatorRow,
  providerRow,
  receiptRow,
  seatRow,
  slashStatsRow,
} from "./schemas.ts";

/** Of the text of a snapshot; raised whenever what the fold keeps changes. */
const VERSION = 1;

/** Of which market a snapshot is. */
export interface SnapshotOf {
  readonly chainId: number;
  readonly market: Address;
  readonly court: Address | undefined;
  readonly fromBlock: bigint;
}

/** A state and the block after which it holds. */
export interface Snapshot {
  readonly block: bigint;
  readonly hash: Hex;
  readonly state: State;
}

const TABLES = {
  accounts: accountRow,
  providers: providerRow,
  operators: operatorRow,
  models: modelRow,
  jobs: jobRow.extend({ steps: z.array(jobStepRow) }),
  cases: caseRow.extend({ seats: z.array(caseSeatRow), steps: z.array(caseStepRow) }),
  demands: z.object({ job: hash, demands: z.array(demandRow) }),
  seats: seatRow,
  receipts: receiptRow,
  jobStats: marketStatsRow.extend({ model: hash, provider: address }),
  slashStats: slashStatsRow,
  caseStats: caseStatsRow,
} satisfies Record<TableName, z.ZodType>;

type Rows = { readonly [Name in TableName]: z.output<(typeof TABLES)[Name]>[] };

const snapshotSchema = z.object({
  version: z.literal(VERSION),
  ...{ chainId: z.int(), market: address, court: address.nullable(), fromBlock: amount },
  ...{ block: amount, hash },
  overview: marketRow,
  rows: z.object(
    Object.fromEntries(Object.entries(TABLES).map(([name, row]) => [name, z.array(row as z.ZodType)])),
  ) as unknown as z.ZodType<Rows>,
});

/** A snapshot as text. */
export function encodeSnapshot(of: SnapshotOf, { block, hash, state }: Snapshot): string {
  const names = Object.keys(TABLES) as TableName[];
  const rows = Object.fromEntries(names.map((name) => [name, [...state[name].values()]]));
  return JSON.stringify({ version: VERSION, ...of, block, hash, overview: state.market, rows }, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : (value ?? null),
  );
}

/** The snapshot behind a text; nothing where the text is of another version, another market, or no snapshot at all. */
export function decodeSnapshot(of: SnapshotOf, text: string): Snapshot | undefined {
  const { success, data } = snapshotSchema.safeParse(parseJson(text));
  const isOfMarket =
    success &&
    data.chainId === of.chainId &&
    data.market === of.market &&
    (data.court ?? undefined) === of.court &&
    data.fromBlock === of.fromBlock &&
    data.overview.address === of.market;
  if (!isOfMarket) {
    return undefined;
  }
  const { block, hash, overview, rows } = data;
  const state = emptyState(of.market, of.court);
  Object.assign(state.market, overview);
  fill(state, rows);
  return { block, hash, state };
}

function fill(state: State, rows: Rows): void {
  put(state.accounts, rows.accounts, (row) => row.address);
  put(state.providers, rows.providers, (row) => row.address);
  put(state.operators, rows.operators, operatorId);
  put(state.models, rows.models, (row) => row.id);
  put(state.jobs, rows.jobs, (row) => row.id);
  put(state.cases, rows.cases, (row) => row.id);
  put(state.demands, rows.demands, (row) => row.job);
  put(state.seats, rows.seats, (row) => row.number);
  put(state.receipts, rows.receipts, (row) => row.job);
  put(state.jobStats, rows.jobStats, jobStatsKey);
  put(state.slashStats, rows.slashStats, (row) => row.timestamp);
  put(state.caseStats, rows.caseStats, (row) => row.timestamp);
}

function put<Key, Row extends object>(
  table: { editOr(key: Key, make: () => Row): Row },
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): void {
  for (const row of rows) {
    table.editOr(keyOf(row), () => row);
  }
}
