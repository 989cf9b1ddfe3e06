import { alignTable } from '../../harness/align-table.ts';
import type { MetricUnit } from '../../harness/metrics/metric.ts';
import { printable } from '../../harness/printable.ts';
import type { PairedComparison, SeedsMean } from '../../harness/statistics/compare-paired.ts';
import type { RunComparison } from './compare-runs.ts';

const TESTS: Record<PairedComparison['test'], string> = {
  'mcnemar-exact': 'McNemar’s exact test (under 25 discordant questions)',
  'mcnemar-chi-square': 'McNemar’s test (chi-square with continuity correction)',
  permutation:
    'permutation test (signs of the questions’ mean differences, 10,000 draws, or all where there are fewer)',
};

/** A comparison as text for a terminal: one row a comparison, then what the figures are. */
export function comparisonTable(comparison: RunComparison): string {
  const { one, other, metric, unit, higherIsBetter, preset, interval, rows, missing, notes } = comparison;
  const show = (value: number): string => format(value, unit);
  const severalSeeds = rows.some(({ seeds }) => seeds > 1);
  const discordant = rows.some((row) => row.discordant);
  const mean = ({ mean, deviation }: SeedsMean, text = show(mean)): string =>
    deviation === null ? text : `${text} ± ${show(deviation)}`;
  const head = [
    ...['', 'A', 'B', 'n'],
    ...(severalSeeds ? ['seeds'] : []),
    ...['A', 'B', 'A - B', '95 %', 'p', 'p (Holm)', 'd_z'],
    ...(discordant ? ['A:B only', 'odds'] : []),
    ...['detectable', 'needed'],
  ];
  const body = rows.map((row) => [
    ...[row.group, row.labels.one, row.labels.other, count(row.questions)],
    ...(severalSeeds ? [String(row.seeds)] : []),
    ...[mean(row.one), mean(row.other), mean(row.difference, signed(row.difference.mean, unit))],
    row.interval ? `${signed(row.interval.low, unit)} to ${signed(row.interval.high, unit)}` : '-',
    ...[probability(row.p), probability(row.correctedP)],
    row.cohensDz === null ? '-' : row.cohensDz.toFixed(2),
    ...(discordant ? [onlyRight(row), odds(row.discordant?.oddsRatio ?? null)] : []),
    row.minimumDetectable === null ? '-' : show(row.minimumDetectable),
    row.questionsNeeded === null ? '-' : count(row.questionsNeeded),
  ]);
  const tests = [...new Set(rows.map(({ test }) => TESTS[test]))];
  const lines = [
    `A: ${one}; B: ${other}; ${metric}, ${unit === 'share' ? '%' : unit}, preset ${preset}; ${higherIsBetter ? 'higher' : 'lower'} is better`,
    '',
    ...alignTable([head, ...body], [0, 1, 2]),
    '',
    `n: questions that both answered. 95 %: ${interval === 'bca' && !severalSeeds ? 'BCa' : 'percentile'} bootstrap over questions${severalSeeds ? ' and seeds' : ''}, 10,000 draws. p: ${tests.join('; ')}${severalSeeds ? ', given these seeds' : ''}.`,
    ...(severalSeeds ? ['±: standard deviation over training seeds.'] : []),
    `p (Holm): corrected for ${rows.length} comparison${rows.length === 1 ? '' : 's'}. d_z: mean difference in its standard deviations.${discordant ? ' A:B only: questions that only one has right; odds: their ratio.' : ''}`,
    'detectable: the smallest difference that so many questions show with a power of 80 %. needed: questions that would show the difference seen with that power.',
    ...missing.map((text) => `left out: ${text}`),
    ...notes.map((note) => `note: ${note}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function format(value: number, unit: MetricUnit): string {
  return unit === 'share' ? (100 * value).toFixed(1) : value.toFixed(2);
}

function signed(value: number, unit: MetricUnit): string {
  const text = format(Math.abs(value), unit);
  return `${Number(text) === 0 ? '' : value < 0 ? '-' : '+'}${text}`;
}

function probability(p: number): string {
  return p < 0.0001 ? '<0.0001' : p.toFixed(4);
}

function onlyRight({ discordant }: PairedComparison): string {
  return discordant ? `${discordant.one}:${discordant.other}` : '-';
}

function odds(ratio: number | null): string {
  return ratio === null ? '-' : Number.isFinite(ratio) ? ratio.toFixed(2) : 'inf';
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
