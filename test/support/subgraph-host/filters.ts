import { GraphQLError } from "graphql";
import type { Entity, StoreValue } from "./entities.ts";
import type { Field } from "./schema.ts";

export type Filter = Readonly<Record<string, unknown>>;

/** What filters and orders by fields of other entities need. */
export interface Related {
  /** The entities that a field refers to, or that refer to it. */
  related(entity: Entity, field: Field): readonly Entity[];
  fieldsOf(type: string): ReadonlyMap<string, Field>;
}

const OPERATORS = [
  "not_contains_nocase",
  "not_starts_with_nocase",
  "not_ends_with_nocase",
  "contains_nocase",
  "starts_with_nocase",
  "ends_with_nocase",
  "not_contains",
  "not_starts_with",
  "not_ends_with",
  "starts_with",
  "ends_with",
  "contains",
  "not_in",
  "not",
  "gte",
  "lte",
  "gt",
  "lt",
  "in",
] as const;

/** Whether an entity passes a `where`. Throws where a Graph node refuses the filter, or reads it otherwise than it looks. */
export function passes(entity: Entity, fields: ReadonlyMap<string, Field>, filter: Filter, by: Related): boolean {
  const keys = Object.keys(filter);
  if ((keys.includes("or") || keys.includes("and")) && keys.length > 1) {
    // Of `or` it says so; of `and` it says «invalid filter», and where both are there it reads both lists as both.
    throw new GraphQLError(`Filter must be an object: '${keys.join("', '")}' cannot stand beside 'and' or 'or'`);
  }
  return Object.entries(filter).every(([key, wanted]) => {
    const isOne = (one: Filter) => passes(entity, fields, one, by);
    if (key === "or") return (wanted as Filter[]).some(isOne);
    if (key === "and") return (wanted as Filter[]).every(isOne);
    if (fields.has(key)) return compares(entity, fields.get(key) as Field, "", wanted);
    if (key.endsWith("_")) {
      const field = fields.get(key.slice(0, -1)) as Field;
      const inner = by.fieldsOf(field.reference as string);
      return by.related(entity, field).some((child) => passes(child, inner, wanted as Filter, by));
    }
    const operator = OPERATORS.find((one) => key.endsWith(`_${one}`)) ?? "";
    return compares(entity, fields.get(key.slice(0, -operator.length - 1)) as Field, operator, wanted);
  });
}

/** As Postgres compares: nothing is true of a null but that it is one. */
function compares(entity: Entity, field: Field, operator: string, wanted: unknown): boolean {
  const value = entity[field.name] ?? null;
  if (wanted === null) return operator === "not" ? value !== null : value === null;
  if (value === null) return false;
  if (operator === "in" || operator === "not_in") {
    const isAmong = (wanted as unknown[]).some((one) => compared(value, asStored(field, one), field) === 0);
    return isAmong === (operator === "in");
  }
  if (/contains|_with/.test(operator)) return matches(value, operator, wanted);
  if (field.isList) return isSame(value, wanted, field) === (operator === "");
  const order = compared(value, asStored(field, wanted), field);
  if (operator === "") return order === 0;
  if (operator === "not") return order !== 0;
  if (operator === "gt") return order > 0;
  if (operator === "lt") return order < 0;
  return operator === "gte" ? order >= 0 : order <= 0;
}

function isSame(value: StoreValue, wanted: unknown, field: Field): boolean {
  const [left, right] = [value as readonly StoreValue[], wanted as readonly unknown[]];
  return left.length === right.length && left.every((one, i) => compared(one, asStored(field, right[i]), field) === 0);
}

function matches(value: StoreValue, operator: string, wanted: unknown): boolean {
  const fold = (text: unknown) => (operator.endsWith("_nocase") ? String(text).toLowerCase() : String(text));
  const [text, part] = [fold(value), fold(wanted)];
  const isMatch = operator.includes("starts_with")
    ? text.startsWith(part)
    : operator.includes("ends_with")
      ? text.endsWith(part)
      : Array.isArray(value)
        ? (wanted as unknown[]).every((one) => value.map(fold).includes(fold(one)))
        : text.includes(part);
  return isMatch !== operator.startsWith("not_");
}

/** An argument as the store holds such values. */
export function asStored(field: Field, value: unknown): StoreValue {
  if (field.kind === "BigInt" || field.kind === "Int8" || field.kind === "Timestamp") return BigInt(value as string);
  return field.kind === "Bytes" ? String(value).toLowerCase() : (value as StoreValue);
}

/** Below, above or equal to zero; nulls come last. */
export function compared(a: StoreValue, b: StoreValue, field: Field): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (field.values) return field.values.indexOf(a as string) - field.values.indexOf(b as string);
  return a === b ? 0 : (a as string) < (b as string) ? -1 : 1;
}
