import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../lib/paths.ts";

/** What the SDK exports, and of which contract or interface it is the ABI. */
const ABIS = {
  marketAbi: "Market",
  courtAbi: "ICourt",
  testTokenAbi: "TestToken",
  batchSettlementAbi: "BatchSettlement",
} as const;

/** An entry of an ABI: https://docs.soliditylang.org/en/latest/abi-spec.html#json */
export interface AbiEntry {
  readonly type: string;
  readonly name?: string;
}

/** `abi.ts`: one ABI entry a line, so that a changed signature is one changed line. */
export function renderAbis(): string {
  const blocks = Object.entries(ABIS).map(([name, contract]) => {
    const entries = readAbi(contract).map((entry) => `  ${JSON.stringify(entry)},`);
    return `/** ABI of \`${contract}\`. */\nexport const ${name} = [\n${entries.join("\n")}\n] as const;\n`;
  });
  return blocks.join("\n");
}

/** The ABI of the compiled contract or interface of this name, without Solidity's own type names. */
export function readAbi(contract: string): AbiEntry[] {
  const [file, ...others] = globSync(`artifacts/contracts/**/${contract}.json`, { cwd: ROOT });
  if (file === undefined || others.length > 0) {
    throw new Error(`Expected one artifact of ${contract}, found ${file === undefined ? 0 : others.length + 1}.`);
  }
  const { abi } = JSON.parse(readFileSync(path.join(ROOT, file), "utf8")) as { abi: unknown[] };
  return abi.map(withoutInternalTypes) as AbiEntry[];
}

/** Solidity's own type names mean nothing outside of Solidity and double the size. */
function withoutInternalTypes(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutInternalTypes);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const kept = Object.entries(value).filter(([key]) => key !== "internalType");
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutInternalTypes(inner)]));
}
