// SPDX-License-Identifier: MIT
// Named regions of interest with the ids clients know them by.

export class RegionList<Region> {
  readonly #ids = new Map<string, number>();
  readonly #regions = new Map<number, Region>();
  #next = 0;

  /** The id of each name, which keeps it until everything is cleared. */
  add(names: readonly string[]): Int32Array {
    return Int32Array.from(names, (name) => {
      const known = this.#ids.get(name);
      if (known !== undefined) return known;
      this.#ids.set(name, this.#next);
      return this.#next++;
    });
  }

  set(id: number, region: Region): void {
    if (![...this.#ids.values()].includes(id))
      throw new Error(`No roi with id ${id}: should call add method before setRoi`);
    this.#regions.set(id, region);
  }

  /** @throws Error naming what there is. */
  get(name: string): { readonly id: number; readonly region: Region } {
    const id = this.#ids.get(name);
    const region = id === undefined ? undefined : this.#regions.get(id);
    if (id === undefined || region === undefined)
      throw new Error(`No roi "${name}"; there are: ${this.names.join(", ") || "none"}`);
    return { id, region };
  }

  remove(names: readonly string[]): void {
    for (const name of names) {
      this.#regions.delete(this.get(name).id);
      this.#ids.delete(name);
    }
  }

  clear(): void {
    this.#ids.clear();
    this.#regions.clear();
    this.#next = 0;
  }

  get names(): string[] {
    return [...this.#ids.keys()];
  }
  get size(): number {
    return this.#ids.size;
  }
  /** With their ids, in order of them. */
  get all(): { readonly ids: readonly number[]; readonly regions: readonly Region[] } {
    const entries = [...this.#regions].sort(([a], [b]) => a - b);
    return { ids: entries.map(([id]) => id), regions: entries.map(([, region]) => region) };
  }
  find(id: number): Region | undefined {
    return this.#regions.get(id);
  }
}

/** `values` cut into pieces of `size`. @throws Error saying what one piece is. */
export function tuples(values: ArrayLike<number>, size: number, piece: string): number[][] {
  if (values.length === 0 || values.length % size !== 0)
    throw new Error(`${size} values a roi are wanted (${piece}); ${values.length} given`);
  return Array.from({ length: values.length / size }, (_, i) =>
    Array.from({ length: size }, (_, k) => values[i * size + k] ?? 0),
  );
}
