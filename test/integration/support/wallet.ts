import {
  type Address,
  createWalletClient,
  custom,
  type EIP1193RequestFn,
  type Hex,
  hexToBigInt,
  http,
  type LocalAccount,
  numberToHex,
  type TypedDataDefinition,
} from "viem";
import { anvil } from "viem/chains";
import { encodeExecuteData } from "viem/experimental/erc7821";

/** What a wallet is like, beside its account. */
export interface WalletHabits {
  /** Of EIP-5792's `atomic`; nothing: the wallet knows no batches. */
  atomic?: "ready" | "supported" | "unsupported" | undefined;
  /** Code of an ERC-7821 executor that the account borrows for its batches. */
  executor?: Address | undefined;
  /** The chain that the wallet says it is on. */
  chainId?: number | undefined;
  /** A contract that acts for the account (`SmartAccount`), as whom the wallet poses. */
  contract?: Address | undefined;
  /** Throws for a request, or lets it be, at once or later. */
  answer?: ((method: string) => void | Promise<void>) | undefined;
}

/** EIP-1193's refusal. */
export function refuse(): never {
  throw Object.assign(new Error("User rejected the request."), { code: 4001 });
}

/** An answer with an error code, such as -32601 of what is not there. */
export function failWith(code: number): never {
  throw Object.assign(new Error(`code ${code}`), { code });
}

/** What its owner is asked to confirm. */
const CONFIRMED = ["eth_sendTransaction", "eth_signTypedData_v4", "wallet_sendCalls"];

const EXECUTE = [
  {
    ...{ type: "function", name: "execute", stateMutability: "nonpayable", outputs: [{ type: "bytes" }] },
    inputs: [
      { name: "target", type: "address" },
      { name: "data", type: "bytes" },
    ],
  },
] as const;

interface Call {
  readonly to: Address;
  readonly data?: Hex;
  readonly gas?: Hex;
}

/** A wallet in a page: EIP-1193 around a key, on a chain of anvil's. It confirms all, unless its habits say otherwise. */
export class TestWallet {
  readonly account: LocalAccount;
  /** What its owner was asked to confirm, in order. */
  readonly asked: string[] = [];
  readonly habits: WalletHabits;
  readonly #chain;

  constructor(rpcUrl: string, account: LocalAccount, habits: WalletHabits = {}) {
    this.account = account;
    this.habits = habits;
    this.#chain = createWalletClient({ account, chain: anvil, transport: http(rpcUrl), pollingInterval: 20 });
  }

  get address(): Address {
    return this.habits.contract ?? this.account.address;
  }

  /** As an app has it: a client with the wallet behind it. */
  client() {
    const transport = custom({ request: (call) => this.request(call as never) }, { retryCount: 0 });
    return createWalletClient({ account: this.address, chain: anvil, transport, pollingInterval: 20 });
  }

  /** Whether its owner is asked. */
  confirms(method: string): boolean {
    return CONFIRMED.includes(method);
  }

  async request({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> {
    if (this.confirms(method)) {
      this.asked.push(method);
    }
    await this.habits.answer?.(method);
    switch (method) {
      case "eth_chainId":
        return numberToHex(this.habits.chainId ?? anvil.id);
      case "eth_signTypedData_v4":
        return await this.account.signTypedData(JSON.parse(params[1] as string) as TypedDataDefinition);
      case "eth_sendTransaction":
        return await this.#send(params[0] as Call);
      case "wallet_getCapabilities":
        return this.#capabilities();
      case "wallet_sendCalls":
        return await this.#batch((params[0] as { readonly calls: readonly Call[] }).calls);
      case "wallet_getCallsStatus":
        return await this.#status(params[0] as Hex);
      default:
        return await (this.#chain.request as EIP1193RequestFn)({ method, params } as never);
    }
  }

  async #send({ to, data = "0x", gas }: Call): Promise<Hex> {
    const { contract } = this.habits;
    if (contract !== undefined) {
      const args = [to, data] as const;
      return await this.#chain.writeContract({ address: contract, abi: EXECUTE, functionName: "execute", args });
    }
    return await this.#chain.sendTransaction({ to, data, ...(gas && { gas: hexToBigInt(gas) }) });
  }

  #capabilities(): unknown {
    const { atomic } = this.habits;
    return atomic === undefined ? failWith(-32601) : { [numberToHex(anvil.id)]: { atomic: { status: atomic } } };
  }

  async #batch(calls: readonly Call[]): Promise<{ readonly id: Hex }> {
    const { executor = failWith(5760) } = this.habits;
    const signed = await this.#chain.signAuthorization({ contractAddress: executor, executor: "self" });
    const data = encodeExecuteData({ calls: calls.map(({ to, data: input = "0x" }) => ({ to, data: input })) });
    const batch = { authorizationList: [signed], to: this.account.address, data, gas: 1_000_000n };
    return { id: await this.#chain.sendTransaction(batch) };
  }

  async #status(id: Hex): Promise<unknown> {
    const request = this.#chain.request as EIP1193RequestFn;
    const receipt = (await request({ method: "eth_getTransactionReceipt", params: [id] } as never)) as {
      readonly status: Hex;
    } | null;
    const told = { version: "2.0.0", id, chainId: numberToHex(anvil.id), atomic: true };
    if (receipt === null) {
      return { ...told, status: 100 };
    }
    return { ...told, status: receipt.status === "0x1" ? 200 : 500, receipts: [receipt] };
  }
}
