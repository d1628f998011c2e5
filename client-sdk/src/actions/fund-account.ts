import { type Address, encodeFunctionData, erc20Abi } from "viem";
import { getBlock } from "viem/actions";
import { ChainError, ContractRevertError } from "../errors.ts";
import { marketAbi } from "../protocol/generated/abi.ts";
import { type OnMarket, requireAccount, requireChain, type WriteClient } from "./internal/clients.ts";
import { type PermitSignature, signPermit, takesPermits } from "./internal/permit.ts";
import {
  chainCall,
  eventIn,
  readAny,
  readMarket,
  type TransactErrorType,
  type Transacted,
  transact,
  transactAny,
} from "./internal/transact.ts";
import { batchesCalls, isUnsupported, sendBatch } from "./internal/wallet-calls.ts";

/**
 * How tokens come into the market, and how often the wallet asks its owner: `deposit` alone, where the market may take them
 * already (once); approval and deposit in one `batch` (EIP-5792, once); a `permit` and a deposit (ERC-2612, twice); `approve` and
 * a deposit (twice).
 */
export type FundingWay = "deposit" | "batch" | "permit" | "approve";

/** What comes next while an account is funded. */
export interface FundingStep {
  readonly way: FundingWay;
  /** What the wallet shows its owner now; `wait`: nothing, what was confirmed is on its way into a block. */
  readonly action: "approve" | "batch" | "deposit" | "permit" | "wait";
  /** Which of the way's confirmations it is, from 1. */
  readonly confirmation: number;
  /** How many the way has in all. */
  readonly confirmations: number;
}

export interface FundAccountParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
  /** Who is credited. Default: the caller. */
  readonly beneficiary?: Address | undefined;
  /** Ways that may be gone. Default: all. Without `batch` a wallet is not asked to become a smart account. */
  readonly ways?: readonly Exclude<FundingWay, "deposit">[] | undefined;
  /** Told before each confirmation, and when one was given. A way that fails for want of support is followed by another. */
  readonly onStep?: ((step: FundingStep) => void) | undefined;
}

export interface FundAccountReturnType extends Transacted {
  readonly way: FundingWay;
}

export type FundAccountErrorType = TransactErrorType;

/** For how long a permit is good: it is used at once, and useless if the deposit is refused. Seconds. */
const PERMIT_SECONDS = 3_600n;

interface Funding {
  readonly client: WriteClient;
  readonly market: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly beneficiary: Address;
  readonly onStep: (step: FundingStep) => void;
}

/**
 * Deposits tokens of the caller into the market, by the way that asks the wallet's owner least. What the owner refuses is not
 * tried another way.
 *
 * @throws ChainError `CHAIN_MISMATCH`, and `TOKEN_BALANCE_LOW` with `details.balance`, before the wallet is asked;
 *   `WALLET_REFUSED`; `CALL_INVALID` where the wallet has none of the `ways`.
 * @example
 * await buyer.fundAccount({ amount: 5_000_000n, onStep: ({ confirmation, confirmations }) => show(confirmation, confirmations) });
 */
export async function fundAccount(
  client: WriteClient,
  parameters: FundAccountParameters,
): Promise<FundAccountReturnType> {
  const { address } = requireAccount(client);
  const { market, amount, beneficiary = address, ways = ["batch", "permit", "approve"] } = parameters;
  const { onStep = () => undefined } = parameters;
  await chainCall("eth_chainId", () => requireChain(client));
  const token = await readMarket(client, { market, functionName: "token", args: [] });
  const funding: Funding = { client, market, token, amount, beneficiary, onStep };
  const allowance = await requireBalance(funding, address);
  if (allowance >= amount) {
    return {
      way: "deposit",
      ...(await depositApproved(funding, { way: "deposit", confirmation: 1, confirmations: 1 })),
    };
  }
  const means = { batch: byBatch, permit: byPermit, approve: byApproval } as const;
  for (const way of (["batch", "permit", "approve"] as const).filter((one) => ways.includes(one))) {
    const done = await means[way](funding);
    if (done !== undefined) {
      return { way, ...done };
    }
  }
  throw new ChainError("CALL_INVALID", `The wallet has none of these ways to deposit: ${ways.join(", ")}.`);
}

