import { type AstNode, nodesOf, noticeOf, type SourceFile } from "./ast.ts";

/** `enums.ts`: every Solidity enum as an object of its values and the type of one value. */
export function renderEnums(sources: readonly SourceFile[]): string {
  const blocks = new Map<string, string>();
  for (const source of sources) {
    for (const definition of nodesOf(source.ast, "EnumDefinition")) {
      const name = String(definition.name);
      if (blocks.has(name)) {
        throw new Error(`Two enums are called ${name}. Rename one: the SDK exports them side by side.`);
      }
      blocks.set(name, renderEnum(name, definition, source));
    }
  }
  const names = [...blocks.keys()].sort();
  return names.map((name) => blocks.get(name)).join("\n");
}

function renderEnum(name: string, definition: AstNode, source: SourceFile): string {
  const members = (definition.members as readonly AstNode[]).flatMap((member, index) => {
    const comment = commentAbove(member, source);
    return [...(comment === "" ? [] : [`  /** ${comment} */`]), `  ${member.name}: ${index},`];
  });
  const notice = noticeOf(definition);
  const lines = [
    ...(notice === "" ? [] : [`/** ${notice} */`]),
    `export const ${name} = {`,
    ...members,
    "} as const;",
    `export type ${name} = (typeof ${name})[keyof typeof ${name}];`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The `///` lines right above a member. The tree has no documentation of enum members. */
function commentAbove(member: AstNode, { content }: SourceFile): string {
  const [start = 0] = String(member.src).split(":").map(Number);
  const above = Buffer.from(content).subarray(0, start).toString().split("\n").slice(0, -1);
  const from = above.findLastIndex((line) => !line.trim().startsWith("///")) + 1;
  return above
    .slice(from)
    .map((line) => line.replace(/^\s*\/\/\/\s*/, ""))
    .join(" ")
    .trim();
}
