import { type AbiEntry, readAbi } from "./abi.ts";
import { type AstNode, nodesOf, type SourceFile } from "./ast.ts";
import { constantsOf } from "./constants.ts";

/** What the subgraph's manifest calls a contract, and of which contract or interface its events are. */
export const SUBGRAPH_SOURCES = { Market: "IMarket", Court: "ICourt" } as const;

/** What the mappings take of the contracts besides their events. */
const CONSTANTS = ["BURN_ACCOUNT", "FIRST_TIER_SEATS", "POSITIONS"] as const;
/** Enums whose members the mappings store by their names. */
const ENUMS = ["Outcome", "Verdict"] as const;

/** `abis/<contract>.json` of the subgraph: the events alone, one a line. */
export function renderEventAbi(contract: string): string {
  const lines = eventsOf(contract).map((event) => `  ${JSON.stringify(event)}`);
  return `[\n${lines.join(",\n")}\n]\n`;
}

/** The entries of a contract's events. */
export function eventsOf(contract: string): AbiEntry[] {
  return readAbi(contract).filter(({ type }) => type === "event");
}

/** `protocol.ts` of the subgraph, in AssemblyScript: constants, and the names of the members of enums by their values. */
export function renderMappingFacts(sources: readonly SourceFile[]): string {
  const constants = constantsOf(sources);
  return [...CONSTANTS.map((name) => constants.get(name)), ...ENUMS.map((name) => renderNames(name, sources))].join(
    "\n",
  );
}

function renderNames(name: string, sources: readonly SourceFile[]): string {
  const definitions = sources.flatMap(({ ast }) => [...nodesOf(ast, "EnumDefinition")]);
  const definition = definitions.find((candidate) => candidate.name === name);
  const members = (definition?.members ?? []) as readonly AstNode[];
  const names = members.map((member) => JSON.stringify(member.name)).join(", ");
  return `/** Names of the values of \`${name}\`. */\nexport const ${name.toUpperCase()}: string[] = [${names}];\n`;
}
