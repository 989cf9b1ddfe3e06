import { canonicalJson } from '../harness/suite/canonical-json.ts';
import { configurationOf } from './configuration-of.ts';
import type { Run } from './find-runs.ts';
import { groupBy } from './group-by.ts';

/**
 * Runs that differ in nothing but their training seed, each group by seed: same questions, weights, program, settings and names. Runs of which two have the same seed as well
 * (they differ in something that no name shows) stay apart.
 */
export function seedGroups<R extends Run>(runs: readonly R[]): R[][] {
  return [...groupBy(runs, identity).values()].flatMap((group) => {
    const seeds = new Set(group.map(({ manifest }) => manifest.seed));
    if (seeds.size < group.length) return group.map((run) => [run]);
    return [[...group].sort((one, other) => one.manifest.seed - other.manifest.seed)];
  });
}

function identity({ manifest }: Run): string {
  const { examples, model, system } = manifest;
  return canonicalJson([
    configurationOf(manifest),
    examples.sha256,
    model?.hash ?? null,
    system.module?.sha256 ?? null,
  ]);
}
