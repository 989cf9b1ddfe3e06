import { groupBy } from '../group-by.ts';
import type { Board, BoardPair, BoardRow, BoardScore } from './board.ts';
import { answersOf, finishedAt, type PublishedReport, type PublishedRow } from './published-report.ts';

/** A system in a report. */
export interface Entry {
  readonly report: PublishedReport;
  /** The report's place among the site's. */
  readonly at: number;
  readonly row: PublishedRow;
}

/** Entries of the same questions, words and scorer. */
export interface EntryGroup {
  readonly label: string;
  readonly shared: string;
  readonly entries: readonly Entry[];
}

/** The metrics that reports give as shares but that are no quality of a system. */
const NO_QUALITY = /^recall-ceiling@/;

/** Every system of every report, with those that may be compared together, by benchmark. */
export function groupEntries(reports: readonly PublishedReport[]): EntryGroup[] {
  const entries = reports.flatMap((report, at) => report.rows.map((row) => ({ report, at, row })));
  const groups = [...groupBy(entries, comparableBy).values()].map((entries) => ({ entries, ...naming(entries[0]!) }));
  const names = groupBy(groups, ({ name }) => name);
  return groups
    .map(({ entries, name, telling, shared }) => ({
      entries,
      shared,
      label: names.get(name)!.length > 1 ? `${name}, ${telling}` : name,
    }))
    .sort((one, other) => (one.label < other.label ? -1 : 1));
}

function comparableBy({ report: { scorer }, row }: Entry): string {
  const { examples, prompt } = row.manifests[0];
  return JSON.stringify([examples.sha256, prompt, scorer.preset, scorer.sha256]);
}

function naming({ report: { scorer }, row }: Entry): { name: string; telling: string; shared: string } {
  const { examples, prompt, benchmark } = row.manifests[0];
  const told = [
    `data ${short(examples.sha256)}`,
    ...(prompt === undefined ? [] : [`prompt ${short(prompt)}`]),
    `scorer ${scorer.preset} ${short(scorer.sha256)}`,
  ].join(', ');
  const count = `${examples.count.toLocaleString('en-US')} questions (${benchmark.split})`;
  return { name: `${row.benchmark}, ${count}`, telling: told, shared: `${count}; ${told}` };
}

/** A hash as it is told: enough to tell it from others. */
export function short(hash: string): string {
  return hash.slice(0, 8);
}

/** The board of comparable entries. A system that stands in several reports with the same answers is one row. */
export function boardOf({ label, shared, entries }: EntryGroup, name: string): Board {
  const systems = [...groupBy(entries, ({ row }) => answersOf(row)).values()];
  const models = namesOfModels(entries);
  const metrics = new Map(entries.flatMap(({ report }) => report.metrics.map((metric) => [metric.id, metric])));
  const rows = systems.map((same) => rowOf(same, models));
  return {
    name,
    label,
    shared,
    metrics: [...metrics.values()]
      .filter(({ id, unit }) => unit === 'share' && !NO_QUALITY.test(id) && rows.some(({ scores }) => id in scores))
      .map(({ id, description }) => ({ id, description })),
    rows,
    pairs: pairsOf(systems),
  };
}

function rowOf(same: readonly Entry[], models: ReadonlyMap<string, string>): BoardRow {
  const { row } = same[0]!;
  const { system, label, ratio, measuredRatio, questions, failures, seeds } = row;
  const scores = row.scores.map(({ metric, value, low, high, n }) => [metric, { value, low, high, n }] as const);
  return {
    system,
    label,
    model: models.get(modelKey(row))!,
    ratio,
    measuredRatio,
    seeds: seeds.length,
    questions,
    failures,
    scores: Object.fromEntries<BoardScore>(scores),
    reports: [...new Set(same.map(({ at }) => at))],
    finishedAt: same.map(({ row }) => finishedAt(row)).sort().at(-1)!, // prettier-ignore
  };
}

function modelKey({ model, manifests }: PublishedRow): string {
  return JSON.stringify([model, manifests[0].model?.hash ?? null]);
}

/** Names of models: the id, with its weights' hash where others go by the same id. */
function namesOfModels(entries: readonly Entry[]): Map<string, string> {
  const models = new Map(entries.map(({ row }) => [modelKey(row), row]));
  const byId = groupBy([...models.values()], ({ model }) => model);
  return new Map(
    [...models].map(([key, { model, manifests }]) => [
      key,
      byId.get(model)!.length > 1 ? `${model} ${short(manifests[0].model?.hash ?? '')}` : model,
    ]),
  );
}

/** The paired differences of all reports between rows; where several reports have one, the one that says the least. */
function pairsOf(rows: readonly (readonly Entry[])[]): BoardPair[] {
  const pairs = new Map<string, BoardPair>();
  const reports = new Map(rows.flat().map(({ at, report }) => [at, report]));
  for (const [at, { differences }] of reports) {
    const places = new Map<string, number>();
    for (const [place, row] of rows.entries()) {
      for (const entry of row) if (entry.at === at) places.set(runsOf(entry.row), place);
    }
    for (const { one, other, exactMatch, f1, correctedP } of differences) {
      const sides = { one: places.get(runsOf(one)), other: places.get(runsOf(other)) };
      if (sides.one === undefined || sides.other === undefined) continue;
      const both = { one: sides.one, other: sides.other };
      const found: BoardPair[] = [
        { ...both, metric: 'exact-match', difference: exactMatch.mean, interval: exactMatch.interval, p: correctedP },
        { ...both, metric: 'f1', difference: f1.mean, interval: f1.interval, p: null },
      ];
      for (const pair of found) {
        const key = `${pair.metric} ${pair.one} ${pair.other}`;
        if ((pairs.get(key)?.p ?? -1) < (pair.p ?? 0)) pairs.set(key, pair);
      }
    }
  }
  return [...pairs.values()];
}

function runsOf({ seeds }: Pick<PublishedRow, 'seeds'>): string {
  return seeds.map(({ run }) => run).join(' ');
}