/** What the market may take of the owner. */
async function requireBalance({ client, token, market, amount }: Funding, owner: Address): Promise<bigint> {
  const ask = (functionName: string, args: readonly Address[]) =>
    readAny(client, { address: token, abi: erc20Abi, functionName, args }) as Promise<bigint>;
  const [balance, allowance] = await Promise.all([ask("balanceOf", [owner]), ask("allowance", [owner, market])]);
  if (balance < amount) {
    const sentence = `The wallet has ${balance} units of the token, and the deposit takes ${amount}: get ${amount - balance} more.`;
    throw new ChainError("TOKEN_BALANCE_LOW", sentence, { details: { token, account: owner, balance, amount } });
  }
  return allowance;
}

async function byBatch({ client, market, token, amount, beneficiary, onStep }: Funding) {
  if (!(await batchesCalls(client))) {
    return undefined;
  }
  const at = { way: "batch", confirmation: 1, confirmations: 1 } as const;
  onStep({ ...at, action: "batch" });
  const calls = [
    { to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [market, amount] }) },
    { to: market, data: encodeFunctionData({ abi: marketAbi, functionName: "deposit", args: [beneficiary, amount] }) },
  ];
  const done = await sendBatch(client, calls, () => onStep({ ...at, action: "wait" }));
  if (done !== undefined) {
    eventIn(done.receipt, market, "Deposited");
  }
  return done;
}

async function byPermit(funding: Funding): Promise<Transacted | undefined> {
  const { client, market, token, amount, beneficiary, onStep } = funding;
  if (!(await takesPermits(client, token))) {
    return undefined;
  }
  const { timestamp } = await chainCall("eth_getBlockByNumber", () => getBlock(client));
  const deadline = timestamp + PERMIT_SECONDS;
  const at = { way: "permit", confirmations: 2 } as const;
  onStep({ ...at, action: "permit", confirmation: 1 });
  const permit = await signPermit(client, { token, spender: market, amount, deadline }).catch(unlessUnsupported);
  if (permit === undefined) {
    return undefined;
  }
  const { v, r, s }: PermitSignature = permit;
  onStep({ ...at, action: "deposit", confirmation: 2 });
  try {
    const call = { market, functionName: "depositWithPermit", args: [beneficiary, amount, deadline, v, r, s] } as const;
    const done = await transact(client, call, () => onStep({ ...at, action: "wait", confirmation: 2 }));
    eventIn(done.receipt, market, "Deposited");
    return done;
  } catch (error) {
    if (error instanceof ContractRevertError && error.details.hash === undefined) {
      return undefined; // nothing was sent: the token has another permit than it seemed
    }
    throw error;
  }
}

function unlessUnsupported(error: unknown): undefined {
  if (!isUnsupported(error)) {
    throw error;
  }
}

async function byApproval(funding: Funding): Promise<Transacted> {
  const { client, market, token, amount, onStep } = funding;
  const at = { way: "approve", confirmations: 2 } as const;
  onStep({ ...at, action: "approve", confirmation: 1 });
  const call = { address: token, abi: erc20Abi, functionName: "approve", args: [market, amount] };
  await transactAny(client, call, () => onStep({ ...at, action: "wait", confirmation: 1 }));
  return await depositApproved(funding, { ...at, confirmation: 2 });
}

async function depositApproved(
  { client, market, amount, beneficiary, onStep }: Funding,
  at: Omit<FundingStep, "action">,
): Promise<Transacted> {
  onStep({ ...at, action: "deposit" });
  const call = { market, functionName: "deposit", args: [beneficiary, amount] } as const;
  const done = await transact(client, call, () => onStep({ ...at, action: "wait" }));
  eventIn(done.receipt, market, "Deposited");
  return done;
}
