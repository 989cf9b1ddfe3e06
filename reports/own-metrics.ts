import { importMetric } from '../harness/metrics/import-metric.ts';
import type { Metric } from '../harness/metrics/metric.ts';
import type { Run } from './find-runs.ts';

/** Users' own metrics that any of the runs' suites asks for: every run is scored with all of them. */
export async function ownMetrics(runs: readonly Run[]): Promise<Metric[]> {
  const files = [...new Set(runs.flatMap(({ manifest }) => manifest.metrics))].sort();
  return Promise.all(files.map(importMetric));
}
