import { type ConstValueNode, type DirectiveNode, type FieldDefinitionNode, Kind, parse, type TypeNode } from "graphql";

/** What a column holds; references hold the id of what they refer to, enums their value as a string. */
export type ScalarKind = "String" | "Int" | "BigDecimal" | "Boolean" | "Bytes" | "BigInt" | "Int8" | "Timestamp";

export interface Field {
  readonly name: string;
  /** Name of the type in the schema, without list and non-null marks. */
  readonly type: string;
  readonly kind: ScalarKind;
  readonly isList: boolean;
  readonly isRequired: boolean;
  /** The entity that it refers to. */
  readonly reference?: string;
  /** The values of its enum. */
  readonly values?: readonly string[];
  /** The field of the referred entity that points back here; such a field is not stored. */
  readonly derivedFrom?: string;
}

export interface EntityType {
  readonly name: string;
  readonly isImmutable: boolean;
  readonly isTimeseries: boolean;
  readonly fields: ReadonlyMap<string, Field>;
}

export type Interval = "hour" | "day";
export type AggregateFunction = "sum" | "count" | "min" | "max" | "first" | "last";

export interface Aggregate {
  readonly name: string;
  readonly fn: AggregateFunction;
  /** The column of the timeseries; none for a count. */
  readonly arg?: string;
  readonly isCumulative: boolean;
}

export interface Aggregation {
  readonly name: string;
  readonly intervals: readonly Interval[];
  readonly source: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Names of the fields that tell its timeseries apart. */
  readonly dimensions: readonly string[];
  readonly aggregates: readonly Aggregate[];
}

/** A subgraph's schema.graphql, as far as subgraphs use GraphQL. */
export interface SubgraphSchema {
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly entities: ReadonlyMap<string, EntityType>;
  readonly aggregations: ReadonlyMap<string, Aggregation>;
}

const SCALARS: Readonly<Record<string, ScalarKind>> = {
  ID: "String",
  String: "String",
  Int: "Int",
  BigDecimal: "BigDecimal",
  Boolean: "Boolean",
  Bytes: "Bytes",
  BigInt: "BigInt",
  Int8: "Int8",
  Timestamp: "Timestamp",
};

/** Reads a schema; throws where it uses what this host does not know. */
export function parseSchema(text: string): SubgraphSchema {
  const enums = new Map<string, readonly string[]>();
  const entities = new Map<string, EntityType>();
  const aggregations = new Map<string, Aggregation>();
  const { definitions } = parse(text);
  const objects = definitions.filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION);
  for (const definition of definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION) {
      enums.set(
        definition.name.value,
        (definition.values ?? []).map(({ name }) => name.value),
      );
    }
  }
  const idKinds = new Map(
    objects.map(({ name, fields }) => {
      const id = fields?.find((field) => field.name.value === "id");
      return [name.value, id && SCALARS[namedType(id.type)]] as const;
    }),
  );
  for (const { name, directives = [], fields: nodes = [] } of objects) {
    const fields = new Map(nodes.map((node) => [node.name.value, fieldOf(node, enums, idKinds)]));
    const entity = directives.find((directive) => directive.name.value === "entity");
    const aggregation = directives.find((directive) => directive.name.value === "aggregation");
    if (entity) entities.set(name.value, entityOf(name.value, entity, fields));
    else if (aggregation) aggregations.set(name.value, aggregationOf(name.value, aggregation, fields, nodes));
    else if (name.value !== "_Schema_") throw new Error(`type ${name.value} is neither entity nor aggregation`);
  }
  return { enums, entities, aggregations };
}

function entityOf(name: string, directive: DirectiveNode, fields: ReadonlyMap<string, Field>): EntityType {
  const args = argumentsOf(directive);
  const isTimeseries = args.timeseries === true;
  return { name, isTimeseries, isImmutable: isTimeseries || args.immutable === true, fields };
}

function aggregationOf(
  name: string,
  directive: DirectiveNode,
  fields: ReadonlyMap<string, Field>,
  nodes: readonly FieldDefinitionNode[],
): Aggregation {
  const { intervals, source } = argumentsOf(directive);
  const aggregates = nodes.flatMap((node) => {
    const aggregate = node.directives?.find((one) => one.name.value === "aggregate");
    if (!aggregate) return [];
    const { fn, arg, cumulative } = argumentsOf(aggregate);
    const one: Aggregate = {
      name: node.name.value,
      fn: fn as AggregateFunction,
      ...(arg === undefined ? {} : { arg: arg as string }),
      isCumulative: cumulative === true,
    };
    return [one];
  });
  const computed = new Set(["id", "timestamp", ...aggregates.map((aggregate) => aggregate.name)]);
  const dimensions = [...fields.keys()].filter((field) => !computed.has(field));
  return { name, intervals: intervals as Interval[], source: source as string, fields, dimensions, aggregates };
}

function fieldOf(
  node: FieldDefinitionNode,
  enums: ReadonlyMap<string, readonly string[]>,
  idKinds: ReadonlyMap<string, ScalarKind | undefined>,
): Field {
  const type = namedType(node.type);
  const values = enums.get(type);
  const reference = idKinds.get(type);
  const kind = SCALARS[type] ?? reference ?? (values && "String");
  if (kind === undefined) throw new Error(`field ${node.name.value} has the unknown type ${type}`);
  const derived = node.directives?.find((directive) => directive.name.value === "derivedFrom");
  const required = node.type.kind === Kind.NON_NULL_TYPE;
  return {
    name: node.name.value,
    type,
    kind,
    isList: (node.type.kind === Kind.NON_NULL_TYPE ? node.type.type : node.type).kind === Kind.LIST_TYPE,
    isRequired: required,
    ...(reference && { reference: type }),
    ...(values && { values }),
    ...(derived && { derivedFrom: argumentsOf(derived).field as string }),
  };
}

function namedType(node: TypeNode): string {
  return node.kind === Kind.NAMED_TYPE ? node.name.value : namedType(node.type);
}

function argumentsOf(directive: DirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, constantOf(value as ConstValueNode)]),
  );
}

function constantOf(node: ConstValueNode): unknown {
  if (node.kind === Kind.LIST) return node.values.map(constantOf);
  if (node.kind === Kind.STRING || node.kind === Kind.BOOLEAN || node.kind === Kind.ENUM) return node.value;
  throw new Error(`a directive has an argument of kind ${node.kind}`);
}
