import path from "node:path";
import { type Address, formatGwei, getAddress, isAddress, parseGwei } from "viem";
import { z } from "zod";

/** A kind of value a setting can have: how it is called in the docs, and how JSON, a flag or a variable becomes one. */
export interface Kind<T> {
  /** As the docs and `--help` call it. */
  readonly name: string;
  /** Takes the JSON value of the file or the text of a flag or variable. */
  readonly schema: z.ZodType<T>;
  /** Where it holds a path: makes it absolute, from the folder of the file that it stands in. */
  locate?(value: T, folder: string): T;
  /** How people read and write it, where that is not its plain text. */
  show?(value: T): string;
}

/** Any text of one line. */
export function text(max = 200): Kind<string> {
  const oneLine = z.string().regex(/^[^\r\n]*$/, "must be one line");
  return { name: "text", schema: oneLine.max(max) };
}

/** A whole number; also as text. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Kind<number> {
  const digits = z.string().trim().regex(/^\d+$/, "must be a whole number").transform(Number);
  return { name: "integer", schema: z.union([z.number(), digits]).pipe(z.number().int().min(min).max(max)) };
}

const BYTE_UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** A number of bytes: `1048576`, `1MiB`, `2.5 GiB`. */
export function bytes(min: number, max = Number.MAX_SAFE_INTEGER): Kind<number> {
  const sized = z.string().transform((value, context) => {
    const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMGT]iB)?$/.exec(value.trim()) ?? [];
    if (amount === undefined) {
      context.addIssue("must be bytes, such as 1048576, 512KiB or 2GiB");
      return z.NEVER;
    }
    return Math.floor(Number(amount) * (BYTE_UNITS[unit] ?? 1));
  });
  const schema = z.union([z.number(), sized]).pipe(z.number().int().min(min).max(max));
  return { name: "bytes", schema, show: showBytes };
}

/** `1572864` -> `1.5 MiB`, in the largest unit that leaves no more than two digits behind the point. */
function showBytes(value: number): string {
  const fits = ([, size]: [string, number]) => value >= size && Number.isInteger((100 * value) / size);
  const [unit, size] = Object.entries(BYTE_UNITS).findLast(fits) ?? ["", 1];
  return `${value / size} ${unit}`.trim();
}

/** `true` or `false`. */
export const flag: Kind<boolean> = {
  name: "boolean",
  schema: z.union([z.boolean(), z.enum(["true", "false"]).transform((value) => value === "true")]),
};

/** One of some words. */
export function choice<const T extends string>(...words: readonly T[]): Kind<T> {
  return { name: words.map((word) => `\`${word}\``).join(", "), schema: z.enum(words) };
}

const MAX_AMOUNT = 2n ** 64n - 1n;

/** An amount of the market's token in its smallest unit, as the contracts count it. */
export const amount: Kind<bigint> = {
  name: "token units",
  schema: z
    .union([z.bigint(), z.number().int().nonnegative().transform(BigInt), z.string().regex(/^\d+$/).transform(BigInt)])
    .refine((value) => value <= MAX_AMOUNT, "must fit 64 bits"),
};

/** A price of gas in gwei, kept in wei. */
export const gwei: Kind<bigint> = {
  name: "gwei",
  schema: z
    .union([z.number().nonnegative().transform(String), z.string().trim()])
    .refine((value) => /^\d+(\.\d{1,9})?$/.test(value), "must be gwei, such as 30 or 0.5")
    .transform((value) => parseGwei(value)),
  show: formatGwei,
};

/** An address, checksummed when read; a wrong checksum is refused. */
export const address: Kind<Address> = {
  name: "address",
  schema: z
    .string()
    .refine((value) => isAddress(value), "must be an address of 20 bytes in hex, with a right checksum if mixed case")
    .transform((value) => getAddress(value)),
};

/** An `http:` or `https:` address, without a slash at its end. */
export const url: Kind<string> = {
  name: "URL",
  schema: z
    .url({ protocol: /^https?$/, error: "must be an http or https URL" })
    .transform((value) => value.replace(/\/+$/, "")),
};

/** A file or folder. */
export const filePath: Kind<string> = {
  name: "path",
  schema: z.string().min(1),
  locate: (value, folder) => path.resolve(folder, value),
};

/** A model: `storyteller`, `hf:...`, a path; `greedy:` before one, or a server's URL that may name one (`openai:URL#name=model`). */
export const modelReference: Kind<string> = { name: "model", schema: z.string().min(1), locate: locateModel };

function locateModel(value: string, folder: string): string {
  const [prefix] = /^(?:greedy:|openai:[^#]*(?:#[^=]*=?)?)/.exec(value) ?? [""];
  const model = value.slice(prefix.length);
  if (prefix !== "" && model !== "") {
    return prefix + locateModel(model, folder);
  }
  return prefix !== "" || model === "storyteller" || model.startsWith("hf:") ? value : path.resolve(folder, model);
}

/** Several values: a JSON list, or text with commas. */
export function list<T>(of: Kind<T>): Kind<readonly T[]> {
  const split = z.string().transform((value) =>
    value
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  );
  const { locate, show = String } = of;
  return {
    name: `list of ${of.name}`,
    schema: z.union([z.array(z.unknown()), split]).pipe(z.array(of.schema)),
    ...(locate && { locate: (values, folder) => values.map((value) => locate(value, folder)) }),
    show: (values) => values.map((value) => show(value)).join(", "),
  };
}
