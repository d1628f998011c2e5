import type { Result } from "ethers";

/** The members of a struct that a view answered with. Its type knows the members, but not that it is a `Result`. */
export function membersOf(struct: readonly unknown[]): Record<string, unknown> {
  return (struct as Result).toObject();
}
