/** Marks of questions, one bit each, as a text in base64: bit n is bit n % 8 of byte n / 8. */
export function packBits(marked: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(marked.length / 8));
  marked.forEach((is, at) => {
    if (is) bytes[at >> 3]! |= 1 << (at & 7);
  });
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The marks of a text of `packBits`. */
export class Bits {
  readonly #bytes: string;

  constructor(packed: string) {
    this.#bytes = atob(packed);
  }

  has(at: number): boolean {
    return (this.#bytes.charCodeAt(at >> 3) & (1 << (at & 7))) !== 0;
  }
}
