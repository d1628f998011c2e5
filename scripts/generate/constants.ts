import { type AstNode, isNode, nodesOf, noticeOf, type SourceFile } from "./ast.ts";

const SECONDS = { seconds: 1n, minutes: 60n, hours: 3_600n, days: 86_400n, weeks: 604_800n } as const;
const WEI = { wei: 1n, gwei: 10n ** 9n, ether: 10n ** 18n } as const;
const UNITS: Readonly<Record<string, bigint>> = { ...SECONDS, ...WEI };

/**
 * `constants.ts`: every unsigned integer and every address constant that is not `private`. Like in viem, a type of up to
 * 48 bits becomes a number and a wider one a bigint.
 */
export function renderConstants(sources: readonly SourceFile[]): string {
  const lines = constantsOf(sources);
  return [...lines.keys()]
    .sort()
    .map((name) => lines.get(name))
    .join("\n");
}

/** What {@link renderConstants} writes of each constant, by its name. */
export function constantsOf(sources: readonly SourceFile[]): ReadonlyMap<string, string> {
  const variables = sources.flatMap(({ ast }) => [...nodesOf(ast, "VariableDeclaration")]).filter(isConstant);
  const byId = new Map(variables.map((variable) => [variable.id, variable]));
  const shared = variables.filter((variable) => variable.visibility !== "private" && isShared(variable));
  const lines = new Map<string, string>();
  for (const variable of shared) {
    const name = String(variable.name);
    const line = `${commentOf(variable)}export const ${name} = ${literalOf(variable, byId)};\n`;
    if (lines.has(name) && lines.get(name) !== line) {
      throw new Error(`Two constants are called ${name} and differ. Rename one, or make it private.`);
    }
    lines.set(name, line);
  }
  return lines;
}

function isConstant(variable: AstNode): boolean {
  return variable.constant === true;
}

function isShared(variable: AstNode): boolean {
  return widthOf(variable) !== undefined || isAddress(variable);
}

function isAddress(variable: AstNode): boolean {
  return (variable.typeDescriptions as { readonly typeString: string }).typeString === "address";
}

function widthOf(variable: AstNode): number | undefined {
  const { typeString } = variable.typeDescriptions as { readonly typeString: string };
  const match = /^uint(\d+)$/.exec(typeString);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function commentOf(variable: AstNode): string {
  const notice = noticeOf(variable);
  return notice === "" ? "" : `/** ${notice} */\n`;
}

function literalOf(variable: AstNode, byId: ReadonlyMap<unknown, AstNode>): string {
  if (isAddress(variable)) {
    return JSON.stringify((variable.value as AstNode).value);
  }
  const value = evaluate(variable.value, byId);
  const literal = (widthOf(variable) ?? 256) <= 48 ? `${value}` : `${value}n`;
  return literal.replace(/\B(?=(\d{3})+(?!\d))/g, "_");
}

/** The value of a constant expression; throws for what it does not know, for a wrong figure would be worse. */
function evaluate(expression: unknown, byId: ReadonlyMap<unknown, AstNode>): bigint {
  if (isNode(expression)) {
    if (expression.nodeType === "Literal" && expression.kind === "number") {
      return literalValue(String(expression.value)) * (UNITS[String(expression.subdenomination)] ?? 1n);
    }
    if (expression.nodeType === "TupleExpression") {
      return evaluate((expression.components as unknown[])[0], byId);
    }
    if (expression.nodeType === "BinaryOperation") {
      const left = evaluate(expression.leftExpression, byId);
      const right = evaluate(expression.rightExpression, byId);
      return operate(String(expression.operator), left, right);
    }
    const target = byId.get(expression.referencedDeclaration);
    if (target !== undefined) {
      return evaluate(target.value, byId);
    }
    const limit = /^type\(uint(\d+)\)\.max$/.exec(typeLimit(expression));
    if (limit !== null) {
      return 2n ** BigInt(limit[1] ?? 256) - 1n;
    }
  }
  throw new Error("A shared constant must be made of literals, other constants and + - * / ** <<.");
}

function literalValue(text: string): bigint {
  const [, digits = "0", fraction = "", exponent = "0"] =
    /^([\d_]+|0x[\da-fA-F_]+)(?:\.(\d+))?(?:e(\d+))?$/.exec(text) ?? [];
  return BigInt(digits.replaceAll("_", "") + fraction) * 10n ** (BigInt(exponent) - BigInt(fraction.length));
}

function operate(operator: string, left: bigint, right: bigint): bigint {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "**":
      return left ** right;
    case "<<":
      return left << right;
    default:
      throw new Error(`A shared constant cannot use the operator ${operator}.`);
  }
}

/** `type(uintN).max` as it was written; empty for any other expression. */
function typeLimit(expression: AstNode): string {
  const call = expression.expression;
  if (expression.nodeType !== "MemberAccess" || expression.memberName !== "max" || !isNode(call)) {
    return "";
  }
  const [argument] = (call.arguments ?? []) as readonly AstNode[];
  const typeName = argument?.typeName;
  return isNode(typeName) ? `type(${typeName.name}).max` : "";
}
