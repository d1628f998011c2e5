import { type Address, parseAbi, parseSignature } from "viem";
import { readContract, signTypedData } from "viem/actions";
import { permitTypes } from "../protocol/generated/typed-data.ts";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { tokenDomain } from "./internal/token-domain.ts";
import {
  chainCall,
  eventIn,
  readMarket,
  type TransactErrorType,
  type Transacted,
  transact,
} from "./internal/transact.ts";

export interface DepositWithPermitParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
  /** Who is credited. Default: the caller. */
  readonly beneficiary?: Address | undefined;
  /** The permit is good until this. Default: for ever, as it is used at once. Unix seconds. */
  readonly deadline?: bigint | undefined;
}

export type DepositWithPermitReturnType = Transacted;
export type DepositWithPermitErrorType = TransactErrorType;

const noncesAbi = parseAbi(["function nonces(address owner) view returns (uint256)"]);
const FOR_EVER = 2n ** 256n - 1n;

/**
 * As `deposit`, with a signature (ERC-2612) instead of an approval: one transaction in all.
 *
 * @example
 * await buyer.depositWithPermit({ amount: 5_000_000n });
 */
export async function depositWithPermit(
  client: WriteClient,
  parameters: DepositWithPermitParameters,
): Promise<DepositWithPermitReturnType> {
  const account = requireAccount(client);
  const { market, amount, deadline = FOR_EVER, beneficiary = account.address } = parameters;
  const owner = account.address;
  const token = await readMarket(client, { market, functionName: "token", args: [] });
  const domain = await tokenDomain(client, token);
  const signature = await chainCall("permit", async () => {
    const nonce = await readContract(client, { address: token, abi: noncesAbi, functionName: "nonces", args: [owner] });
    const message = { owner, spender: market, value: amount, nonce, deadline };
    return signTypedData(client, { account, domain, types: permitTypes, primaryType: "Permit", message });
  });
  const { r, s, v, yParity } = parseSignature(signature);
  const done = await transact(client, {
    market,
    functionName: "depositWithPermit",
    args: [beneficiary, amount, deadline, Number(v ?? yParity + 27), r, s],
  });
  eventIn(done.receipt, market, "Deposited");
  return done;
}
