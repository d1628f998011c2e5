import type * as z from "zod";
import { InvalidDataError } from "../errors.ts";

/** What data must look like: a schema of zod. */
export type Schema = z.ZodType;

/** What data is that fits a schema. */
export type SchemaOutput<Of extends Schema> = z.output<Of>;

/** Hostile data can have any number of faults. */
const MAX_ISSUES = 8;

/**
 * The value as the schema has it.
 *
 * @param subject What the value should be, for the error's sentence.
 * @throws InvalidDataError that lists the first issues with their places.
 */
export function parseAs<Of extends Schema>(schema: Of, value: unknown, subject: string): SchemaOutput<Of> {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const lines = result.error.issues.map(({ path, message }) => `${path.map(String).join(".") || "all"}: ${message}`);
  const issues = lines.slice(0, MAX_ISSUES);
  throw new InvalidDataError(subject, issues, result.error);
}
