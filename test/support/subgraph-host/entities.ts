import type { EntityType, Field, SubgraphSchema } from "./schema.ts";

/** A value of an entity; the schema says which kind of it: Bytes are lower-case hex, BigInt, Int8 and Timestamp bigints. */
export type StoreValue = string | number | bigint | boolean | null | readonly StoreValue[];

/** What is stored of an entity; fields that are null are left out. */
export type Entity = Readonly<Record<string, StoreValue>>;

/** A value as a mapping hands it over: with its kind. */
export interface TypedValue {
  readonly kind: string;
  readonly value: StoreValue;
  /** Of a list: the kinds of its elements. */
  readonly elements?: readonly string[];
}

interface Version {
  readonly block: number;
  /** None: removed in this block. */
  readonly data?: Entity;
}

/** What graph-node refuses to store. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** All versions of all entities, by the block in which each came about: so that blocks can be taken back, and old ones be asked. */
export class EntityStore {
  readonly #schema: SubgraphSchema;
  readonly #tables = new Map<string, Map<string, Version[]>>();
  /** What has changed since, newest block last. */
  readonly #touched: { block: number; type: string; id: string }[] = [];
  #sequence = { block: -1, next: 0 };

  constructor(schema: SubgraphSchema) {
    this.#schema = schema;
    for (const name of schema.entities.keys()) this.#tables.set(name, new Map());
  }

  /** An entity as it is now, or was after a block. */
  get(type: string, id: string, atBlock = Number.POSITIVE_INFINITY): Entity | undefined {
    const versions = this.#table(type).get(id) ?? [];
    return versions.findLast(({ block }) => block <= atBlock)?.data;
  }

  /** An entity, if it was changed in this block. */
  getInBlock(type: string, id: string, block: number): Entity | undefined {
    const last = this.#table(type).get(id)?.at(-1);
    return last?.block === block ? last.data : undefined;
  }

  /** All entities of a type, as they are now, or were after a block. */
  all(type: string, atBlock = Number.POSITIVE_INFINITY): Entity[] {
    const ids = [...this.#table(type).keys()];
    return ids.map((id) => this.get(type, id, atBlock)).filter((entity) => entity !== undefined);
  }

  /** Stores what a mapping saved: merged into what was there, checked as graph-node does. Throws {@link StoreError}. */
  set(type: string, id: string, data: Readonly<Record<string, TypedValue>>, at: { block: number; time: bigint }): void {
    const entityType = this.#entityType(type);
    const key = entityType.isTimeseries || id === "auto" ? this.#autoId(at.block) : id;
    const given: Record<string, TypedValue> = { ...data };
    if (key !== id) given.id = { kind: "Int8", value: BigInt(key) };
    if (entityType.isTimeseries) given.timestamp = { kind: "Timestamp", value: at.time * 1_000_000n };
    const last = this.#table(type).get(key)?.at(-1);
    if (entityType.isImmutable && last !== undefined && last.block !== at.block) {
      throw new StoreError(`${type}[${key}] is immutable and was stored in block ${last.block}`);
    }
    const merged: Record<string, StoreValue> = { ...last?.data };
    for (const [name, value] of Object.entries(given)) {
      const field = entityType.fields.get(name);
      if (!field) throw new StoreError(`${type} has no field ${name}`);
      if (value.value === null) delete merged[name];
      else merged[name] = checkedValue(type, field, value);
    }
    if (`${merged.id}` !== key) throw new StoreError(`${type}[${key}] has the id ${merged.id}`);
    for (const field of entityType.fields.values()) {
      const isMissing = field.isRequired && field.derivedFrom === undefined && merged[field.name] === undefined;
      if (isMissing) throw new StoreError(`${type}[${key}] lacks a value for ${field.name}`);
    }
    this.#write(type, key, { block: at.block, data: merged });
  }

  remove(type: string, id: string, block: number): void {
    if (this.#entityType(type).isImmutable && this.getInBlock(type, id, block) === undefined) {
      throw new StoreError(`${type}[${id}] is immutable and cannot be removed`);
    }
    if (this.get(type, id) !== undefined) this.#write(type, id, { block });
  }

  /** Takes back all that came about after a block. */
  revertTo(block: number): void {
    for (let last = this.#touched.at(-1); last && last.block > block; last = this.#touched.at(-1)) {
      const table = this.#table(last.type);
      const versions = table.get(last.id);
      if (versions?.at(-1)?.block === last.block) versions.pop();
      if (versions?.length === 0) table.delete(last.id);
      this.#touched.pop();
    }
    this.#sequence = { block: -1, next: 0 };
  }

  #write(type: string, id: string, version: Version): void {
    const table = this.#table(type);
    const versions = table.get(id) ?? [];
    if (versions.at(-1)?.block === version.block) versions.pop();
    else this.#touched.push({ block: version.block, type, id });
    versions.push(version);
    table.set(id, versions);
  }

  /** Ids of points grow with blocks and in them. */
  #autoId(block: number): string {
    if (this.#sequence.block !== block) this.#sequence = { block, next: 0 };
    return `${(BigInt(block) << 32n) | BigInt(this.#sequence.next++)}`;
  }

  #entityType(type: string): EntityType {
    const found = this.#schema.entities.get(type);
    if (!found) throw new StoreError(`there is no entity type ${type}`);
    return found;
  }

  #table(type: string): Map<string, Version[]> {
    const table = this.#tables.get(type);
    if (!table) throw new StoreError(`there is no entity type ${type}`);
    return table;
  }
}

function checkedValue(type: string, field: Field, { kind, value, elements }: TypedValue): StoreValue {
  const place = `${type}.${field.name}`;
  if (field.derivedFrom !== undefined) throw new StoreError(`${place} is derived and cannot be set`);
  if (field.isList !== (kind === "Array")) throw new StoreError(`${place} is given a ${kind}`);
  for (const one of field.isList ? (elements ?? []) : [kind]) {
    if (one !== field.kind) throw new StoreError(`${place} must be ${field.kind}, but is given a ${one}`);
  }
  for (const one of field.isList ? (value as readonly StoreValue[]) : [value]) {
    const isKnown = field.values === undefined || field.values.includes(one as string);
    if (!isKnown) throw new StoreError(`${place} must be a ${field.type}, but is given ${one}`);
  }
  return value;
}
