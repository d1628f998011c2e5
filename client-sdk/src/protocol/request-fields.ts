import { RequestError } from "../errors.ts";

// Readers of the fields of requests. Their sentences are part of the protocol, see request.ts. As in OpenAI's API, null is
// as good as nothing.

export type JsonObject = Readonly<Record<string, unknown>>;

/** What is wrong with one field: `path` names it. */
export function invalid(path: string, sentence: string): RequestError {
  return new RequestError("REQUEST_INVALID_FIELD", `${path} ${sentence}.`, { path });
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value of JSON is a string that UTF-8 can say. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed();
}

/** An object with no other fields than `known`. `name` begins the sentence, `path` is data. */
export function readObject(value: unknown, known: readonly string[], name: string, path: string): JsonObject {
  if (!isObject(value)) {
    throw new RequestError("REQUEST_NOT_AN_OBJECT", `${name} must be a JSON object.`, { path });
  }
  // The sentence does not repeat the field: it is the buyer's text, and the output stays short.
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const sentence = `${name} has a field that is not one of ${known.join(", ")}.`;
    throw new RequestError("REQUEST_UNKNOWN_FIELD", sentence, { path, field: unknown });
  }
  return value;
}

/** A field that fits, or nothing where it is left out. The sentence says what it must be. */
export function readField<T>(
  fields: JsonObject,
  name: string,
  fits: (value: unknown) => value is T,
  sentence: string,
): T | undefined {
  const value = fields[name] ?? undefined;
  if (value !== undefined && !fits(value)) {
    throw invalid(name, sentence);
  }
  return value;
}

/** A number within bounds. */
export function readNumber(
  fields: JsonObject,
  name: string,
  [least, most]: readonly [number, number],
  isWhole: boolean,
): number | undefined {
  const fits = (value: unknown): value is number =>
    typeof value === "number" && value >= least && value <= most && (!isWhole || Number.isInteger(value));
  return readField(fields, name, fits, `must be ${isWhole ? "an integer" : "a number"} from ${least} to ${most}`);
}

/** True or false. */
export function readBoolean(fields: JsonObject, name: string): boolean | undefined {
  return readField(fields, name, (value) => typeof value === "boolean", "must be true or false");
}

/** Well-formed text. */
export function readText(fields: JsonObject, name: string): string | undefined {
  return readField(fields, name, isText, "must be a well-formed string");
}

/** A field that is taken with one value only, which changes nothing. */
export function insistOn(fields: JsonObject, name: string, only: number): void {
  readField(fields, name, (value): value is number => value === only, `must be ${only}, or left out`);
}
