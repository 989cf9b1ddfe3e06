import type { Metric } from '../../harness/metrics/metric.ts';
import { picturesBlock } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import { choosesDocuments } from '../chooses-documents.ts';
import type { Section } from '../document.ts';
import type { FoundRuns } from '../find-runs.ts';
import { intervalKind } from '../interval-kind.ts';
import { metricHeading } from '../metric-heading.ts';
import type { ReportRow } from '../report-row.ts';
import { qualityTable } from './quality-table.ts';

/** The paper's cover exact match is that of its code, a bag of words; a preset without it has another one, or none. */
const COVERS = ['cover-exact-match-bag', 'cover-exact-match-substring', 'exact-match'];

/** Systems that are given their documents, by benchmark; the rows are of systems that answer. Pictures: quality against the measured ratio. */
export function compressionSection(
  rows: readonly ReportRow[],
  metrics: readonly Metric[],
  { incomplete, pictures }: { readonly incomplete: FoundRuns['incomplete']; readonly pictures: readonly Picture[] },
): Section | undefined {
  const given = rows.filter((row) => !choosesDocuments(row));
  const cover = COVERS.map((id) => metrics.find((metric) => metric.id === id)).find((metric) => metric !== undefined);
  if (given.length === 0 || !cover) return undefined;
  return {
    heading: 'Compression systems',
    blocks: [
      {
        kind: 'paragraph',
        text: `Systems that are given their documents, at each ratio and choice of documents: gold are the passages that hold the answer, oracle-k are these among k, all are all candidates. ${metricHeading(cover.id)}, % of the questions, with 95 % intervals (${intervalKind(given, 'Wilson score')}).`,
      },
      qualityTable({
        name: 'compression-systems',
        caption: `${metricHeading(cover.id)} by benchmark, %`,
        rows: given,
        metrics: [cover],
        incomplete,
      }),
      ...picturesBlock(pictures),
    ],
  };
}
