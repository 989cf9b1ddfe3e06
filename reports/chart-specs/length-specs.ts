import { RunningMean } from '../../harness/statistics/running-mean.ts';
import { wilson } from '../../harness/statistics/wilson.ts';
import type { ChartSpec } from '../charts/chart-spec.ts';
import type { LengthLine, LengthOf, LengthPoint } from '../charts/length-chart.ts';
import { seriesColours, type Colour } from '../charts/palette.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import { lengthBins } from '../length-bins.ts';
import type { ReportRow } from '../report-row.ts';
import { chartLabel, chartSubtitle } from './row-words.ts';
import { withRoom } from './with-room.ts';

const BINS = 5;
/** Lines that a chart has room for. */
const MOST = 9;
/** Documents settings of a benchmark that have charts: those with the most ratios. */
const SETTINGS = 3;

const RATIO = { id: 'ratio', name: 'measured ratio', unit: '×' } as const;
const EXACT_MATCH = { id: 'exact-match', name: 'exact match', unit: '%' } as const;

/**
 * Measured ratio and exact match by the length of a question's documents, one chart of each a documents setting: questions of a row in bins of about equally many. A row's lengths are those of
 * the documents that it selected, with what was cut off.
 */
export function lengthSpecs(
  benchmark: string,
  rows: readonly ReportRow[],
  colours: ReadonlyMap<string, Colour>,
): ChartSpec[] {
  const binned = rows.flatMap((row) => {
    const bins = lengthBins(lengthsOf(row), BINS);
    return bins.length > 0 ? [{ row, bins }] : [];
  });
  const settings = [...groupBy(binned, ({ row }) => documentsOf(row))]
    .map(([documents, members]) => ({ documents, members, ratios: ratioLines(members) }))
    .filter(({ ratios }) => ratios.length > 0)
    .sort((one, other) => other.ratios.length - one.ratios.length);
  const left = settings.slice(SETTINGS).map(({ documents }) => documents);
  return settings.slice(0, SETTINGS).flatMap(({ documents, members, ratios }): ChartSpec[] => {
    const of = (measure: LengthOf['measure']): LengthOf => ({ benchmark, documents, measure });
    const all = members.map(({ row }) => row);
    const shown = withRoom(all, MOST);
    const quality = members.filter(({ row }) => shown.includes(row)).flatMap((member) => qualityLine(member, colours));
    const words = (intervals: string, missing: number, more: readonly string[] = []): string => {
      const parts = [
        `at most ${BINS} bins of equally many questions, 95 % intervals (${intervals})`,
        ...more,
        ...(missing > 0 ? [`not drawn: ${missing} settings more, see the tables`] : []),
        ...(left.length > 0 ? [`not drawn: documents ${left.join(', ')}`] : []),
      ];
      return chartSubtitle(all, parts.join('; '));
    };
    const systems = [...new Set(all.filter(compresses).map(({ manifest }) => manifest.system.id))].join(', ');
    const ratioWords = words('Student’s t of a ratio of totals', ratios.length - MOST, [systems]);
    const specs: ChartSpec[] = [{ kind: 'length', given: [of(RATIO), ratios.slice(0, MOST), ratioWords] }];
    if (quality.length === 0) return specs;
    const qualityWords = words('Wilson, or Student’s t over several seeds', all.length - shown.length);
    return [...specs, { kind: 'length', given: [of(EXACT_MATCH), quality, qualityWords] }];
  });
}

/** The documents setting, with how many of all documents a system chooses itself, where it does. */
function documentsOf(row: ReportRow): string {
  const { documents } = facetsOf(row);
  const { k } = row.manifest.settings;
  return documents === 'all' && typeof k === 'number' ? `all, k ${k}` : documents;
}

interface Binned {
  readonly row: ReportRow;
  readonly bins: readonly (readonly number[])[];
}

/** Tokens of each question's documents. Of a compressing system `source` is what of them was read. */
function lengthsOf({ questions }: ReportRow): Float64Array {
  const cut = questions.of('tokens-truncated');
  return questions.of('tokens-source').map((source, place) => source + (cut[place] || 0));
}

function compresses({ manifest, measuredRatio }: ReportRow): boolean {
  return manifest.ratio !== null && measuredRatio !== null;
}

/** One line for each nominal ratio; systems whose tokens are the same, as those of one rule are, share it. */
function ratioLines(members: readonly Binned[]): LengthLine[] {
  const drawn = members
    .filter(({ row }) => compresses(row))
    .map(({ row, bins }) => ({ row, points: ratioPoints(row, bins) }))
    .filter(({ points }) => points.length > 0);
  const byRatio = [...groupBy(drawn, ({ row }) => String(row.manifest.ratio)).values()];
  return byRatio.flatMap((same, at) => {
    const distinct = [...groupBy(same, ({ points }) => JSON.stringify(points)).values()].map(([first]) => first!);
    return distinct.map(({ row, points }) => ({
      label: distinct.length === 1 ? `${row.manifest.ratio}×` : row.label,
      colour: seriesColours[at % seriesColours.length]!,
      nominal: row.manifest.ratio,
      points,
    }));
  });
}

/** Of each bin the totals of source tokens and of vectors, divided. */
function ratioPoints(row: ReportRow, bins: Binned['bins']): LengthPoint[] {
  const [source, vectors] = [row.questions.of('tokens-source'), row.questions.of('tokens-vectors')];
  return bins.flatMap((places) => {
    const mean = new RunningMean();
    for (const place of places.filter((place) => vectors[place]! > 0)) {
      mean.add(source[place]! / vectors[place]!, vectors[place]);
    }
    if (mean.n === 0) return [];
    const value = mean.mean;
    return [{ ...lengthOf(row, places), n: mean.n, value, ...(mean.interval() ?? { low: value, high: value }) }];
  });
}

function qualityLine({ row, bins }: Binned, colours: ReadonlyMap<string, Colour>): LengthLine[] {
  const right = row.questions.of('exact-match');
  const points = bins.flatMap((places): LengthPoint[] => {
    const values = places.map((place) => right[place]!).filter((value) => !Number.isNaN(value));
    if (values.length === 0) return [];
    const mean = new RunningMean();
    for (const value of values) mean.add(value);
    const binary = values.every((value) => value === 0 || value === 1);
    const { low, high } = (binary ? null : mean.interval()) ?? wilson(mean.mean, mean.n);
    const share = { value: 100 * mean.mean, low: 100 * Math.max(0, low), high: 100 * Math.min(1, high) };
    return [{ ...lengthOf(row, places), n: mean.n, ...share }];
  });
  const { ratio: nominal } = row.manifest;
  return points.length > 0 ? [{ label: chartLabel(row), colour: colours.get(row.family)!, nominal, points }] : [];
}

/** Mean tokens of the documents of these questions, and whether any of them was cut off. */
function lengthOf(row: ReportRow, places: readonly number[]): Pick<LengthPoint, 'tokens' | 'cut'> {
  const [lengths, cut] = [lengthsOf(row), row.questions.of('tokens-truncated')];
  const total = places.reduce((sum, place) => sum + lengths[place]!, 0);
  return { tokens: total / places.length, cut: places.some((place) => cut[place]! > 0) };
}
