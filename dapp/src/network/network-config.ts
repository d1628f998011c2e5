import { getAddress, isAddress } from "viem";
import * as z from "zod";

const address = z
  .string()
  .refine((text) => isAddress(text), "must be an address")
  .transform((text) => getAddress(text));
const url = z.url({ protocol: /^https?$/ });

const networkSchema = z.object({
  /** What people call it. */
  name: z.string().min(1),
  chainId: z.int().positive(),
  rpcUrl: url,
  /** The `Market` contract. */
  market: address,
  /** The block of the deployment. */
  fromBlock: z.coerce.bigint().nonnegative().default(0n),
  subgraphUrl: url.optional(),
  /** Of a block explorer; transactions are at `/tx/HASH`, accounts at `/address/ADDRESS`. */
  explorerUrl: url.optional(),
  /** The coin in which gas is paid. */
  coin: z.string().min(1).default("ETH"),
  /** Unlocked accounts of a development chain: the page offers each as a wallet. */
  development: z.object({ accounts: z.array(z.object({ name: z.string().min(1), address })) }).optional(),
});

/** Which market these pages show. */
export type NetworkConfig = z.infer<typeof networkSchema>;

/** Why there is nothing to show. */
export class NetworkConfigError extends Error {
  override readonly name = "NetworkConfigError";
}

/** Reads the file that is served beside the pages: one build serves any network. Throws {@link NetworkConfigError}. */
export async function loadNetwork(file = "./network.json"): Promise<NetworkConfig> {
  const response = await fetch(file, { cache: "no-store" }).catch((cause: unknown) => {
    throw new NetworkConfigError("The server of these pages does not answer.", { cause });
  });
  if (!response.ok) {
    throw new NetworkConfigError(`The server of these pages has no ${file} (status ${response.status}).`);
  }
  return parseNetwork(await response.json().catch(() => undefined));
}

/** Checks a parsed `network.json`. Throws {@link NetworkConfigError}. */
export function parseNetwork(value: unknown): NetworkConfig {
  const parsed = networkSchema.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
    throw new NetworkConfigError(`network.json cannot be used: ${faults.join("; ")}.`);
  }
  return parsed.data;
}
