import { createHash } from 'node:crypto';

/** Room at the beginning; doubled whenever half full. A power of two. */
const FIRST_ROOM = 1 << 12;

/**
 * Finds repeated ids among tens of millions in 12 bytes a slot: it keeps 64 bits of each id's SHA-256 instead of the id
 * (two different ids among 10 million are taken for equal with a probability of 3 in a million).
 */
export class IdSet {
  #high = new Uint32Array(FIRST_ROOM);
  #low = new Uint32Array(FIRST_ROOM);
  /** 0 where the slot is free. */
  #row = new Uint32Array(FIRST_ROOM);
  #size = 0;

  /** Adds the id of the next row. Returns the number (from 1) of the row that had it before, or undefined where it is new. */
  add(id: string): number | undefined {
    const digest = createHash('sha256').update(id).digest();
    if (2 * (this.#size + 1) > this.#row.length) this.#grow();
    const high = digest.readUInt32LE(0);
    const low = digest.readUInt32LE(4);
    const slot = this.#slot(high, low);
    if (this.#row[slot]) return this.#row[slot];
    this.#put(slot, high, low, ++this.#size);
    return undefined;
  }

  #slot(high: number, low: number): number {
    const mask = this.#row.length - 1;
    let slot = low & mask;
    while (this.#row[slot] && (this.#high[slot] !== high || this.#low[slot] !== low)) slot = (slot + 1) & mask;
    return slot;
  }

  #put(slot: number, high: number, low: number, row: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#row[slot] = row;
  }

  #grow(): void {
    const [high, low, row] = [this.#high, this.#low, this.#row];
    this.#high = new Uint32Array(2 * row.length);
    this.#low = new Uint32Array(2 * row.length);
    this.#row = new Uint32Array(2 * row.length);
    row.forEach((value, at) => {
      if (value) this.#put(this.#slot(high[at]!, low[at]!), high[at]!, low[at]!, value);
    });
  }
}
