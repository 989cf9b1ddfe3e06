import type { Metric } from '../../harness/metrics/metric.ts';
import { choosesDocuments } from '../chooses-documents.ts';
import type { Section } from '../document.ts';
import type { FoundRuns } from '../find-runs.ts';
import { intervalKind } from '../interval-kind.ts';
import type { ReportRow } from '../report-row.ts';
import { qualityTable } from './quality-table.ts';

/** Systems that choose their documents among the candidates, beside those that read all of these candidates and those that read none. Undefined where none chooses. The rows are of systems that answer. */
export function endToEndSection(
  rows: readonly ReportRow[],
  metrics: readonly Metric[],
  incomplete: FoundRuns['incomplete'],
): Section | undefined {
  const candidates = new Set(rows.filter(choosesDocuments).map(candidatesOf));
  if (candidates.size === 0) return undefined;
  const shown = rows.filter(
    (row) => choosesDocuments(row) || row.measuredRatio === null || candidates.has(candidatesOf(row)),
  );
  return {
    heading: 'End-to-end question answering',
    blocks: [
      {
        kind: 'paragraph',
        text: `Systems that choose documents among the candidates and answer from those, beside systems that read all of the same candidates, or none. F1 and exact match, %, with 95 % intervals (${intervalKind(shown, 'Wilson score for exact match, Student’s t for F1')}).`,
      },
      qualityTable({
        name: 'end-to-end',
        caption: 'F1 and exact match by benchmark, %',
        rows: shown,
        metrics: ['f1', 'exact-match'].flatMap((id) => metrics.find((metric) => metric.id === id) ?? []),
        incomplete,
      }),
    ],
  };
}

function candidatesOf({ manifest: { settings } }: ReportRow): string {
  return JSON.stringify(settings.docs ?? null);
}
