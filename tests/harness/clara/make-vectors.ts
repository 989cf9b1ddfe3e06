import type { HashedVectors } from '../../../harness/clara/document-vectors.ts';
import { sha256 } from '../../../harness/files/sha256.ts';

export const COMPRESSOR = sha256('a compressor');
export const WIDTH = 6;

/** Vectors that a text decides, one to four of them. */
export function madeVectors(text: string): HashedVectors {
  const hash = sha256(text);
  const count = 1 + (Number.parseInt(hash[0]!, 16) % 4);
  const vectors = Float32Array.from({ length: count * WIDTH }, (_, i) => Number.parseInt(hash.slice(i, i + 6), 16) / 3);
  return { hash, vectors, count, tokens: text.length, truncated: 1, ms: 2.5 };
}
