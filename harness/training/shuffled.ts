import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The numbers from 0 to below `count` in an order drawn by the seed (Fisher and Yates). */
export function shuffled(count: number, seed: number): number[] {
  const random = xoroshiro128plus(seed);
  const places = Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const drawn = uniformInt(random, 0, last);
    [places[last], places[drawn]] = [places[drawn]!, places[last]!];
  }
  return places;
}
