import type { z } from "zod";
import { InvalidDataError } from "../errors.ts";

/** Hostile data can have any number of faults. */
const MAX_ISSUES = 8;

/**
 * The value as the schema has it.
 *
 * @param subject What the value should be, for the error's sentence.
 * @throws InvalidDataError that lists the first issues with their places.
 */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown, subject: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const lines = result.error.issues.map(({ path, message }) => `${path.map(String).join(".") || "all"}: ${message}`);
  const issues = lines.slice(0, MAX_ISSUES);
  throw new InvalidDataError(subject, issues, result.error);
}
