import { GraphQLError } from "graphql";
import { bucketsOf } from "./aggregations.ts";
import type { Entity, StoreValue } from "./entities.ts";
import { compared, type Filter, passes, type Related } from "./filters.ts";
import type { IndexedBlock, SubgraphHost } from "./host.ts";
import type { Aggregation, Field, Interval } from "./schema.ts";

export interface ListArguments {
  readonly first?: number | null;
  readonly skip?: number | null;
  readonly orderBy?: string | null;
  readonly orderDirection?: "asc" | "desc" | null;
  readonly where?: Filter | null;
}

export interface BucketArguments extends ListArguments {
  readonly interval: Interval;
  readonly current?: "exclude" | "include" | null;
}

export interface BlockArgument {
  readonly number?: number;
  readonly number_gte?: number;
  readonly hash?: string;
}

const MAX_FIRST = 1_000;
const MAX_SKIP = 5_000;

/** What one request sees: the subgraph as it was after one block. */
export class View implements Related {
  readonly #host: SubgraphHost;
  readonly #lists = new Map<string, readonly Entity[]>();
  readonly #referring = new Map<string, Map<StoreValue, Entity[]>>();
  readonly block: IndexedBlock;
  /** Whether it was asked for by its number. */
  readonly isPast: boolean;

  constructor(host: SubgraphHost, block?: BlockArgument | null) {
    this.#host = host;
    const head = host.head;
    if (head === undefined) throw new GraphQLError("subgraph has not indexed any block yet");
    const asked = block?.number ?? block?.number_gte;
    if (asked !== undefined && asked > head.number) {
      throw new GraphQLError(
        `Failed to decode \`block.number\` value: \`subgraph has only indexed up to block number ${head.number} ` +
          `and data for block number ${asked} is therefore not yet available\``,
      );
    }
    this.isPast = block?.number !== undefined;
    const found = block?.hash === undefined ? host.blockAt(block?.number ?? head.number) : host.blockOf(block.hash);
    if (found === undefined)
      throw new GraphQLError("Failed to decode `block.hash` value: `no block with that hash found`");
    this.block = block?.number === undefined ? found : { ...found, number: block.number };
  }

  fieldsOf(type: string): ReadonlyMap<string, Field> {
    const { entities, aggregations } = this.#host.subgraph.schema;
    return (entities.get(type) ?? aggregations.get(type))?.fields ?? new Map();
  }

  one(type: string, id: string): Entity | undefined {
    return this.#host.store.get(type, id.toLowerCase(), this.block.number);
  }

  list(type: string, args: ListArguments): Entity[] {
    return this.#page(type, this.#all(type), args, "id");
  }

  related(entity: Entity, field: Field): readonly Entity[] {
    if (field.reference === undefined) throw new GraphQLError(`${field.name} refers to nothing`);
    if (field.derivedFrom !== undefined)
      return this.#referringTo(field.reference, field.derivedFrom, entity.id ?? null);
    const ids = [entity[field.name] ?? []].flat() as readonly StoreValue[];
    return ids.map((id) => this.one(field.reference as string, `${id}`)).filter((one) => one !== undefined);
  }

  relatedList(entity: Entity, field: Field, args: ListArguments): Entity[] {
    return this.#page(field.type, this.related(entity, field), args, "id");
  }

  buckets(aggregation: Aggregation, { where, ...args }: BucketArguments): Entity[] {
    const { interval, current } = args;
    const { number: block, timestamp: now } = this.block;
    const fields = this.fieldsOf(aggregation.name);
    const chosen = (one: Entity) => passes(one, fields, where ?? {}, this);
    const at = { interval, now, block, current: current ?? "exclude", chosen };
    const { subgraph, store } = this.#host;
    return this.#page(aggregation.name, bucketsOf(subgraph.schema, store, aggregation, at), args, "timestamp");
  }

  #all(type: string): readonly Entity[] {
    const known = this.#lists.get(type) ?? this.#host.store.all(type, this.block.number);
    this.#lists.set(type, known);
    return known;
  }

  #referringTo(type: string, fieldName: string, id: StoreValue): readonly Entity[] {
    const key = `${type}.${fieldName}`;
    let byId = this.#referring.get(key);
    if (byId === undefined) {
      byId = Map.groupBy(this.#all(type), (entity) => entity[fieldName] ?? null);
      this.#referring.set(key, byId);
    }
    return byId.get(id) ?? [];
  }

  #page(type: string, entities: readonly Entity[], args: ListArguments, natural: "id" | "timestamp"): Entity[] {
    const first = args.first ?? 100;
    const skip = args.skip ?? 0;
    if (first < 1 || first > MAX_FIRST) throw outOfRange("first", MAX_FIRST, first);
    if (skip < 0 || skip > MAX_SKIP) throw outOfRange("skip", MAX_SKIP, skip);
    const fields = this.fieldsOf(type);
    const where = args.where ?? {};
    const chosen = entities.filter((entity) => passes(entity, fields, where, this));
    const direction = args.orderDirection ?? (natural === "timestamp" && !args.orderBy ? "desc" : "asc");
    const sorted = chosen.sort(this.#order(fields, args.orderBy ?? natural));
    return (direction === "desc" ? sorted.reverse() : sorted).slice(skip, skip + first);
  }

  /** By a field, its own or of what it refers to; ties by id. */
  #order(fields: ReadonlyMap<string, Field>, by: string): (a: Entity, b: Entity) => number {
    const [name = "", childName] = by.split("__");
    const field = fields.get(name) as Field;
    const child = childName === undefined ? undefined : this.fieldsOf(field.type).get(childName);
    const sortKey = (entity: Entity): StoreValue => {
      return (child ? this.related(entity, field)[0]?.[child.name] : entity[field.name]) ?? null;
    };
    const id = fields.get("id") as Field;
    return (a, b) => compared(sortKey(a), sortKey(b), child ?? field) || compared(a.id ?? null, b.id ?? null, id);
  }
}

function outOfRange(name: string, most: number, given: number): GraphQLError {
  const least = name === "first" ? 1 : 0;
  return new GraphQLError(
    `The value of the \`${name}\` argument must be between ${least} and ${most}, but is ${given}`,
  );
}
