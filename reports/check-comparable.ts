import path from 'node:path';
import { benchmarkName } from '../datasets/benchmark-name.ts';
import { InputError } from '../harness/errors.ts';
import type { Run } from './find-runs.ts';
import { groupBy } from './group-by.ts';

/** Something that must be the same in all runs that stand side by side. */
interface Rule {
  /** Runs with the same value must agree. */
  readonly within: (run: Run) => string;
  readonly value: (run: Run) => string;
  /** What is said where they do not. */
  readonly problem: (within: string) => string;
}

const WAY_OUT = 'give the folders of one of them, or name its suite with --suite';

const rules: readonly Rule[] = [
  {
    within: ({ manifest: { benchmark } }) => `benchmark ${benchmarkName(benchmark)} (${benchmark.split})`,
    value: ({ manifest: { examples } }) => `examples ${short(examples.sha256)} (${examples.count} questions)`,
    problem: (benchmark) => `${benchmark}: the runs answered different questions; ${WAY_OUT}`,
  },
  {
    within: ({ manifest: { model } }) => (model ? `model ${model.id}` : ''),
    value: ({ manifest: { model } }) => (model ? `hash ${short(model.hash)}` : ''),
    problem: (model) => `${model}: the runs were made with different weights; ${WAY_OUT}`,
  },
  {
    within: ({ manifest: { system } }) => `system ${system.id}`,
    value: ({ manifest: { system } }) => (system.module ? `module ${short(system.module.sha256)}` : 'built in'),
    problem: (system) => `${system}: the runs were made with different programs; ${WAY_OUT}`,
  },
];

/** Hashes in messages: enough to tell them apart. */
function short(hash: string): string {
  return hash.slice(0, 12);
}

/**
 * Refuses runs whose numbers must not stand side by side: other questions under one benchmark's name, other weights under one model's name,
 * another program under one system's name. Different models are no problem: each row names its own.
 *
 * @throws InputError with everything that differs and the folders on each side.
 */
export function checkComparable(runs: readonly Run[]): void {
  const problems = rules.flatMap(({ within, value, problem }) =>
    [...groupBy(runs, within)].flatMap(([name, group]) => {
      const sides = groupBy(group, value);
      if (sides.size < 2) return [];
      const listed = [...sides].map(
        ([side, members]) => `  ${side}: ${members.map(({ folder }) => path.basename(folder)).join(', ')}`,
      );
      return [[problem(name), ...listed].join('\n')];
    }),
  );
  if (problems.length > 0) throw new InputError(problems);
}

/** The preset that all runs ask for, or the given one. @throws InputError where they ask for different ones and none is given. */
export function commonPreset(runs: readonly Run[], given?: string): string {
  if (given !== undefined) return given;
  const asked = [...new Set(runs.map(({ manifest }) => manifest.preset))].sort();
  if (asked.length === 1) return asked[0]!;
  throw new InputError(
    `the runs ask for different metric presets (${asked.join(', ')}), whose numbers are not comparable; name one with --preset`,
  );
}
