import { buildSchema, type GraphQLSchema } from "graphql";
import type { Field, SubgraphSchema } from "./schema.ts";

/** What a Graph node adds to every API, in its words. */
const BUILT_IN = `
scalar BigDecimal
scalar Bytes
scalar BigInt
scalar Int8
scalar Timestamp
enum OrderDirection { asc desc }
enum Aggregation_interval { hour day }
enum Aggregation_current { exclude include }
enum _SubgraphErrorPolicy_ { allow deny }
input Block_height { hash: Bytes number: Int number_gte: Int }
type _Block_ { hash: Bytes number: Int! timestamp: Int parentHash: Bytes }
type _Meta_ { block: _Block_! deployment: String! hasIndexingErrors: Boolean! }
`;

const ORDERED = ["", "not", "gt", "lt", "gte", "lte", "in", "not_in"];
const TEXT = ["contains", "contains_nocase", "starts_with", "starts_with_nocase", "ends_with", "ends_with_nocase"];
const CHOICE = ["", "not", "in", "not_in"];

/** The names of the two root fields of an entity, or of the second alone of an aggregation. */
export function rootFieldsOf(type: string): { readonly one: string; readonly many: string } {
  const one = type.charAt(0).toLowerCase() + type.slice(1);
  const many = pluralOf(one);
  return { one, many: many === one ? `${one}_collection` : many };
}

/** The API that a Graph node derives from a subgraph's schema: fields, filters and orders. */
export function apiSchemaOf(schema: SubgraphSchema): GraphQLSchema {
  const types = [...schema.entities.values()].flatMap(({ name, fields }) => {
    return [typeOf(schema, name, fields), filterOf(schema, name, fields), orderOf(schema, name, fields)];
  });
  const aggregations = [...schema.aggregations.values()].flatMap(({ name, fields, dimensions }) => {
    const filtered = new Map([...fields].filter(([key]) => ["id", "timestamp", ...dimensions].includes(key)));
    return [typeOf(schema, name, fields), filterOf(schema, name, filtered), orderOf(schema, name, fields)];
  });
  const enums = [...schema.enums].map(([name, values]) => `enum ${name} { ${values.join(" ")} }`);
  const common = "block: Block_height, subgraphError: _SubgraphErrorPolicy_! = deny";
  const roots = [...schema.entities.keys()].map((name) => {
    const { one, many } = rootFieldsOf(name);
    return `${one}(id: ID!, ${common}): ${name}\n${many}(${listArguments(name)}, ${common}): [${name}!]!`;
  });
  const buckets = [...schema.aggregations.keys()].map((name) => {
    const own = "interval: Aggregation_interval!, current: Aggregation_current";
    return `${rootFieldsOf(name).many}(${listArguments(name)}, ${own}, ${common}): [${name}!]!`;
  });
  const query = `type Query { ${[...roots, ...buckets].join("\n")} _meta(block: Block_height): _Meta_ }`;
  return buildSchema([BUILT_IN, ...enums, ...types, ...aggregations, query].join("\n"));
}

function listArguments(type: string): string {
  const range = "skip: Int = 0, first: Int = 100";
  return `${range}, orderBy: ${type}_orderBy, orderDirection: OrderDirection, where: ${type}_filter`;
}

function typeOf(schema: SubgraphSchema, name: string, fields: ReadonlyMap<string, Field>): string {
  const lines = [...fields.values()].map((field) => {
    const inner = field.isList ? `[${field.type}!]` : field.type;
    const isCollection = field.isList && field.reference !== undefined && schema.entities.has(field.reference);
    return `${field.name}${isCollection ? `(${listArguments(field.type)})` : ""}: ${inner}${field.isRequired ? "!" : ""}`;
  });
  return `type ${name} { ${lines.join("\n")} }`;
}

function filterOf(schema: SubgraphSchema, name: string, fields: ReadonlyMap<string, Field>): string {
  const lines = [...fields.values()].flatMap((field) => [...columnFilters(field), ...childFilters(schema, field)]);
  return `input ${name}_filter { ${lines.join("\n")} and: [${name}_filter] or: [${name}_filter] }`;
}

function columnFilters(field: Field): string[] {
  if (field.derivedFrom !== undefined) return [];
  const type = field.reference ? (field.kind === "Int8" ? "Int" : "String") : field.type;
  if (field.isList) return ["", "not", "contains", "not_contains"].map((op) => `${named(field, op)}: [${type}!]`);
  return operatorsOf(field, type).map((op) => `${named(field, op)}: ${op.endsWith("in") ? `[${type}!]` : type}`);
}

function operatorsOf(field: Field, type: string): readonly string[] {
  if (field.values || type === "Boolean") return CHOICE;
  if (type === "String") return [...ORDERED, ...TEXT.flatMap((op) => [op, `not_${op}`])];
  return type === "Bytes" ? [...ORDERED, "contains", "not_contains"] : ORDERED;
}

function childFilters(schema: SubgraphSchema, field: Field): string[] {
  return field.reference && schema.entities.has(field.reference) ? [`${field.name}_: ${field.reference}_filter`] : [];
}

function named(field: Field, operator: string): string {
  return operator === "" ? field.name : `${field.name}_${operator}`;
}

function orderOf(schema: SubgraphSchema, name: string, fields: ReadonlyMap<string, Field>): string {
  const values = [...fields.values()].flatMap((field) => {
    const children =
      field.reference && !field.isList ? schema.entities.get(field.reference)?.fields.values() : undefined;
    const sortable = [...(children ?? [])].filter((child) => !child.isList && child.reference === undefined);
    return [field.name, ...sortable.map((child) => `${field.name}__${child.name}`)];
  });
  return `enum ${name}_orderBy { ${values.join(" ")} }`;
}

/** As far as names of types need English. */
function pluralOf(word: string): string {
  if (/s$/.test(word)) return word.replace(/(x|ch|ss|sh)$/, "$1es");
  if (/(x|ch|sh)$/.test(word)) return `${word}es`;
  return /([^aeiou]|qu)y$/.test(word) ? word.replace(/y$/, "ies") : `${word}s`;
}
