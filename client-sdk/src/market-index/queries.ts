import * as z from "zod";
import { addressField, hashField, uintField } from "../protocol/fields.ts";
import { JobStatus } from "../protocol/generated/enums.ts";
import { IndexError } from "./index-error.ts";

// What may be asked, checked: addresses come out with their checksum, hashes lower-case.

const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1000;

const time = uintField(48);
const first = z.int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE);
const jobStatus = z.union(Object.values(JobStatus).map((value) => z.literal(value)));

export const idQuery = hashField;
export const addressQuery = addressField;
export const seatQuery = z.int().min(1).max(0xffff_ffff);

export const jobsQuery = z.strictObject({
  first,
  before: z.object({ id: hashField, postedAt: time }).optional(),
  client: addressField.optional(),
  provider: addressField.optional(),
  model: hashField.optional(),
  status: jobStatus.optional(),
});

export const casesQuery = z.strictObject({
  first,
  before: z.object({ id: hashField, openedAt: time }).optional(),
  job: hashField.optional(),
  provider: addressField.optional(),
  opener: addressField.optional(),
  isOpen: z.boolean().optional(),
});

export const receiptsQuery = z.strictObject({
  first,
  before: z.object({ job: hashField, broughtAt: time }).optional(),
  provider: addressField.optional(),
  payer: addressField.optional(),
});

export const demandsQuery = z.strictObject({ job: hashField });

export const statsQuery = z.strictObject({
  interval: z.enum(["hour", "day"]),
  from: time.optional(),
  to: time.optional(),
});
export const modelStatsQuery = statsQuery.extend({ model: hashField.optional() });
export const providerStatsQuery = statsQuery.extend({ provider: addressField.optional() });

export type CheckedJobs = z.output<typeof jobsQuery>;
export type CheckedCases = z.output<typeof casesQuery>;
export type CheckedReceipts = z.output<typeof receiptsQuery>;
export type CheckedStats = z.output<typeof statsQuery>;
export type CheckedModelStats = z.output<typeof modelStatsQuery>;
export type CheckedProviderStats = z.output<typeof providerStatsQuery>;

/** A query as its schema has it. Throws `INDEX_QUERY_INVALID` for anything else. */
export function checkQuery<Of extends z.ZodType>(schema: Of, query: unknown): z.output<Of> {
  const result = schema.safeParse(query);
  if (result.success) {
    return result.data;
  }
  const issues = result.error.issues.map(({ path, message }) => [path.map(String).join("."), message].join(" ").trim());
  throw new IndexError("INDEX_QUERY_INVALID", `The index cannot be asked that: ${issues.join("; ")}.`, {
    details: { issues },
  });
}
