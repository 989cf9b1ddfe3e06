const SHOWN = 10;

/** Ids with one problem: how many there are, and the first ten. */
export class IdCount {
  count = 0;
  readonly #first: string[] = [];

  add(id: string): void {
    this.count++;
    if (this.#first.length < SHOWN) this.#first.push(id);
  }

  /** The problem as a text (`what` with its number), or none where there are no ids. */
  problem(what: string): string[] {
    if (this.count === 0) return [];
    const more = this.count > this.#first.length ? ', ...' : '';
    return [`${what}: ${this.count} (${this.#first.map((id) => JSON.stringify(id)).join(', ')}${more})`];
  }
}
