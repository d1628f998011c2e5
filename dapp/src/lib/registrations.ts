import { type Address, getAddress, isAddress } from "viem";
import * as z from "zod";

/** An agent in an identity registry (ERC-8004). */
export interface Registration {
  readonly agentId: string;
  readonly chainId: number;
  readonly registry: Address;
}

const registrationSchema = z.object({
  agentId: z.union([z.int().nonnegative(), z.string().regex(/^\d{1,78}$/)]),
  agentRegistry: z.string(),
});

/** Reads the `registrations` of a card: `{agentId, agentRegistry: "eip155:1:0x..."}`. What does not fit is passed over. */
export function registrationsOf(value: unknown): readonly Registration[] {
  return (Array.isArray(value) ? value : []).flatMap((one: unknown) => {
    const { data } = registrationSchema.safeParse(one);
    const [namespace, chainId, registry = ""] = data?.agentRegistry.split(":") ?? [];
    const isRight = namespace === "eip155" && /^[1-9]\d{0,14}$/.test(chainId ?? "") && isAddress(registry);
    return data !== undefined && isRight
      ? [{ agentId: String(data.agentId), chainId: Number(chainId), registry: getAddress(registry) }]
      : [];
  });
}
