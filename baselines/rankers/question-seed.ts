import { sha256 } from '../../harness/files/sha256.ts';

/** A seed of 32 bits for what is drawn for one question, whatever else is asked. */
export function questionSeed(id: string, seed: number): number {
  return parseInt(sha256(JSON.stringify([seed, id])).slice(0, 8), 16) | 0;
}
