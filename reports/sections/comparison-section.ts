import { numberCell, percent, picturesBlock } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import { differenceCell, probabilityCell, signed } from '../difference-cells.ts';
import type { Cell, Section } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import type { PairedDifference } from '../paired-differences.ts';
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
        text: methodText(differences),
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
          ...(group.some(isOfSeveral) ? [{ label: 'SD over seeds', numeric: true }] : []),
          { label: 'F1, points', numeric: true },
          { label: 'Only the first right', numeric: true },
          { label: 'Only the second right', numeric: true },
          { label: 'Effect size, d_z', numeric: true },
          { label: 'p', numeric: true },
          { label: 'p (Holm)', numeric: true },
          { label: 'Detectable, points', numeric: true },
          { label: 'Questions needed', numeric: true },
        ],
        facets: group.map(({ one }) => facetsOf(one)),
        rows: group.map((difference): Cell[] => [
          { text: `${difference.one.label} − ${difference.other.label}` },
          ...ratioCells(difference.one),
          countCell(difference),
          differenceCell(difference.exactMatch),
          ...(group.some(isOfSeveral) ? [shareOrNone(difference.deviation)] : []),
          differenceCell(difference.f1),
          numberCell(difference.onlyOne, 0),
          numberCell(difference.onlyOther, 0),
          difference.cohensDz === null ? NONE : { text: signed(difference.cohensDz, difference.cohensDz.toFixed(2)) },
          probabilityCell(difference.p),
          probabilityCell(difference.correctedP),
          shareOrNone(difference.minimumDetectable),
          difference.questionsNeeded === null ? NONE : numberCell(difference.questionsNeeded, 0),
        ]),
        notes: ['Ratios: those of the first of the two.'],
      })),
    ],
  };
}

/** How the differences and their tests were made, of one seed and of several as there are. */
function methodText(differences: readonly PairedDifference[]): string {
  const several = differences.some(isOfSeveral);
  const one = !differences.every(isOfSeveral);
  return [
    'Differences of two systems on the same questions, of the same training seed: the first minus the second, in percentage points, over the questions that both answered.',
    ...(one
      ? [
          `In brackets: 95 % intervals of a paired bootstrap (BCa, 10,000 samples of the questions, seed 0). p: McNemar’s test (two-sided) of the questions that only one of the two has exactly right, exact where they are fewer than 25, otherwise by the chi-square distribution with continuity correction.`,
        ]
      : []),
    ...(several
      ? [
          `Of several training seeds (n: questions × seeds)${one ? '' : ', as here'}: intervals of a hierarchical bootstrap (percentile, 10,000 samples of seeds and, for all of them, of questions); p of a permutation test of each question’s mean difference over the seeds, for the trainings that were made, so that what other trainings would give is said by the interval alone (and detectable and needed are of questions, not of trainings); only the first or the second right counts answers of all seeds. What does not depend on the seed is compared with each seed of the other.`,
        ]
      : []),
    `p (Holm): corrected for the ${differences.length} comparisons of this report. Effect size d_z: the mean of the questions’ differences in their standard deviations. Detectable: the smallest difference in exact match that so many questions show with a power of 80 %; needed: the questions that would show the difference seen with that power.`,
  ].join(' ');
}

const NONE: Cell = { text: '–' };

function isOfSeveral({ seeds }: PairedDifference): boolean {
  return seeds > 1;
}

/** Questions, with the seeds where there are several. */
function countCell({ n, seeds }: PairedDifference): Cell {
  return seeds > 1 ? { ...numberCell(n, 0), text: `${n.toLocaleString('en-US')} × ${seeds}` } : numberCell(n, 0);
}

function shareOrNone(share: number | null): Cell {
  return share === null ? NONE : { text: percent(share) };
}
