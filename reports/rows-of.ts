import { bootstrapInterval } from '../harness/statistics/bootstrap-interval.ts';
import { meanOf, type ClusteredValues } from '../harness/statistics/clustered-values.ts';
import { meanAndDeviation } from '../harness/statistics/mean-and-deviation.ts';
import { wilson } from '../harness/statistics/wilson.ts';
import { QuestionScores } from './questions/question-scores.ts';
import { scoreOf, type ReportRow, type ScoredRun, type SeedsScore } from './report-row.ts';
import { sameAnswers } from './same-answers.ts';
import { seedGroups } from './seed-groups.ts';

/** The rows of a report: its runs, with the training seeds of one configuration as one row. In the order of the runs. */
export function rowsOf(runs: readonly ScoredRun[]): ReportRow[] {
  return seedGroups(runs).map((seeds) => (seeds.length === 1 ? rowOfOne(seeds[0]!) : rowOfSeveral(seeds)));
}

function rowOfOne(run: ScoredRun): ReportRow {
  const rows = run.scores.rows.map((score) => ({ ...score, deviation: null }));
  return {
    ...run,
    label: run.configuration,
    seeds: [run],
    sameAnswers: false,
    scores: { ...run.scores, rows },
  };
}

function rowOfSeveral(seeds: readonly ScoredRun[]): ReportRow {
  const [first] = seeds;
  const same = sameAnswers(seeds);
  const metrics = [...new Set(seeds.flatMap(({ scores }) => scores.rows.map(({ metric }) => metric)))];
  const rows = metrics.map((metric) => (same ? scoreOfSame(seeds, metric) : scoreOfSeveral(seeds, metric)));
  const ratio = rows.find(({ metric }) => metric === 'compression-ratio')?.value ?? null;
  return {
    ...first!,
    label: first!.configuration,
    measuredRatio: ratio,
    seeds,
    sameAnswers: same,
    questions: same ? first!.questions : meansOf(seeds),
    scores: {
      ...first!.scores,
      rows,
      scored: same ? first!.scores.scored : total(seeds.map(({ scores }) => scores.scored)),
      failures: same ? first!.scores.failures : total(seeds.map(({ scores }) => scores.failures)),
      missing: same ? first!.scores.missing : total(seeds.map(({ scores }) => scores.missing)),
    },
  };
}

/** Of the same answers a score is the first seed's; what was measured while answering (times, memory) is the mean over the runs, without an interval. */
function scoreOfSame(seeds: readonly ScoredRun[], metric: string): SeedsScore {
  const scores = seeds.map((run) => scoreOf(run, metric)!);
  const { mean, deviation } = meanAndDeviation(scores.map(({ value }) => value));
  return deviation === 0
    ? { ...scores[0]!, deviation }
    : { ...scores[0]!, value: mean, low: null, high: null, deviation };
}

/**
 * The mean over all answers of all seeds; the 95 % interval of shares by the hierarchical bootstrap over seeds and questions, or Wilson's over the questions alone where every
 * value is 0 or every value is 1, which gives a bootstrap nothing to draw. Other units have no interval over seeds.
 */
function scoreOfSeveral(seeds: readonly ScoredRun[], metric: string): SeedsScore {
  const scores = seeds.flatMap((run) => scoreOf(run, metric) ?? []);
  const { mean, deviation } = meanAndDeviation(scores.map(({ value }) => value));
  const own = {
    ...scores[0]!,
    value: mean,
    n: total(scores.map(({ n }) => n)),
    notApplicable: total(scores.map(({ notApplicable }) => notApplicable)),
    deviation,
  };
  const values = valuesOf(seeds, metric);
  if (own.unit !== 'share' || values.sums.length === 0) return { ...own, low: null, high: null };
  const value = meanOf(values);
  const interval = value === 0 || value === 1 ? wilson(value, scores[0]!.n) : bootstrapInterval(values);
  return { ...own, value, low: interval?.low ?? null, high: interval?.high ?? null };
}

/** Values of the seeds question by question; of the seeds that have any. */
function valuesOf(seeds: readonly ScoredRun[], metric: string): ClusteredValues {
  const columns = seeds
    .map(({ questions }) => questions.of(metric))
    .filter((values) => values.some((value) => !Number.isNaN(value)));
  return {
    sums: columns.map((values) => values.map((value) => (Number.isNaN(value) ? 0 : value))),
    sizes: columns.map((values) => values.map((value) => (Number.isNaN(value) ? 0 : 1))),
  };
}

/** Each question's mean over the seeds that have it. */
function meansOf(seeds: readonly ScoredRun[]): QuestionScores {
  const [{ questions: first }] = seeds as [ScoredRun];
  const means = new QuestionScores(first.order, first.metrics);
  const columns = new Map(first.metrics.map((metric) => [metric, seeds.map(({ questions }) => questions.of(metric))]));
  for (const [place, id] of first.order.ids.entries()) {
    means.set(id, (metric) => {
      const values = columns.get(metric)!.flatMap((of) => (Number.isNaN(of[place]!) ? [] : [of[place]!]));
      return values.length === 0 ? null : total(values) / values.length;
    });
  }
  return means;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
