import { type Address, type Hex, isAddressEqual, parseAbi, recoverAddress } from "viem";
import { getCode, readContract } from "viem/actions";
import type { ReadClient } from "./clients.ts";
import { chainCall } from "./transact.ts";

const erc1271Abi = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);

/** What `isValidSignature` returns for a signature that holds: its own selector. */
const MAGIC_VALUE = "0x1626ba7e";

/** Whether the market would take `signature` as `signer`'s over `digest`: a key pair's, or by ERC-1271. Mirrors `SignatureLib`. */
export async function isValidSignature(
  client: ReadClient,
  { signer, digest, signature }: { readonly signer: Address; readonly digest: Hex; readonly signature: Hex },
): Promise<boolean> {
  const recovered = await recoverAddress({ hash: digest, signature }).catch(() => undefined);
  if (recovered !== undefined && isAddressEqual(recovered, signer)) {
    return true;
  }
  const code = await chainCall("eth_getCode", () => getCode(client, { address: signer }));
  if (code === undefined) {
    return false;
  }
  const call = {
    address: signer,
    abi: erc1271Abi,
    functionName: "isValidSignature",
    args: [digest, signature],
  } as const;
  return (await readContract(client, call).catch(() => "0x")) === MAGIC_VALUE;
}
