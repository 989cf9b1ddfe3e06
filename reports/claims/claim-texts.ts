import type { Metric } from '../../harness/metrics/metric.ts';
import type { PairedComparison } from '../../harness/statistics/compare-paired.ts';
import type { CellPair } from '../compare/match-cells.ts';
import { selectorText } from './choose-cell.ts';
import type { Claim } from './claims-schema.ts';
import type { ClaimComparison } from './judge-claims.ts';

const TESTS: Record<PairedComparison['test'], string> = {
  'mcnemar-exact': 'McNemar’s exact test',
  'mcnemar-chi-square': 'McNemar’s test',
  permutation: 'permutation test',
};

/** The sentence of a claim, with the names that its configurations have in the report where they are known: `clara 4× is better than clara 32× in exact-match on atlas/dev`. */
export function claimStatement(claim: Claim, metric: Metric, cells: CellPair | null): string {
  const { margin } = claim;
  const atRatio = claim.ratio === undefined || cells ? '' : ` at ratio ${claim.ratio}`;
  const [one, other] = cells ? [cells.one.label, cells.other.label] : [claim.system, claim.than].map(selectorText);
  const benchmark = cells?.one.benchmark ?? claim.benchmark;
  const amount = margin === undefined || margin === 0 ? '' : ` by more than ${margin} ${unitName(metric)}`;
  const relation = { better: 'better than', 'not-worse': 'not worse than', above: 'above', below: 'below' }[
    claim.claim
  ];
  return `${one} is ${relation} ${other}${amount} in ${metric.id}${benchmark === undefined ? '' : ` on ${benchmark}`}${atRatio}`;
}

/** The numbers of a claim: both values, the difference with its interval, questions, seeds, p. `family`: claims that p is corrected for. */
export function claimNumbers(
  {
    one,
    other,
    difference,
    interval,
    questions,
    seeds,
    correctedP,
    test,
    marginP,
    p,
    questionsNeeded,
  }: ClaimComparison,
  metric: Metric,
  family: number,
): string {
  const isShare = metric.unit === 'share';
  const show = (value: number): string =>
    isShare ? `${(100 * value).toFixed(1)} %` : `${value.toFixed(2)} ${metric.unit}`;
  const signed = (value: number): string => {
    const text = (isShare ? 100 * Math.abs(value) : Math.abs(value)).toFixed(isShare ? 1 : 2);
    return `${Number(text) === 0 ? '' : value < 0 ? '−' : '+'}${text}`;
  };
  const over = interval ? ` [${signed(interval.low)}, ${signed(interval.high)}]` : '';
  const name = marginP === p ? TESTS[test] : TESTS.permutation;
  const needed =
    correctedP < 0.05 || questionsNeeded === null || questionsNeeded <= questions
      ? ''
      : `, ${questionsNeeded.toLocaleString('en-US')} questions would show such a difference`;
  return [
    `${show(one.mean)} against ${show(other.mean)}`,
    `difference ${signed(difference.mean)} ${unitName(metric)}${over}`,
    `n = ${questions.toLocaleString('en-US')}${seeds > 1 ? ` in ${seeds} seeds` : ''}`,
    `p ${correctedP < 0.0001 ? '< 0.0001' : `= ${correctedP.toFixed(4)}`} (${name}, Holm over ${family} claim${family === 1 ? '' : 's'})${needed}`,
  ].join(', ');
}

function unitName({ unit }: Metric): string {
  return unit === 'share' ? 'points' : unit;
}
