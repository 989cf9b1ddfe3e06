import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { drawBinomial } from './draw-binomial.ts';
import { signFlipBound } from './sign-flip-bound.ts';
import { BINOMIAL_COST, DRAWS, type DrawOptions } from './resample-totals.ts';

/** Shares of the sum of all sizes under which two sums count as equal: they are rounded in different orders. */
const TOLERANCE = 1e-12;

/**
 * Two-sided p of a mean of paired differences, one a question, by a permutation test: were the two systems alike, every difference could as well have the other sign
 * (Fisher 1935). Exact, over all signs, where there are at most `draws` of them; otherwise (h + 1) / (draws + 1) for h drawn assignments as extreme as the one seen,
 * or where there is none what the exact p is at most (`signFlipBound`), if that is less: draws alone could not show anything in a family of hundreds of comparisons.
 * 1 where no difference is other than 0.
 */
export function signFlipTest(differences: ArrayLike<number>, { draws = DRAWS, seed = 0 }: DrawOptions = {}): number {
  const given = Float64Array.from(differences);
  const sizes = given.map(Math.abs).filter((size) => size !== 0);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const seen = Math.abs(given.reduce((sum, value) => sum + value, 0));
  const limit = seen - TOLERANCE * all;
  const isExtreme = (positive: number): boolean => Math.abs(2 * positive - all) >= limit;
  if (2 ** sizes.length <= draws) return exact(sizes, isExtreme);
  const positive = drawPositive(sizes, seed);
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) if (isExtreme(positive())) extreme++;
  const drawn = (extreme + 1) / (draws + 1);
  return extreme === 0 ? Math.min(drawn, signFlipBound(given)) : drawn;
}

function exact(sizes: Float64Array, isExtreme: (positive: number) => boolean): number {
  const all = 2 ** sizes.length;
  let extreme = 0;
  for (let signs = 0; signs < all; signs++) {
    let positive = 0;
    for (let at = 0; at < sizes.length; at++) if ((signs >>> at) & 1) positive += sizes[at]!;
    if (isExtreme(positive)) extreme++;
  }
  return extreme / all;
}

/** Draws the sum of the differences that come out positive: of those with one size, how many do; of many sizes, one bit for each. */
function drawPositive(sizes: Float64Array, seed: number): () => number {
  const random = xoroshiro128plus(seed);
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  if (counts.size * BINOMIAL_COST < sizes.length) {
    const different = [...counts];
    return () => different.reduce((sum, [size, count]) => sum + size * drawBinomial(random, count, 0.5), 0);
  }
  return () => {
    let [sum, bits] = [0, 0];
    for (let at = 0; at < sizes.length; at++) {
      bits = at % 32 === 0 ? random.next() : bits >>> 1;
      sum += sizes[at]! * (bits & 1);
    }
    return sum;
  };
}
