import { InputError } from '../../harness/errors.ts';
import type { MetricUnit } from '../../harness/metrics/metric.ts';
import { findPreset } from '../../harness/metrics/presets.ts';
import { holm } from '../../harness/statistics/holm.ts';
import { commonPreset } from '../check-comparable.ts';
import type { Run } from '../find-runs.ts';
import { givesAnswers } from '../report-row.ts';
import { groupBy } from '../group-by.ts';
import { ownMetrics } from '../own-metrics.ts';
import { comparePairs, type PairsComparison } from './compare-pairs.ts';
import { findMetric } from './find-metric.ts';
import { findSide } from './find-side.ts';
import { type CellPair, fullLabel, matchCells } from './match-cells.ts';

/** What rows may be pooled by. */
export const GROUPINGS = ['benchmark', 'ratio', 'hops'] as const;

/** What to compare and how. */
export interface CompareOptions {
  /** Runs' folders, folders of runs, or selectors (find-side.ts). */
  readonly one: string;
  readonly other: string;
  /** Where selectors look. */
  readonly runs: string;
  /** Exact match unless said otherwise, or recall@1 where a side only ranks. */
  readonly metric?: string;
  readonly preset?: string;
  /** One row for each of these instead of for each pair of cells. */
  readonly by?: (typeof GROUPINGS)[number];
  readonly interval?: 'bca' | 'percentile';
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number, what: 'runs' | 'comparisons') => void;
}

/** One comparison of the family. */
export interface ComparisonRow extends PairsComparison {
  /** Corrected over all rows (Holm). */
  readonly correctedP: number;
}

/** All comparisons. */
export interface RunComparison {
  readonly one: string;
  readonly other: string;
  readonly metric: string;
  readonly unit: MetricUnit;
  /** Whether a larger value is the better one: of shares; of times, tokens and bytes the smaller is. */
  readonly higherIsBetter: boolean;
  readonly preset: string;
  readonly by: string;
  readonly interval: 'bca' | 'percentile';
  readonly rows: readonly ComparisonRow[];
  /** What is compared with nothing, and why: cells and seeds without a counterpart, pairs without a common answer. */
  readonly missing: readonly string[];
  /** What else the reader must know: failures, different models. */
  readonly notes: readonly string[];
}

/**
 * Compares runs question by question: by one metric, one row for each pair of matching cells, or pooled.
 *
 * @throws InputError where runs answered other questions, ask for other scorers, or do not match.
 */
export async function compareRuns(options: CompareOptions): Promise<RunComparison> {
  const { by, interval = 'bca', seed = 0, onProgress } = options;
  const sides = [await findSide(options.one, options.runs), await findSide(options.other, options.runs)] as const;
  const { pairs, unmatched } = matchCells(...sides);
  checkQuestions(pairs);
  const cells = [...new Set(pairs.flatMap(({ one, other }) => [one, other]))];
  const runs = cells.flatMap((cell) => cell.runs);
  const preset = commonPreset(runs, options.preset);
  const own = await ownMetrics(runs);
  const metric = findMetric(
    [...findPreset(preset).metrics, ...own],
    options.metric ?? (runs.every(givesAnswers) ? 'exact-match' : 'recall@1'),
  );

  const { rows: compared, empty } = await comparePairs(pairs, { by, interval, seed, onProgress, metric, preset, own });
  if (compared.length === 0) {
    throw new InputError(`${metric.id}: expected a question that it applies to and that both sides answered, got none`);
  }
  const corrected = holm(compared.map(({ p }) => p));
  return {
    one: options.one,
    other: options.other,
    metric: metric.id,
    unit: metric.unit,
    higherIsBetter: metric.unit === 'share',
    preset,
    by: by ?? 'run',
    interval,
    rows: compared.map((row, at) => ({ ...row, correctedP: corrected[at]! })),
    missing: [
      ...unmatched.map(({ side, label }) => `${label}: only ${side} has it`),
      ...empty.map(
        ({ one, other }) =>
          `${fullLabel(one)} and ${other.label}: there is no question that both answered and ${metric.id} applies to`,
      ),
    ],
    notes: notesOf(runs),
  };
}

/** Pairs are taken by question, so both must have answered the same ones. */
function checkQuestions(pairs: readonly CellPair[]): void {
  const problems = pairs.flatMap(({ one, other }) => {
    const sides = groupBy([...one.runs, ...other.runs], ({ manifest: { examples } }) => examples.sha256);
    if (sides.size < 2) return [];
    const listed = [...sides].map(
      ([hash, runs]) =>
        `  ${hash.slice(0, 12)} (${runs[0]!.manifest.examples.count} questions): ${runs.map(({ folder }) => folder).join(', ')}`,
    );
    return [
      [
        `${one.benchmark}: expected runs that answered the same questions to compare ${one.label} with ${other.label}, got different ones`,
        ...listed,
      ].join('\n'),
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

function notesOf(runs: readonly Run[]): string[] {
  const failed = runs.filter(({ manifest }) => manifest.counts.failures > 0);
  const models = groupBy(runs, ({ manifest: { model } }) => (model ? `${model.id} ${model.hash.slice(0, 12)}` : ''));
  models.delete('');
  return [
    ...failed.map(
      ({ folder, manifest: { counts } }) =>
        `${folder}: ${counts.failures} of ${counts.questions} questions failed; they are compared with nothing`,
    ),
    ...(models.size > 1
      ? [`the runs were made with different models or weights: ${[...models.keys()].join(', ')}`]
      : []),
  ];
}
