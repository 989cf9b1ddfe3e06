import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { ClusteredValues } from './clustered-values.ts';
import { DRAWS, type DrawOptions, resampleTotals } from './resample-totals.ts';

/**
 * Means of bootstrap samples (Efron 1979), in rising order. Questions are drawn with replacement, each with all of its values (the clustered bootstrap). With several
 * training seeds, these are drawn too, apart from the questions, and every drawn seed answers the drawn questions (the pigeonhole bootstrap of Owen 2007): questions
 * are the same for all seeds, so that drawing them anew for each would average their difficulty away. A sample without any value is left out.
 */
export function bootstrapMeans({ sums, sizes }: ClusteredValues, options: DrawOptions = {}): Float64Array {
  const { draws = DRAWS, seed = 0 } = options;
  const seeds = sums.length;
  const questions = sums[0]!.length;
  const size = sizes[0]![0]!;
  const isEven = sizes.every((column) => column.every((other) => other === size));
  const means = new Float64Array(draws);
  const drawnSeeds = new Float64Array(seeds).fill(1);
  // Another stream of random numbers than the questions'.
  const random = xoroshiro128plus(~seed);
  resampleTotals(isEven ? sums : [...sums, ...sizes], options, (totals, draw) => {
    if (seeds > 1) {
      drawnSeeds.fill(0);
      for (let i = 0; i < seeds; i++) drawnSeeds[uniformInt(random, 0, seeds - 1)]!++;
    }
    let [sum, count] = [0, 0];
    for (let at = 0; at < seeds; at++) {
      sum += drawnSeeds[at]! * totals[at]!;
      count += drawnSeeds[at]! * (isEven ? size * questions : totals[seeds + at]!);
    }
    means[draw] = sum / count;
  });
  // NaN comes last.
  means.sort();
  const empty = means.findIndex(Number.isNaN);
  return empty < 0 ? means : means.subarray(0, empty);
}
