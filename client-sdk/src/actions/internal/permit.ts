import { type Address, domainSeparator, type Hex, parseAbi, parseSignature } from "viem";
import { getCode, readContract, signTypedData } from "viem/actions";
import { permitTypes } from "../../protocol/generated/typed-data.ts";
import { requireAccount, type WriteClient } from "./clients.ts";
import { tokenDomain } from "./token-domain.ts";
import { chainCall } from "./transact.ts";

const permitAbi = parseAbi([
  "function nonces(address owner) view returns (uint256)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
]);

/** What the code of an account begins with that keeps its key and borrows a contract's code (EIP-7702). */
const DELEGATED = "0xef0100";

/** Who may take how much of which token, until when. */
export interface Permit {
  readonly token: Address;
  readonly spender: Address;
  /** Token units. */
  readonly amount: bigint;
  /** Unix seconds. */
  readonly deadline: bigint;
}

/** A permit's signature, as Solidity takes it. */
export interface PermitSignature {
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
}

/** Signs an ERC-2612 permit. Throws ChainError. */
export async function signPermit(
  client: WriteClient,
  { token, spender, amount, deadline }: Permit,
): Promise<PermitSignature> {
  const account = requireAccount(client);
  const owner = account.address;
  const domain = await tokenDomain(client, token);
  const signature = await chainCall("permit", async () => {
    const call = { address: token, abi: permitAbi, functionName: "nonces", args: [owner] } as const;
    const message = { owner, spender, value: amount, nonce: await readContract(client, call), deadline };
    return signTypedData(client, { account, domain, types: permitTypes, primaryType: "Permit", message });
  });
  const { r, s, v, yParity } = parseSignature(signature);
  return { r, s, v: Number(v ?? yParity + 27) };
}

/** Whether a token takes permits (ERC-2612) under the domain that it tells, and the account has a key that can sign one. */
export async function takesPermits(client: WriteClient, token: Address): Promise<boolean> {
  const { address } = requireAccount(client);
  try {
    const [code, separator, domain] = await Promise.all([
      getCode(client, { address }),
      readContract(client, { address: token, abi: permitAbi, functionName: "DOMAIN_SEPARATOR" }),
      tokenDomain(client, token),
      readContract(client, { address: token, abi: permitAbi, functionName: "nonces", args: [address] }),
    ]);
    return separator === domainSeparator({ domain }) && (code ?? DELEGATED).startsWith(DELEGATED);
  } catch {
    return false;
  }
}
