/** Remembers ids. */
export interface SeenIds {
  /** Never false for an id that was added. */
  has(id: string): boolean;
  add(id: string): void;
}

const HASHES = 6;

/** So many ids take less memory than the filter, and a set's few pages less time than the filter's, which are all touched. */
const MOST_EXACT = 65_536;

/**
 * Ids in constant memory: exactly up to 65,536 of them, then by a Bloom filter of 32 MiB. Of more, `has` is sometimes true for an id that was not added, with a chance of 1e-10
 * after a million ids, 6e-5 after ten million.
 */
export class ProbablySeenIds implements SeenIds {
  readonly #exact = new Set<string>();
  #seen: SeenIds = this.#exact;

  has(id: string): boolean {
    return this.#seen.has(id);
  }

  add(id: string): void {
    this.#seen.add(id);
    if (this.#seen !== this.#exact || this.#exact.size <= MOST_EXACT) return;
    this.#seen = new BloomFilter();
    for (const one of this.#exact) this.#seen.add(one);
    this.#exact.clear();
  }
}

/** Hashing is double hashing (Kirsch and Mitzenmacher 2006) over two FNV-1a sums. */
class BloomFilter implements SeenIds {
  readonly #bits = new Uint32Array(1 << 23);
  #first = 0;
  #second = 0;

  has(id: string): boolean {
    this.#hash(id);
    for (let i = 0, at = this.#first; i < HASHES; i++, at = (at + this.#second) | 0) {
      if ((this.#bits[at >>> 9]! & (1 << (at & 31))) === 0) return false;
    }
    return true;
  }

  add(id: string): void {
    this.#hash(id);
    for (let i = 0, at = this.#first; i < HASHES; i++, at = (at + this.#second) | 0) {
      this.#bits[at >>> 9]! |= 1 << (at & 31);
    }
  }

  #hash(id: string): void {
    let a = 0x811c9dc5;
    let b = 0x01000193;
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x5bd1e995);
    }
    this.#first = mix(a);
    this.#second = mix(b) | 1;
  }
}

/** The finaliser of MurmurHash3: ids that differ in their last character differ in half of the bits. */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
