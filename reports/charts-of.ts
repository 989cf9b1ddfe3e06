import type { QuestionCandidates } from './candidate-counts.ts';
import { forestSpecs } from './chart-specs/forest-specs.ts';
import { lengthSpecs } from './chart-specs/length-specs.ts';
import { qualityTimeSpec } from './chart-specs/quality-time-spec.ts';
import { recallSpec } from './chart-specs/recall-spec.ts';
import { chartLabel, chartSubtitle, questionCounts, shareOf } from './chart-specs/row-words.ts';
import { withRoom } from './chart-specs/with-room.ts';
import type { Chart } from './charts/chart.ts';
import { chartOf, type ChartSpec } from './charts/chart-spec.ts';
import { referenceColour, seriesColours, type Colour } from './charts/palette.ts';
import type { QualityLine, Share, ShownMetric } from './charts/quality-chart.ts';
import { phases, type Phase } from './charts/time-chart.ts';
import type { DialPanels } from './dial-panels.ts';
import { efficiencyOf } from './efficiency.ts';
import type { FactsHeld } from './facts-held.ts';
import { groupBy } from './group-by.ts';
import { intervalKind } from './interval-kind.ts';
import { countedSeeds, modelsOf, scoreOf, type ReportRow } from './report-row.ts';
import { machineText } from './machine-text.ts';
import type { PairedDifference } from './paired-differences.ts';
import type { Training } from './training/find-trainings.ts';
import { lossCharts } from './training/loss-charts.ts';

/** A chart with what it is made from. */
export interface ReportChart extends Chart {
  readonly spec: ChartSpec;
}

/** The charts of a report by the section that they stand in. */
export interface ReportCharts<T> {
  readonly overview: readonly T[];
  readonly quality: readonly T[];
  readonly factsHeld: readonly T[];
  readonly dials: readonly T[];
  readonly lengths: readonly T[];
  readonly comparison: readonly T[];
  readonly retrieval: readonly T[];
  readonly training: readonly T[];
  readonly costs: readonly T[];
}

/** What charts are made of beside the rows; all of it is of the rows. */
export interface ChartsOf {
  readonly trainings: readonly Training[];
  readonly held: readonly FactsHeld[];
  readonly dials: readonly DialPanels[];
  readonly differences: readonly PairedDifference[];
  readonly candidates: ReadonlyMap<string, QuestionCandidates>;
}

/** Every chart that these rows give something to show in. */
export function chartsOf(rows: readonly ReportRow[], of: ChartsOf): ReportCharts<ReportChart> {
  const { trainings, held, dials, differences, candidates } = of;
  const colours = familyColours(rows);
  const severalModels = modelsOf(rows).length > 1;
  const groups = [...groupBy(rows, ({ benchmark, model }) => (severalModels ? `${benchmark}, ${model}` : benchmark))];
  return {
    overview: exactMatch(rows, groups, colours),
    quality: groups.flatMap(([name, group]) => quality(name, group, colours)),
    factsHeld: groups.flatMap(([name, group]) => factsHeld(name, group, held, colours)),
    dials: dials.map((system) => dialsOf(system, colours)),
    lengths: groups.flatMap(([name, group]) =>
      lengthSpecs(name, group, colours).map((spec) => made(spec, group[0]!.benchmark)),
    ),
    comparison: groups.flatMap(([name, group]) =>
      forestSpecs(
        name,
        differences.filter(({ one }) => group.includes(one)),
        colours,
      ).map((spec) => made(spec, group[0]!.benchmark)),
    ),
    retrieval: recall(groups, colours, candidates),
    training: lossCharts(trainings).map((spec) => made(spec)),
    costs: [...qualityTime(rows, groups, colours), ...time(rows, groups)],
  };
}

function made(spec: ChartSpec, benchmark?: string): ReportChart {
  return { ...chartOf(spec), spec, benchmark };
}

type Groups = readonly (readonly [string, readonly ReportRow[]])[];

