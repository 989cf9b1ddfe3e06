import { benchmarkName } from '../../datasets/benchmark-name.ts';
import { differences } from '../check-comparable.ts';
import { groupBy } from '../group-by.ts';
import type { Run } from '../find-runs.ts';
import type { Findings } from './findings.ts';

/** Runs that would stand in one table answered the same questions, in the same words, with the same weights and program, and ask for one scorer. */
export function sameWithinTable(runs: readonly Run[], findings: Findings): void {
  findings.look('runs', runs.length);
  const tables = groupBy(runs, ({ manifest: { benchmark } }) => `${benchmarkName(benchmark)} (${benchmark.split})`);
  findings.look('tables', tables.size);
  findings.fail(differences(runs));
  for (const [table, members] of tables) {
    const presets = [...new Set(members.map(({ manifest }) => manifest.preset))].sort();
    if (presets.length > 1)
      findings.fail(`benchmark ${table}: the runs ask for different scorers (metric presets ${presets.join(', ')})`);
  }
}
