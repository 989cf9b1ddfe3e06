import { InputError } from '../../harness/errors.ts';
import type { Metric } from '../../harness/metrics/metric.ts';
import { findPreset } from '../../harness/metrics/presets.ts';
import { clusterValues, questionMeans } from '../../harness/statistics/clustered-values.ts';
import { comparePaired, type Pair, type PairedComparison } from '../../harness/statistics/compare-paired.ts';
import { holm } from '../../harness/statistics/holm.ts';
import { signFlipTest } from '../../harness/statistics/sign-flip-test.ts';
import { commonPreset, differences } from '../check-comparable.ts';
import { findMetric } from '../compare/find-metric.ts';
import type { Cell, CellPair } from '../compare/match-cells.ts';
import { PairReader } from '../compare/read-pairs.ts';
import type { Run } from '../find-runs.ts';
import { ownMetrics } from '../own-metrics.ts';
import { seedless } from '../pair-seeds.ts';
import { chooseCell } from './choose-cell.ts';
import { claimNumbers, claimStatement } from './claim-texts.ts';
import type { Claim } from './claims-schema.ts';

/** What became of a claim. */
export interface JudgedClaim {
  readonly claim: Claim;
  /** The sentence without its numbers. */
  readonly statement: string;
  readonly held: boolean;
  /** In words; null where nothing could be computed. */
  readonly numbers: string | null;
  /** Why it is refused; null where it holds. */
  readonly reason: string | null;
  /** Differences are `system` minus `than`; null where nothing could be computed. */
  readonly comparison: ClaimComparison | null;
}

/** A claim's own test. */
export interface ClaimComparison extends PairedComparison {
  /** Two-sided, that the difference is the margin; of no margin as in PairedComparison. */
  readonly marginP: number;
  /** The same over all claims that could be computed (Holm). */
  readonly correctedP: number;
}

/** What claims are judged by. */
export interface JudgeOptions {
  readonly claims: readonly Claim[];
  readonly runs: readonly Run[];
  /** Metric preset; the one that the runs ask for by default. */
  readonly preset?: string;
  readonly onJudged?: (done: number, total: number) => void;
}

const ALPHA = 0.05;

/**
 * Recomputes every claim from stored predictions. It holds where the corrected p of its difference being its margin (0 unless said otherwise; of `not-worse` minus it) is
 * under 0.05 and the whole 95 % interval lies beyond; otherwise it is refused with the reason.
 *
 * @throws InputError where claims name unknown metrics, or a file is not the one that its manifest was written for.
 */
export async function judgeClaims({ claims, runs, onJudged, ...options }: JudgeOptions): Promise<JudgedClaim[]> {
  const preset = commonPreset(runs, options.preset);
  const own = await ownMetrics(runs);
  const metrics = metricsOf(claims, [...findPreset(preset).metrics, ...own]);
  const readers = new Map<Metric, PairReader>();
  const readerOf = (metric: Metric): PairReader => {
    const options = { metric, preset, own, withHops: false, onRead: () => undefined };
    if (!readers.has(metric)) readers.set(metric, new PairReader(options));
    return readers.get(metric)!;
  };
  const computed: Computed[] = [];
  for (const [at, claim] of claims.entries()) {
    const metric = metrics[at]!;
    computed.push(await compute(claim, metric, runs, readerOf(metric)));
    onJudged?.(at + 1, claims.length);
  }
  const tested = computed.filter((one) => one.comparison !== null);
  const corrected = holm(tested.map(({ comparison }) => comparison!.marginP));
  return computed.map((one) => judge(one, corrected[tested.indexOf(one)] ?? 1, tested.length));
}

function metricsOf(claims: readonly Claim[], known: readonly Metric[]): Metric[] {
  const problems: string[] = [];
  const found = claims.flatMap(({ metric }, at) => {
    try {
      return [findMetric(known, metric)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems.map((problem) => `claims[${at}]: ${problem}`));
      return [];
    }
  });
  if (problems.length > 0) throw new InputError(problems);
  return found;
}

interface Computed {
  readonly claim: Claim;
  readonly metric: Metric;
  readonly cells: CellPair | null;
  readonly reason: string | null;
  readonly comparison: Omit<ClaimComparison, 'correctedP'> | null;
}