function exactMatch(rows: readonly ReportRow[], groups: Groups, colours: ReadonlyMap<string, Colour>): ReportChart[] {
  const scored = groups.map(([name, group]) => ({
    heading: heading(name, group),
    rows: group.flatMap((row) => {
      const share = shareOf(row, 'exact-match');
      return share ? [{ label: chartLabel(row), colour: colours.get(row.family)!, ...share }] : [];
    }),
  }));
  const shown = scored.filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return [];
  return [
    made({
      kind: 'exactMatch',
      given: [shown, chartSubtitle(rows, `whiskers: 95 % intervals (${intervalKind(rows, 'Wilson')})`)],
    }),
  ];
}

const METRICS = [
  { id: 'exact-match', name: 'exact match', interval: 'Wilson' },
  { id: 'f1', name: 'F1', interval: 'Student’s t' },
] as const;

function quality(name: string, group: readonly ReportRow[], colours: ReadonlyMap<string, Colour>): ReportChart[] {
  return METRICS.flatMap((metric) =>
    againstRatio(name, group, colours, {
      ...metric,
      interval: intervalKind(group, metric.interval),
      valueOf: (row) => shareOf(row, metric.id),
    }),
  );
}

function factsHeld(
  name: string,
  group: readonly ReportRow[],
  held: readonly FactsHeld[],
  colours: ReadonlyMap<string, Colour>,
): ReportChart[] {
  const here = held.filter(({ row }) => group.includes(row));
  if (here.length === 0) return [];
  const metric = {
    id: 'facts-held',
    name: 'facts held',
    unit: `of ${here[0]!.facts}`,
    interval: `bootstrap by passage${group.some((row) => countedSeeds(row) > 1) ? ' and seed' : ''}`,
  };
  const valueOf = (row: ReportRow): Share | undefined => here.find((one) => one.row === row)?.mean;
  return againstRatio(name, group, colours, { ...metric, valueOf });
}

/** Lines of a metric over the ratios of each family, and a level for each row without one; none where there is one point alone. */
function againstRatio(
  name: string,
  group: readonly ReportRow[],
  colours: ReadonlyMap<string, Colour>,
  of: ShownMetric & { readonly interval: string; readonly valueOf: (row: ReportRow) => Share | undefined },
): ReportChart[] {
  const { interval, valueOf, ...metric } = of;
  const scored = group.flatMap((row) => {
    const share = valueOf(row);
    return share ? [{ row, share, colour: colours.get(row.family)! }] : [];
  });
  const families = groupBy(scored, ({ row }) => row.family);
  const lines = [...families].flatMap(([label, members]): QualityLine[] => {
    const points = members.flatMap(({ row, share }) => {
      const { measuredRatio: ratio, manifest } = row;
      return ratio === null || manifest.ratio === null ? [] : [{ ...share, ratio, nominal: manifest.ratio }];
    });
    const sorted = points.sort((one, other) => one.ratio - other.ratio);
    return sorted.length > 0 ? [{ label, colour: members[0]!.colour, points: sorted }] : [];
  });
  const levels = scored
    .filter(({ row }) => row.manifest.ratio === null || row.measuredRatio === null)
    .map(({ row, share, colour }) => ({ label: chartLabel(row), colour, ...share }));
  // One point says nothing that the table does not say better.
  if (lines.length === 0 || lines.flatMap(({ points }) => points).length + levels.length < 2) return [];
  const intervals = `bars and bands: 95 % intervals (${interval})`;
  return [
    made(
      { kind: 'quality', given: [name, metric, lines, levels, chartSubtitle(group, intervals)] },
      group[0]!.benchmark,
    ),
  ];
}

function dialsOf({ label, panels }: DialPanels, colours: ReadonlyMap<string, Colour>): ReportChart {
  const rows = panels.flatMap(({ points }) => points.map(({ row }) => row));
  const groups = panels.map(({ dial, points }) => ({
    heading: dial,
    rows: points.map(({ value, row, chance: { attribute, nothing } }) => ({
      label: value,
      colour: colours.get(row.family)!,
      attribute: attribute === null ? null : 100 * attribute,
      nothing: 100 * nothing,
      ...shareOf(row, 'exact-match')!,
    })),
  }));
  return made({
    kind: 'dials',
    given: [label, groups, chartSubtitle(rows, `whiskers: 95 % intervals (${intervalKind(rows, 'Wilson')})`)],
  });
}

