import { type Address, domainSeparator, type Hex, stringToBytes, type TypedDataDomain } from "viem";
import { keccak256 } from "viem/utils";
import { InvalidDataError } from "../errors.ts";

// EIP-712 of structs without arrays, strings or members that are structs: every one of ours. The same as viem's
// `hashStruct` and `hashTypedData`, which encode type and domain anew each time, and are too slow for each live call.

/** A struct's members, as generated. */
export type StaticTypes = Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;

/** Typed data as `signTypedData` takes it. */
export interface StaticTypedData {
  readonly domain: TypedDataDomain & { readonly chainId: number; readonly verifyingContract: Address };
  readonly types: StaticTypes;
  readonly primaryType: string;
  readonly message: object;
}

const HASH = /^0x[0-9a-f]{64}$/i;
const ADDRESS = /^0x[0-9a-f]{40}$/i;

const typeHashes = new WeakMap<StaticTypes, string>();
const domains = new Map<string, Hex>();
const MAX_DOMAINS = 64;

/** `hashStruct` of EIP-712. Throws `INVALID_DATA` for a member that is not of its type. */
export function structHash(types: StaticTypes, primaryType: string, data: object): Hex {
  const members = types[primaryType] ?? [];
  const words = members.map(({ name, type }) => wordOf(type, name, (data as Readonly<Record<string, unknown>>)[name]));
  return keccak256(`0x${typeHash(types, primaryType)}${words.join("")}`);
}

/** What is signed of typed data: `keccak256(0x1901 . domainSeparator . hashStruct)`. */
export function typedDigest({ domain, types, primaryType, message }: StaticTypedData): Hex {
  const struct = structHash(types, primaryType, message);
  return keccak256(`0x1901${separatorOf(domain).slice(2)}${struct.slice(2)}`);
}

function typeHash(types: StaticTypes, primaryType: string): string {
  const known = typeHashes.get(types);
  if (known !== undefined) {
    return known;
  }
  const members = (types[primaryType] ?? []).map(({ name, type }) => `${type} ${name}`);
  const hash = keccak256(stringToBytes(`${primaryType}(${members.join(",")})`)).slice(2);
  typeHashes.set(types, hash);
  return hash;
}

function separatorOf(domain: StaticTypedData["domain"]): Hex {
  const key = `${domain.name} ${domain.version} ${domain.chainId} ${domain.verifyingContract}`;
  const known = domains.get(key);
  if (known !== undefined) {
    return known;
  }
  const separator = domainSeparator({ domain });
  if (domains.size >= MAX_DOMAINS) {
    domains.clear();
  }
  domains.set(key, separator);
  return separator;
}

/** A member as 64 hex digits: 32 bytes, big-endian. */
function wordOf(type: string, name: string, value: unknown): string {
  const [, bits] = /^uint(\d+)$/.exec(type) ?? [];
  if (bits !== undefined && (typeof value === "bigint" || Number.isSafeInteger(value))) {
    const number = BigInt(value as bigint | number);
    if (number >= 0n && number >> BigInt(bits) === 0n) {
      return number.toString(16).padStart(64, "0");
    }
  } else if (type === "bytes32" && typeof value === "string" && HASH.test(value)) {
    return value.slice(2).toLowerCase();
  } else if (type === "address" && typeof value === "string" && ADDRESS.test(value)) {
    return value.slice(2).toLowerCase().padStart(64, "0");
  }
  throw new InvalidDataError("EIP-712 struct", [`${name}: must be of type ${type}`]);
}
