import { ablationsOf } from '../ablations.ts';
import { rowNotes, numberCell, shareCell } from '../cells.ts';
import { differenceCell, probabilityCell } from '../difference-cells.ts';
import type { Cell, Section } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import { questionsText } from '../questions-text.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import type { ReportRow } from '../report-row.ts';
import { tableName } from '../table-name.ts';
import type { Training } from '../training/find-trainings.ts';

/** What one changed setting does to a system: a table a benchmark and model. Undefined where no two rows differ in one setting. */
export function ablationsSection(rows: readonly ReportRow[], trainings: readonly Training[]): Section | undefined {
  const byKey = new Map(trainings.map(({ manifest }) => [manifest.key, manifest]));
  const ablations = ablationsOf(rows, (key) => {
    const manifest = byKey.get(key);
    return manifest && { questions: questionsText(manifest), from: manifest.from?.key ?? null };
  });
  if (ablations.length === 0) return undefined;
  const groups = groupBy(ablations, ({ one }) => JSON.stringify([one.benchmark, one.model]));
  return {
    heading: 'Ablations',
    blocks: [
      {
        kind: 'paragraph',
        text: `Rows of a system that differ from a base row in one setting, found from the settings in the manifests of runs and trainings; ratio, documents, benchmark and model are the same. Of several rows the base is the one from which most others differ in one setting. Differences: the changed row minus the base, on the same questions (and training seeds), in percentage points, with 95 % intervals of a paired bootstrap; p of exact match as under “Question by question”, corrected by Holm’s method for the ${ablations.length} ablations of this report.`,
      },
      ...[...groups.values()].map((group) => {
        const { benchmark, model } = group[0]!.one;
        return {
          kind: 'table' as const,
          name: tableName('ablations', benchmark, model),
          caption: `${benchmark}, ${model}: one setting changed`,
          columns: [
            { label: 'Base' },
            { label: 'Setting' },
            { label: 'In the base' },
            { label: 'Changed to' },
            ...ratioColumns,
            { label: 'n', numeric: true },
            { label: 'Exact match of the base, %', numeric: true },
            { label: 'Changed, %', numeric: true },
            { label: 'Exact match, points', numeric: true },
            { label: 'F1, points', numeric: true },
            { label: 'p', numeric: true },
            { label: 'p (Holm)', numeric: true },
          ],
          facets: group.map(({ one }) => facetsOf(one)),
          rows: group.map((ablation): Cell[] => [
            { text: ablation.other.label },
            { text: ablation.setting },
            { text: ablation.base },
            { text: ablation.changed },
            ...ratioCells(ablation.one),
            numberCell(ablation.n, 0),
            shareCell(ablation.other, 'exact-match'),
            shareCell(ablation.one, 'exact-match'),
            differenceCell(ablation.exactMatch),
            differenceCell(ablation.f1),
            probabilityCell(ablation.p),
            probabilityCell(ablation.correctedP),
          ]),
          notes: ['Ratios: those of the changed row.', ...rowNotes(group.flatMap(({ one, other }) => [one, other]))],
        };
      }),
    ],
  };
}
