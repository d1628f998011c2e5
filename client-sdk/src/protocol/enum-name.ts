/** The name of an enum's value, such as `Submitted` of `JobStatus` and 3; nothing for a value it has not. */
export function enumName<Enum extends Readonly<Record<string, number>>>(
  values: Enum,
  value: number,
): (keyof Enum & string) | undefined {
  return Object.keys(values).find((name) => values[name] === value);
}
