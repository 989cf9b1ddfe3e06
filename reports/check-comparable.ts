import path from 'node:path';
import { benchmarkName } from '../datasets/benchmark-name.ts';
import { InputError } from '../harness/errors.ts';
import { canonicalJson } from '../harness/suite/canonical-json.ts';
import type { Run } from './find-runs.ts';
import { groupBy } from './group-by.ts';

/** Something that must be the same in all runs that stand side by side. */
interface Rule {
  readonly of: 'questions' | 'weights' | 'program' | 'prompt' | 'training';
  /** Runs with the same value must agree. */
  readonly within: (run: Run) => string;
  readonly value: (run: Run) => string;
  /** What is said where they do not. */
  readonly problem: (within: string, run: Run) => string;
}

const WAY_OUT =
  'give the folders of one of them, name its suite with --suite, or show them under a warning with --allow-mixed';
const UNKNOWN = '';

const rules: readonly Rule[] = [
  {
    of: 'questions',
    within: ({ manifest: { benchmark } }) => `benchmark ${benchmarkName(benchmark)} (${benchmark.split})`,
    value: ({ manifest: { examples } }) => `examples ${short(examples.sha256)} (${examples.count} questions)`,
    problem: (benchmark) => `${benchmark}: the runs answered different questions`,
  },
  {
    of: 'weights',
    within: ({ manifest: { model } }) => (model ? `model ${model.id}` : ''),
    value: ({ manifest: { model } }) => (model ? `hash ${short(model.hash)}` : ''),
    problem: (model) => `${model}: the runs were made with different weights`,
  },
  {
    of: 'program',
    within: ({ manifest: { system } }) => `system ${system.id}`,
    value: ({ manifest: { system } }) => (system.module ? `module ${short(system.module.sha256)}` : 'built in'),
    problem: (system) => `${system}: the runs were made with different programs`,
  },
  {
    of: 'prompt',
    within: ({ manifest: { benchmark } }) => `benchmark ${benchmarkName(benchmark)} (${benchmark.split})`,
    value: ({ manifest: { prompt } }) => (prompt === undefined ? UNKNOWN : `prompt ${short(prompt)}`),
    problem: (benchmark) => `${benchmark}: the runs were asked in different words`,
  },
  {
    of: 'training',
    within: ({ manifest: { system, settings, model, seed } }) =>
      `system ${system.id} with ${canonicalJson({ settings, model: model?.hash ?? null, seed })}`,
    value: ({ manifest: { trained } }) => (trained === null ? UNKNOWN : `training ${short(trained)}`),
    problem: (_, { manifest: { system, ratio, seed } }) =>
      `system ${system.id}${ratio === null ? '' : ` ${ratio}×`}, seed ${seed}: runs of the same settings have weights of different trainings`,
  },
];

/** Hashes in messages: enough to tell them apart. */
function short(hash: string): string {
  return hash.slice(0, 12);
}

/**
 * Why numbers of these runs must not stand side by side, each with the folders on each side: other questions under one benchmark's name, other words or weights or another
 * program under one name. Different models are no problem: each row names its own. None for runs that can be compared.
 *
 * @param of only differences of these kinds; all unless said otherwise
 */
export function differences(runs: readonly Run[], of: readonly Rule['of'][] = rules.map((rule) => rule.of)): string[] {
  const chosen = rules.filter((rule) => of.includes(rule.of));
  return chosen.flatMap(({ within, value, problem }) =>
    [...groupBy(runs, within)].flatMap(([name, group]) => {
      const sides = groupBy(group, value);
      // What is not known of a run, since it is from before it was noted, speaks against nothing.
      sides.delete(UNKNOWN);
      if (sides.size < 2) return [];
      const listed = [...sides].map(
        ([side, members]) => `  ${side}: ${members.map(({ folder }) => path.basename(folder)).join(', ')}`,
      );
      return [[problem(name, group[0]!), ...listed].join('\n')];
    }),
  );
}

/** Refuses runs whose numbers must not stand side by side. @throws InputError with everything that differs (see `differences`). */
export function checkComparable(runs: readonly Run[]): void {
  const problems = differences(runs);
  if (problems.length > 0) throw new InputError([...problems, WAY_OUT]);
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
