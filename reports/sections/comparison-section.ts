import { numberCell, percent, picturesBlock } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import { differenceCell, probabilityCell, signed } from '../difference-cells.ts';
import type { Cell, Section } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import type { MeanDifference, PairedDifference } from '../paired-differences.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { tableName } from '../table-name.ts';

/** Systems question by question: one table a benchmark (and model). Undefined where there is no pair. */
export function comparisonSection(
  differences: readonly PairedDifference[],
  pictures: readonly Picture[],
): Section | undefined {
  if (differences.length === 0) return undefined;
  const groups = groupBy(differences, ({ one }) => JSON.stringify([one.benchmark, one.model]));
  return {
    heading: 'Question by question',
    blocks: [
      {
        kind: 'paragraph',
        text: `Differences of two systems on the same questions, of the same seed: the first minus the second, in percentage points, over the questions that both answered. In brackets: 95 % intervals of a paired bootstrap (BCa, 10,000 samples of the questions, seed 0). p: McNemar’s test (two-sided) of the questions that only one of the two has exactly right, exact where they are fewer than 25, otherwise by the chi-square distribution with continuity correction. p (Holm): corrected for the ${differences.length} comparisons of this report. Detectable: the smallest difference in exact match that so many questions show with a power of 80 %; needed: the questions that would show the difference seen with that power.`,
      },
      ...picturesBlock(pictures),
      ...[...groups.values()].map((group) => ({
        kind: 'table' as const,
        name: tableName('paired-differences', group[0]!.one.benchmark, group[0]!.one.model),
        caption: `${group[0]!.one.benchmark}, ${group[0]!.one.model}: paired differences`,
        columns: [
          { label: 'Difference' },
          ...ratioColumns,
          { label: 'n', numeric: true },
          { label: 'Exact match, points', numeric: true },
          { label: 'F1, points', numeric: true },
          { label: 'Only the first right', numeric: true },
          { label: 'Only the second right', numeric: true },
          { label: 'p', numeric: true },
          { label: 'p (Holm)', numeric: true },
          { label: 'Detectable, points', numeric: true },
          { label: 'Questions needed', numeric: true },
        ],
        facets: group.map(({ one }) => facetsOf(one)),
        rows: group.map((difference): Cell[] => [
          { text: `${difference.one.label} − ${difference.other.label}` },
          ...ratioCells(difference.one),
          numberCell(difference.n, 0),
          differenceCell(difference.exactMatch),
          differenceCell(difference.f1),
          numberCell(difference.onlyOne, 0),
          numberCell(difference.onlyOther, 0),
          probabilityCell(difference.p),
          probabilityCell(difference.correctedP),
          { text: difference.minimumDetectable === null ? '–' : percent(difference.minimumDetectable) },
          difference.questionsNeeded === null ? { text: '–' } : numberCell(difference.questionsNeeded, 0),
        ]),
        notes: ['Ratios: those of the first of the two.'],
      })),
    ],
  };
}

function probabilityCell(p: number): Cell {
  return { text: p < 0.0001 ? '< 0.0001' : p.toFixed(4) };
}

function differenceCell({ mean, interval }: MeanDifference): Cell {
  return { text: interval ? `${points(mean)} [${points(interval.low)}, ${points(interval.high)}]` : points(mean) };
}

/** A difference of shares in percentage points, always with its sign. */
function points(difference: number): string {
  const text = percent(Math.abs(difference));
  return text === '0.0' ? text : `${difference < 0 ? '−' : '+'}${text}`;
}