async function compute(claim: Claim, metric: Metric, runs: readonly Run[], reader: PairReader): Promise<Computed> {
  const none = { claim, metric, comparison: null };
  const chosen: Cell[] = [];
  const problems: string[] = [];
  for (const selector of [claim.system, claim.than]) {
    try {
      chosen.push(chooseCell(runs, selector, claim));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  const [one, other] = chosen;
  if (!one || !other || problems.length > 0) return { ...none, cells: null, reason: [...new Set(problems)].join('; ') };
  const cells = { one, other };
  const mismatch = mismatchOf(claim, cells);
  if (mismatch !== null) return { ...none, cells, reason: mismatch };
  const pairs = await reader.read(cells);
  if (pairs.length === 0) {
    return { ...none, cells, reason: `${metric.id} applies to no question that both answered` };
  }
  const comparison = comparePaired(pairs, { binary: metric.binary });
  const bound = boundOf(claim, metric);
  const marginP = bound === 0 ? comparison.p : signFlipTest(beyond(pairs, bound * directionOf(claim, metric)));
  return { claim, metric, cells, reason: null, comparison: { ...comparison, marginP } };
}

/** Why two configurations cannot be compared; null where they can. */
function mismatchOf(claim: Claim, { one, other }: CellPair): string | null {
  if (one.benchmark !== other.benchmark) {
    return `the two are of different benchmarks, ${one.benchmark} and ${other.benchmark}`;
  }
  const runs = [...one.runs, ...other.runs];
  const apart = differences(runs);
  if (apart.length > 0) return apart.map((problem) => problem.replace(/\s*\n\s*/g, ' ')).join('; ');
  const models = [one, other].map(({ runs }) => runs[0]!.manifest.model?.id);
  if (models[0] && models[1] && models[0] !== models[1] && !(claim.system.model && claim.than.model)) {
    return `the two are of different models, ${models.join(' and ')}, which the claim does not say`;
  }
  const [ones, others] = [one, other].map(({ runs }) => runs.map(({ manifest }) => manifest.seed));
  if (String(ones) !== String(others) && !seedless(one.runs) && !seedless(other.runs)) {
    return `the two are of different seeds, ${ones!.join(', ')} and ${others!.join(', ')}`;
  }
  return null;
}

/** What the difference, turned so that more is more of what is claimed, must be above; in the metric's unit. */
function boundOf({ claim, margin = 0 }: Claim, { unit }: Metric): number {
  return ((claim === 'not-worse' ? -1 : 1) * margin) / (unit === 'share' ? 100 : 1);
}

/** 1 where a larger value of `system` is what is claimed, -1 where a smaller one is. */
function directionOf({ claim }: Claim, { unit }: Metric): 1 | -1 {
  if (claim === 'above' || claim === 'below') return claim === 'above' ? 1 : -1;
  return unit === 'share' ? 1 : -1;
}

/** The questions' mean differences less a bound. */
function beyond(pairs: readonly Pair[], bound: number): Float64Array {
  return questionMeans(
    clusterValues(pairs.map(({ question, seed, one, other }) => ({ question, seed, value: one - other }))),
  ).map((difference) => difference - bound);
}

function judge(
  { claim, metric, cells, reason, comparison }: Computed,
  correctedP: number,
  family: number,
): JudgedClaim {
  const statement = claimStatement(claim, metric, cells);
  if (!comparison) return { claim, statement, held: false, numbers: null, reason, comparison: null };
  const own = { ...comparison, correctedP };
  const refusal = refusalOf(claim, metric, own);
  return {
    claim,
    statement,
    held: refusal === null,
    numbers: claimNumbers(own, metric, family),
    reason: refusal,
    comparison: own,
  };
}

/** Why the numbers do not bear a claim out; null where they do. */
function refusalOf(claim: Claim, metric: Metric, { difference, interval, correctedP }: ClaimComparison): string | null {
  const [direction, bound] = [directionOf(claim, metric), boundOf(claim, metric)];
  const gain = direction * difference.mean;
  const least = interval ? (direction > 0 ? interval.low : -interval.high) : -Infinity;
  if (claim.claim !== 'not-worse' && gain < 0) return 'it is the other way round';
  if (gain <= bound) return gain === 0 ? 'there is no difference' : 'the difference is not beyond the margin';
  if (correctedP >= ALPHA) return 'not significant';
  return least > bound ? null : 'the interval reaches over what is claimed';
}
