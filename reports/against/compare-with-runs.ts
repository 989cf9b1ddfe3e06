import { InputError } from '../../harness/errors.ts';
import type { Metric } from '../../harness/metrics/metric.ts';
import { holm } from '../../harness/statistics/holm.ts';
import { differences } from '../check-comparable.ts';
import { comparePairs, type PairsComparison } from '../compare/compare-pairs.ts';
import { type CellPair, matchCells, type Unmatched } from '../compare/match-cells.ts';
import type { Run } from '../find-runs.ts';
import { givesAnswers } from '../report-row.ts';

/** A cell of the report with the same cell of the other runs, by one metric. */
export interface RunsComparison extends PairsComparison {
  readonly cells: CellPair;
  readonly metric: Metric;
  /** Corrected over all comparisons with the other runs (Holm). */
  readonly correctedP: number;
}

/** A report beside other runs. */
export interface RunsMatch {
  readonly comparisons: readonly RunsComparison[];
  /** Cells and seeds that one side alone has: A is the report. */
  readonly unmatched: readonly Unmatched[];
  /** Pairs of cells. */
  readonly pairs: number;
  /** Of those, the ones that gave the same answers to the same questions, byte for byte: nothing is left to be tested. */
  readonly same: readonly string[];
  /** Cells whose weights differ under one model's name, or in their training. */
  readonly otherWeights: readonly string[];
  /** Why they must not stand side by side, where it was asked for all the same. */
  readonly mixed: readonly string[];
  readonly others: readonly Run[];
}

/** The sides of a comparison and how they are scored. */
export interface CompareWithRunsOptions {
  readonly runs: readonly Run[];
  readonly others: readonly Run[];
  readonly preset: string;
  /** Whether the preset was named by the user, so that it does not matter which one the other runs' suites ask for. */
  readonly isPresetGiven: boolean;
  readonly metrics: readonly Metric[];
  /** Users' own metrics among them. */
  readonly own: readonly Metric[];
  readonly allowMixed: boolean;
}

/** What cells are compared by: answers by the first two, rankings by the third. */
const METRICS = ['exact-match', 'f1', 'recall@1'];

/** What must be the same on both sides. Weights and trainings may differ: their difference is what is looked for. */
const SAME = ['questions', 'prompt'] as const;

/**
 * Compares each cell of a report (benchmark, system, settings, model) with the same cell of other runs, paired by question.
 *
 * @throws InputError where no cell has a counterpart, or where questions, prompts or scorers differ and mixing was not allowed.
 */
export async function compareWithRuns(options: CompareWithRunsOptions): Promise<RunsMatch> {
  const { runs, others, preset, metrics, own, allowMixed } = options;
  const { pairs, unmatched } = matchCells(
    { given: 'the report', runs, isWhole: true },
    { given: 'the other runs', runs: others, isWhole: true },
  );
  const mixed = mixedPairs(pairs, options);
  if (mixed.length > 0 && !allowMixed) {
    throw new InputError([
      ...mixed,
      'take runs of the same questions and prompts, or show them under a warning with --allow-mixed',
    ]);
  }
  const compared: Omit<RunsComparison, 'correctedP'>[] = [];
  for (const cells of pairs.filter((cells) => !isSame(cells))) {
    for (const metric of METRICS.flatMap((id) => metrics.find((metric) => metric.id === id) ?? [])) {
      if (metric.id !== 'recall@1' && !cells.one.runs.every(givesAnswers)) continue;
      const { rows } = await comparePairs([cells], { metric, preset, own });
      compared.push(...rows.map((row) => ({ ...row, cells, metric })));
    }
  }
  const corrected = holm(compared.map(({ p }) => p));
  return {
    comparisons: compared.map((row, at) => ({ ...row, correctedP: corrected[at]! })),
    unmatched,
    pairs: pairs.length,
    same: pairs.filter(isSame).map(nameOf),
    otherWeights: pairs
      .filter(({ one, other }) => hashes(one.runs, weightsOf) !== hashes(other.runs, weightsOf))
      .map(nameOf),
    mixed,
    others: pairs.flatMap(({ other }) => other.runs),
  };
}

function mixedPairs(pairs: readonly CellPair[], { preset, isPresetGiven }: CompareWithRunsOptions): string[] {
  const problems = pairs.flatMap(({ one, other }) => differences([...one.runs, ...other.runs], SAME));
  const presets = new Set(pairs.flatMap(({ other }) => other.runs.map(({ manifest }) => manifest.preset)));
  presets.delete(preset);
  return [
    ...new Set(problems),
    ...(isPresetGiven || presets.size === 0
      ? []
      : [
          `scorer: the report has the metric preset ${preset}, the other runs ask for ${[...presets].sort().join(', ')}; name one for both with --preset`,
        ]),
  ];
}

function nameOf({ one }: CellPair): string {
  return `${one.label} on ${one.benchmark}`;
}

function isSame({ one, other }: CellPair): boolean {
  return hashes(one.runs, answersOf) === hashes(other.runs, answersOf);
}

function hashes(runs: readonly Run[], of: (run: Run) => string | null): string {
  return runs.map((run) => of(run) ?? '').join(' ');
}

function answersOf({ manifest }: Run): string {
  return `${manifest.examples.sha256} ${manifest.files.predictions}`;
}

function weightsOf({ manifest: { model, trained } }: Run): string {
  return `${model?.hash ?? ''} ${trained ?? ''}`;
}
