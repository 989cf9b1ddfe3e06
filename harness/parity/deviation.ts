/** One kind of golden value: the largest deviation from it, and how much is allowed. */
export interface Deviation {
  readonly name: string;
  readonly worst: number;
  readonly tolerance: number;
}

/** The largest deviation of each name, in the order in which the names came first. */
export class Deviations {
  readonly #worst = new Map<string, { worst: number; tolerance: number }>();

  /** Notes |got - expected| (or the greatest of the pairs; another length counts as infinitely far). Not-a-number counts as infinitely far too. */
  compare(
    name: string,
    got: number | ArrayLike<number>,
    expected: number | ArrayLike<number>,
    tolerance: number,
  ): void {
    if (typeof got === 'number' || typeof expected === 'number') {
      this.note(name, got === expected ? 0 : Math.abs((got as number) - (expected as number)), tolerance);
      return;
    }
    if (got.length !== expected.length) return this.note(name, Infinity, tolerance);
    for (let i = 0; i < got.length; i++) this.compare(name, got[i]!, expected[i]!, tolerance);
    if (got.length === 0) this.note(name, 0, tolerance);
  }

  /** Notes how many of the pairs differ, compared as JSON; the tolerance is 0. */
  same(name: string, got: unknown, expected: unknown): void {
    const before = this.#worst.get(name)?.worst ?? 0;
    this.#worst.set(name, { worst: before + Number(JSON.stringify(got) !== JSON.stringify(expected)), tolerance: 0 });
  }

  note(name: string, deviation: number, tolerance: number): void {
    const value = Number.isNaN(deviation) ? Infinity : deviation;
    const before = this.#worst.get(name);
    this.#worst.set(name, { worst: Math.max(value, before?.worst ?? 0), tolerance });
  }

  list(): Deviation[] {
    return [...this.#worst].map(([name, { worst, tolerance }]) => ({ name, worst, tolerance }));
  }
}
