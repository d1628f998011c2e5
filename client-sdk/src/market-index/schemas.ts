import { type Address, getAddress, type Hex } from "viem";
import * as z from "zod";
import { CASE_EVENTS } from "../protocol/case-events.ts";
import { JobStatus, Outcome, Verdict } from "../protocol/generated/enums.ts";
import { JOB_EVENTS } from "../protocol/job-events.ts";

// Rows as a subgraph answers with them and as a cache keeps them: amounts are decimal strings, times may be, nothing is null, what is referred
// to may be an object with its id, enums are their names or numbers.

const isHash = (value: string): value is Hex => /^0x[0-9a-f]{64}$/i.test(value);
const isAddress = (value: string): value is Address => /^0x[0-9a-f]{40}$/i.test(value);

/** The id of what is referred to. */
const reference = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "id" in value ? value.id : value;

/** An integer in token units, or a number of a block. */
export const amount = z
  .string()
  .regex(/^\d{1,78}$/, "must be a decimal string")
  .transform(BigInt);
/** A count, a time or another small integer, as a number or a decimal string. */
export const integer = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,16}$/, "must be an integer")
      .transform(Number),
  ])
  .refine((value) => Number.isSafeInteger(value) && value >= 0, "must be an integer of at most 53 bits");
/** 32 bytes. */
export const hash = z.preprocess(
  reference,
  z
    .string()
    .refine(isHash, "must be 32 bytes in hex")
    .transform((value) => value.toLowerCase() as Hex),
);
export const address = z.preprocess(
  reference,
  // The case of a subgraph's addresses tells nothing.
  z
    .string()
    .refine(isAddress, "must be an address")
    .transform((value) => getAddress(value.toLowerCase())),
);

/** What may be missing. */
const maybe = <Of extends z.ZodType>(schema: Of) =>
  z.preprocess((value) => value ?? undefined, schema.optional()) as z.ZodType<z.output<Of> | undefined>;

/** A value of an enum, by its name or number; its first where it is missing. */
function member<const Enum extends Readonly<Record<string, number>>>(values: Enum): z.ZodType<Enum[keyof Enum]> {
  const numberOf = (value: unknown): unknown => (typeof value === "string" ? values[value] : (value ?? 0));
  const known: readonly number[] = Object.values(values);
  const number = z.number().refine((value) => known.includes(value), "must be a name of the enum");
  return z.preprocess(numberOf, number) as unknown as z.ZodType<Enum[keyof Enum]>;
}

export const marketRow = z.object({
  address,
  ...{ pool: amount, volume: amount, fees: amount, refunded: amount, penalties: amount },
  ...{ slashed: amount, burned: amount },
  ...{ jobs: integer, openJobs: integer, providers: integer, seats: integer, cases: integer },
  ...{ convictions: integer, receipts: integer, updatedAt: integer },
});

export const accountRow = z.object({
  address,
  ...{ balance: amount, stake: amount, exposure: amount, fees: amount },
  ...{ reserved: amount, reserveLeaving: amount, reserveReleasableAt: integer },
  ...{ unbonding: amount, withdrawableAt: integer },
  ...{ bond: amount, bondLeaving: amount, bondWithdrawableAt: integer },
});

export const providerRow = z.object({
  address,
  uri: maybe(z.string()).transform((uri) => (uri === "" ? undefined : uri)),
  ...{ operator: maybe(address), cardUpdatedAt: maybe(integer), since: integer },
  ...{ jobs: integer, completed: integer, unverified: integer, declined: integer, noShows: integer, rejected: integer },
  ...{ earned: amount, slashed: amount, bondSlashed: amount },
  ...{ cases: integer, convictions: integer, receipts: integer, doubleReceipts: integer },
});

export const operatorRow = z.object({ provider: address, operator: address, validFrom: integer, validUntil: integer });

export const modelRow = z.object({
  ...{ id: hash, verified: z.boolean(), panelOpenedAt: maybe(integer), seats: integer, jobs: integer, volume: amount },
});

export const jobRow = z.object({
  ...{ id: hash, client: address, provider: maybe(address), model: hash },
  ...{ status: member(JobStatus), outcome: member(Outcome) },
  ...{ input: hash, items: integer, price: amount, acceptBy: integer, submitWithin: integer, challengeWindow: integer },
  ...{ flags: integer, salt: hash, uri: z.string(), isOrder: z.boolean(), verified: maybe(z.boolean()) },
  ...{ resultRoot: maybe(hash), submitBlock: maybe(amount) },
  ...{ postedAt: integer, acceptedAt: maybe(integer), submittedAt: maybe(integer), endedAt: maybe(integer) },
  ...{ paid: amount, fee: amount, refund: amount, penalty: amount },
});

const place = { block: amount, timestamp: integer, transaction: hash, logIndex: integer };
export const jobStepRow = z.object({ kind: z.enum(JOB_EVENTS), ...place });
export const caseStepRow = z.object({ kind: z.enum(CASE_EVENTS), ...place });

export const caseRow = z.object({
  ...{ id: hash, job: hash, opener: address, key: amount, isReceipt: z.boolean(), tier: integer },
  ...{ verdict: member(Verdict), isOpen: z.boolean(), slashed: amount, openedAt: integer, closedAt: maybe(integer) },
  ...{ provider: address, model: hash, client: address },
});

/** The number of a seat. */
const seatNumber = z.preprocess(
  (value) => (typeof value === "object" && value !== null && "number" in value ? value.number : value),
  integer,
);

export const caseSeatRow = z.object({
  ...{ case: hash, seat: seatNumber, position: integer, commitment: maybe(hash), word: maybe(hash) },
  ...{ committedAt: maybe(integer), revealedAt: maybe(integer), penalty: amount, denounced: z.boolean() },
});

export const demandRow = z.object({
  ...{ job: hash, key: hash, demander: address, item: integer, chunk: integer, answerBy: integer },
  ...{ demandedAt: integer, answeredAt: maybe(integer), endedAt: maybe(integer), defaulted: z.boolean() },
});

export const panelSeatRow = z.object({
  ...{ model: hash, seat: seatNumber, slot: integer, joinedAt: integer, leftAt: maybe(integer) },
});

export const seatRow = z.object({
  ...{ number: integer, owner: address, stake: amount, penalised: amount, cases: integer, reveals: integer },
  ...{ since: integer, panels: z.array(panelSeatRow) },
});

export const receiptRow = z.object({
  ...{ job: hash, provider: address, payer: address, channelId: hash, seq: amount, model: hash },
  ...{ amount, cumulative: amount, promptTokens: integer, completionTokens: integer, issuedAt: integer },
  ...{ operator: address, broughtAt: integer, case: hash },
});

export const marketStatsRow = z.object({
  ...{ timestamp: integer, posted: integer, settled: integer, refunded: integer },
  ...{ volume: amount, paid: amount, fees: amount, penalties: amount },
});
export const slashStatsRow = z.object({ timestamp: integer, amount, burned: amount });
export const caseStatsRow = z.object({ timestamp: integer, opened: integer, closed: integer, convictions: integer });
