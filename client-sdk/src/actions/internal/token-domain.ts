import { type Address, parseAbi } from "viem";
import { getEip712Domain, readContract } from "viem/actions";
import { chainIdOf, type ReadClient } from "./clients.ts";
import { chainCall } from "./transact.ts";

const namesAbi = parseAbi(["function name() view returns (string)", "function version() view returns (string)"]);

/** The bit of ERC-5267's `fields` that says whether the salt counts. */
const HAS_SALT = 0x10;

/** The EIP-712 domain of a token: as ERC-5267 tells it, else from `name()` and `version()` as USDC has them. */
export function tokenDomain(client: ReadClient, token: Address) {
  return chainCall("eip712Domain", async () => {
    try {
      const { domain, fields } = await getEip712Domain(client, { address: token });
      const { salt, ...unsalted } = domain;
      return (Number(fields) & HAS_SALT) === 0 ? unsalted : domain;
    } catch {
      const call = { address: token, abi: namesAbi } as const;
      const name = await readContract(client, { ...call, functionName: "name" });
      const version = await readContract(client, { ...call, functionName: "version" }).catch(() => "1");
      return { name, version, chainId: await chainIdOf(client), verifyingContract: token };
    }
  });
}
