/** A seed of 32 bits for one part of a seeded work (an epoch, a micro-batch): it depends on all the numbers, in their order (MurmurHash3, 32 bits). */
export function deriveSeed(...numbers: readonly number[]): number {
  let hash = 0;
  for (const number of numbers) {
    const mixed = Math.imul(number, 0xcc9e2d51);
    hash ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= 4 * numbers.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
