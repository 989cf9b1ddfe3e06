import type { Run } from './find-runs.ts';
import { sameAnswers } from './same-answers.ts';

/** Two runs that are compared with each other, under the training seed that they count as. */
export interface SeedPair<R extends Run> {
  readonly seed: number;
  readonly one: R;
  readonly other: R;
}

/**
 * Which runs of two configurations are compared with each other: those of the same training seed. What does not depend on the seed, since it is not trained or since all its
 * seeds gave the same answers, is compared with each seed of the other, and once with its like, so that no question counts twice. None where no seed is common.
 */
export function pairSeeds<R extends Run>(ones: readonly R[], others: readonly R[]): SeedPair<R>[] {
  const [one, other] = [seedless(ones), seedless(others)];
  if (one && other) return [{ seed: one.manifest.seed, one, other }];
  if (one) return others.map((other) => ({ seed: other.manifest.seed, one, other }));
  if (other) return ones.map((one) => ({ seed: one.manifest.seed, one, other }));
  const bySeed = new Map(others.map((run) => [run.manifest.seed, run]));
  return ones.flatMap((one) => {
    const other = bySeed.get(one.manifest.seed);
    return other ? [{ seed: one.manifest.seed, one, other }] : [];
  });
}

/** The run that stands for all seeds of a configuration that does not depend on them; undefined where it does. */
export function seedless<R extends Run>(runs: readonly R[]): R | undefined {
  const [first] = runs;
  return sameAnswers(runs) || (runs.length === 1 && first!.manifest.trained === null) ? first : undefined;
}
