import { isRetrievalMetric } from './retrieval-metric.ts';
import type { ReportRow } from './report-row.ts';

/** Whether a system that answers chooses its documents among the candidates, as rankings show, or, of a benchmark that names no gold passages, the stage that teaches it to. */
export function choosesDocuments({ scores, manifest: { settings } }: ReportRow): boolean {
  return scores.rows.some(({ metric }) => isRetrievalMetric(metric)) || Boolean(settings.endToEnd);
}
