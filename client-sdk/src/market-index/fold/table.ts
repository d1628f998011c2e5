/**
 * Rows by key, in the order in which they came. A table may lie over another one: it then shows the other's rows and keeps what is changed to
 * itself, so that the other can be had back by dropping this one. Rows are never taken out.
 */
export class Table<Key, Row extends object> {
  readonly #below: Table<Key, Row> | undefined;
  readonly #rows = new Map<Key, Row>();
  /** Those that the table below has not. */
  readonly #added: Key[] = [];

  constructor(below?: Table<Key, Row>) {
    this.#below = below;
  }

  get size(): number {
    return this.#added.length + (this.#below?.size ?? 0);
  }

  get(key: Key): Readonly<Row> | undefined {
    return this.#rows.get(key) ?? this.#below?.get(key);
  }

  /** A row to be changed in place; lists in it are replaced, never changed. Nothing where there is none. */
  edit(key: Key): Row | undefined {
    const own = this.#rows.get(key);
    const below = own === undefined ? this.#below?.get(key) : undefined;
    if (below === undefined) {
      return own;
    }
    const copy = { ...below };
    this.#rows.set(key, copy);
    return copy;
  }

  /** As `edit`; a row that is not there is made. */
  editOr(key: Key, make: () => Row): Row {
    return this.edit(key) ?? this.#add(key, make());
  }

  *values(): Generator<Readonly<Row>> {
    for (const [, row] of this.entries()) {
      yield row;
    }
  }

  /** The rows, latest first. */
  *latest(): Generator<Readonly<Row>> {
    for (const [, row] of this.latestEntries()) {
      yield row;
    }
  }

  *entries(): Generator<[Key, Readonly<Row>]> {
    for (const [key, row] of this.#below?.entries() ?? []) {
      yield [key, this.#rows.get(key) ?? row];
    }
    for (const key of this.#added) {
      yield [key, this.#rows.get(key) as Row];
    }
  }

  *latestEntries(): Generator<[Key, Readonly<Row>]> {
    for (let index = this.#added.length - 1; index >= 0; index -= 1) {
      const key = this.#added[index] as Key;
      yield [key, this.#rows.get(key) as Row];
    }
    for (const [key, row] of this.#below?.latestEntries() ?? []) {
      yield [key, this.#rows.get(key) ?? row];
    }
  }

  #add(key: Key, row: Row): Row {
    this.#rows.set(key, row);
    this.#added.push(key);
    return row;
  }
}
