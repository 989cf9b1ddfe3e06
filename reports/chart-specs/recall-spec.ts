import type { ChartSpec } from '../charts/chart-spec.ts';
import { referenceColour, seriesColours, type Colour } from '../charts/palette.ts';
import type { RecallLine, RecallReference } from '../charts/recall-chart.ts';
import type { QuestionCandidates } from '../candidate-counts.ts';
import { intervalKind } from '../interval-kind.ts';
import { scoreOf, type ReportRow } from '../report-row.ts';
import { chartLabel, chartSubtitle, shareOf } from './row-words.ts';
import { withRoom } from './with-room.ts';

/** Lines that a chart has room for. */
const MOST = 12;

/**
 * Recall over k of the rows that rank, all of one benchmark and model; none where no row ranks, or only one k was measured. The ceiling is the mean of min(1, k / gold passages), the
 * level of chance that of min(1, k / candidates), which is the expected recall of any random order; both over the questions of the row with the most.
 *
 * @param candidates counts of the benchmark's questions in their order
 */
export function recallSpec(
  benchmark: string,
  rows: readonly ReportRow[],
  colours: ReadonlyMap<string, Colour>,
  candidates: QuestionCandidates,
): ChartSpec | undefined {
  const ks = recallsOf(rows);
  const ranking = rows.filter((row) => ks.some((k) => scoreOf(row, `recall@${k}`)));
  if (ks.length < 2 || ranking.length === 0) return undefined;
  const shown = withRoom(ranking, MOST);
  const own = rankerColours(shown, colours);
  const lines = shown.map((row): RecallLine => ({
    label: chartLabel(row),
    colour: own.get(row.family)!,
    points: ks.flatMap((k) => {
      const share = shareOf(row, `recall@${k}`);
      return share ? [{ k, ...share }] : [];
    }),
  }));
  const fullest = ranking.reduce((most, row) => (asked(row, ks[0]!) > asked(most, ks[0]!) ? row : most));
  const meanOf = (counts: readonly number[]): RecallReference['values'] =>
    ks.map((k) => ({
      k,
      // A question without gold passages counts as 0 where the preset counts its recall so.
      value: meanWhere(fullest.questions.of(`recall@${k}`), (at) =>
        candidates.gold[at] === 0 ? 0 : Math.min(1, k / counts[at]!),
      ),
    }));
  const references: RecallReference[] = [
    { label: 'highest possible', values: meanOf(candidates.gold) },
    { label: 'chance', values: meanOf(candidates.all) },
  ];
  const left = ranking.length - shown.length;
  const intervals = [
    `whiskers: 95 % intervals (${intervalKind(ranking, 'Student’s t')})`,
    'dashed: highest possible, min(1, k / gold passages); dotted: chance, k / candidates',
    ...(left > 0 ? [`not drawn: ${left} rankings of ratios in between or too many, see the table`] : []),
  ].join('; ');
  return { kind: 'recall', given: [benchmark, lines, references, chartSubtitle(ranking, intervals)] };
}

/** Colours by family; what is grey elsewhere, because it reads no documents, gets one that is still free here. */
function rankerColours(rows: readonly ReportRow[], colours: ReadonlyMap<string, Colour>): ReadonlyMap<string, Colour> {
  const families = [...new Set(rows.map(({ family }) => family))];
  const taken = families.map((family) => colours.get(family)!);
  const free = seriesColours.filter((colour) => !taken.includes(colour));
  const grey = families.filter((family) => colours.get(family) === referenceColour);
  return new Map([
    ...colours,
    ...grey.map((family, at): [string, Colour] => [family, free[at % free.length] ?? referenceColour]),
  ]);
}

/** The k of the recalls that any of the rows has, rising. */
function recallsOf(rows: readonly ReportRow[]): number[] {
  const ids = rows.flatMap(({ scores }) => scores.rows.map(({ metric }) => metric));
  const ks = ids.flatMap((id) => /^recall@(\d+)$/.exec(id)?.[1] ?? []).map(Number);
  return [...new Set(ks)].sort((one, other) => one - other);
}

function asked(row: ReportRow, k: number): number {
  return scoreOf(row, `recall@${k}`)?.n ?? 0;
}

/** Mean in percent over the places that have a value. */
function meanWhere(values: Float64Array, of: (at: number) => number): number {
  const places = [...values.keys()].filter((at) => !Number.isNaN(values[at]!));
  return (100 * places.reduce((sum, at) => sum + of(at), 0)) / places.length;
}