/** Of each benchmark and model; what ranks without a model stands beside each. */
function recall(
  groups: Groups,
  colours: ReadonlyMap<string, Colour>,
  candidates: ReadonlyMap<string, QuestionCandidates>,
): ReportChart[] {
  const isFree = ({ manifest }: ReportRow): boolean => manifest.model === null;
  return groups.flatMap(([name, group]) => {
    const beside = groups.flatMap(([, rows]) => rows.filter((row) => row.benchmark === group[0]!.benchmark));
    if (group.every(isFree) && !beside.every(isFree)) return [];
    const rows = [...group, ...beside.filter((row) => isFree(row) && !group.includes(row))];
    const counts = candidates.get(group[0]!.manifest.examples.sha256);
    const spec = counts && recallSpec(name, rows, colours, counts);
    return spec ? [made(spec, group[0]!.benchmark)] : [];
  });
}

function qualityTime(rows: readonly ReportRow[], groups: Groups, colours: ReadonlyMap<string, Colour>): ReportChart[] {
  const efficiency = efficiencyOf(rows);
  return groups.flatMap(([name, group]) => {
    const spec = qualityTimeSpec(
      name,
      efficiency.filter(({ row }) => group.includes(row)),
      colours,
    );
    return spec ? [made(spec, group[0]!.benchmark)] : [];
  });
}

/** Rows that a chart of bars has room for. */
const BARS = 40;

/** One chart of all benchmarks, or one of each where they are too many rows for one. */
function time(rows: readonly ReportRow[], groups: Groups): ReportChart[] {
  const timed = groups.flatMap(([name, group]) => {
    const measured = group.filter((row) => phases.some((phase) => scoreOf(row, `ms-${phase}`)));
    const shown = withRoom(measured, BARS).map((row) => ({ label: chartLabel(row), ms: phaseTimes(row) }));
    const left = measured.length - shown.length;
    return shown.length > 0 ? [{ name, group: { heading: heading(name, group), rows: shown }, left }] : [];
  });
  if (timed.length === 0) return [];
  const subtitle = `mean over the questions answered; ${setUp(rows)}`;
  const bars = timed.reduce((sum, { group }) => sum + group.rows.length, 0);
  if (bars <= BARS && timed.every(({ left }) => left === 0)) {
    return [made({ kind: 'time', given: [timed.map(({ group }) => group), subtitle] })];
  }
  return timed.map(({ name, group, left }) => {
    const words = left > 0 ? `${subtitle}; not drawn: ${left} rows more, see the table` : subtitle;
    return made({ kind: 'time', given: [[group], words, name] });
  });
}

function phaseTimes(row: ReportRow): Partial<Record<Phase, number>> {
  return Object.fromEntries(
    phases.flatMap((phase) => {
      const score = scoreOf(row, `ms-${phase}`);
      return score ? [[phase, score.value]] : [];
    }),
  );
}

/** The machine and the batch, where they are the same in all rows. */
function setUp(rows: readonly ReportRow[]): string {
  const machines = new Set(rows.map(({ manifest }) => machineText(manifest)));
  const batches = new Set(rows.map(({ manifest }) => manifest.batch));
  const machine = machines.size === 1 ? [...machines][0]! : 'different machines, not comparable (see the table)';
  return `${machine}, batch ${batches.size === 1 ? [...batches][0] : 'as in the table'}`;
}

/** Colours by family, the same in every chart of a report; systems without documents are grey. */
function familyColours(rows: readonly ReportRow[]): Map<string, Colour> {
  const colours = new Map<string, Colour>();
  let next = 0;
  for (const { family, measuredRatio } of rows) {
    if (colours.has(family)) continue;
    colours.set(family, measuredRatio === null ? referenceColour : seriesColours[next++ % seriesColours.length]!);
  }
  return colours;
}

function heading(name: string, group: readonly ReportRow[]): string {
  return `${name} (n = ${questionCounts(group)})`;
}
