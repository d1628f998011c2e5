import { type AstNode, camelCase, isNode, nodesOf, type SourceFile } from "./ast.ts";

/** A member of a struct as viem and ethers want it. */
interface Member {
  readonly name: string;
  readonly type: string;
}

/**
 * `typed-data.ts`: for every `bytes32 constant X_TYPEHASH = keccak256("...")` the EIP-712 types that the string
 * encodes, and for every contract that calls `EIP712("name", "version")` the two fixed fields of its domain.
 */
export function renderTypedData(sources: readonly SourceFile[]): string {
  const blocks = new Map<string, string>();
  for (const encoded of sources.flatMap(typeStrings)) {
    const types = parseEncodedType(encoded);
    const [primary = ""] = Object.keys(types);
    addBlock(blocks, `${camelCase(primary)}Types`, `/** EIP-712: \`${encoded}\`. */`, renderTypes(types));
  }
  for (const { contract, name, version } of sources.flatMap(domains)) {
    const value = `{ name: ${JSON.stringify(name)}, version: ${JSON.stringify(version)} }`;
    const comment = `/** EIP-712 domain of \`${contract}\`; chain id and address come from the deployment. */`;
    addBlock(blocks, `${camelCase(contract)}Domain`, comment, value);
  }
  return [...blocks.keys()]
    .sort()
    .map((name) => blocks.get(name))
    .join("\n");
}

/**
 * Parses the `encodeType` string of EIP-712, such as `Mail(Person from,Person to)Person(address wallet)`.
 * The first type is the primary one.
 */
export function parseEncodedType(encoded: string): Record<string, Member[]> {
  const types: Record<string, Member[]> = {};
  const rest = encoded.replace(/(\w+)\(([^()]*)\)/g, (_, name: string, members: string) => {
    types[name] = members.split(",").filter(Boolean).map(parseMember);
    return "";
  });
  if (rest !== "" || Object.keys(types).length === 0) {
    throw new Error(`Not an EIP-712 type: "${encoded}".`);
  }
  return types;
}

function parseMember(text: string): Member {
  const [type = "", name = "", ...more] = text.split(" ");
  if (type === "" || name === "" || more.length > 0) {
    throw new Error(`Not a member of an EIP-712 type: "${text}". EIP-712 wants one blank and no other.`);
  }
  return { name, type };
}

function typeStrings({ ast }: SourceFile): string[] {
  const hashes = [...nodesOf(ast, "VariableDeclaration")].filter(
    (variable) => variable.constant === true && String(variable.name).endsWith("_TYPEHASH") && !isAlias(variable),
  );
  return hashes.map((variable) => {
    const [argument] = isNode(variable.value) ? ((variable.value.arguments ?? []) as readonly AstNode[]) : [];
    if (typeof argument?.value !== "string") {
      throw new Error(`${variable.name} must be keccak256 of one string literal.`);
    }
    return argument.value;
  });
}

/** Whether a constant repeats another, as in `X_TYPEHASH = SomeLib.X_TYPEHASH`. */
function isAlias({ value }: AstNode): boolean {
  return isNode(value) && value.nodeType === "MemberAccess";
}

function domains({ ast }: SourceFile): { contract: string; name: string; version: string }[] {
  return [...nodesOf(ast, "ContractDefinition")].flatMap((contract) => {
    const calls = [...nodesOf(contract, "ModifierInvocation")].filter(
      (call) => isNode(call.modifierName) && call.modifierName.name === "EIP712",
    );
    return calls.flatMap((call) => {
      const [name, version] = ((call.arguments ?? []) as readonly AstNode[]).map((argument) => argument.value);
      const known = typeof name === "string" && typeof version === "string";
      return known ? [{ contract: String(contract.name), name, version }] : [];
    });
  });
}

function renderTypes(types: Record<string, Member[]>): string {
  const entries = Object.entries(types).map(([name, members]) => {
    const lines = members.map((member) => `    { name: "${member.name}", type: "${member.type}" },`);
    return `  ${name}: [\n${lines.join("\n")}\n  ],`;
  });
  return `{\n${entries.join("\n")}\n}`;
}

function addBlock(blocks: Map<string, string>, name: string, comment: string, value: string): void {
  const block = `${comment}\nexport const ${name} = ${value} as const;\n`;
  if (blocks.has(name) && blocks.get(name) !== block) {
    throw new Error(`Solidity has two versions of ${name}.`);
  }
  blocks.set(name, block);
}
