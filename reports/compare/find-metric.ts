import { InputError } from '../../harness/errors.ts';
import type { Metric } from '../../harness/metrics/metric.ts';
import { nearest } from '../../harness/nearest.ts';

/** The metric of an id, to be compared question by question. @throws InputError that names the known ones, or where it is no mean over questions. */
export function findMetric(metrics: readonly Metric[], id: string): Metric {
  const metric = metrics.find((candidate) => candidate.id === id);
  if (!metric) {
    const known = metrics.map((candidate) => candidate.id);
    const meant = nearest(id, known);
    throw new InputError(
      `metric: expected one of ${known.join(', ')}, got ${JSON.stringify(id)}${meant ? `; did you mean ${meant}?` : ''}`,
    );
  }
  if (metric.weight) {
    throw new InputError(
      `metric: expected one with a mean over questions, got ${id}, which is a ratio of totals and has no paired differences`,
    );
  }
  return metric;
}
