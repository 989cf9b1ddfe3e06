import { groupBy } from '../group-by.ts';
import type { BoardScore } from './board.ts';
import type { Entry, EntryGroup } from './boards-of.ts';
import { answersOf, finishedAt } from './published-report.ts';

/** A system of a suite at one time. */
export interface TrendPoint {
  readonly entry: Entry;
  readonly score: BoardScore;
  /** What it was run with that the run before was not. */
  readonly changed: readonly string[];
}

/** A system of a suite over time, oldest first. */
export interface TrendLine {
  readonly label: string;
  readonly points: readonly TrendPoint[];
}

/** The runs of a suite over time that may be compared: the same questions, words and scorer. */
export interface Trend {
  readonly suite: string;
  /** The group of entries that it is of. */
  readonly group: EntryGroup;
  readonly lines: readonly TrendLine[];
}

/** Every suite with a system that was run more than once, by a metric. A system goes by the name that its reports give it, with its model. */
export function trendsOf(groups: readonly EntryGroup[], metric: string): Trend[] {
  return groups
    .flatMap((group) =>
      [...groupBy(group.entries, ({ row }) => row.manifests[0].suite)].map(([suite, entries]) => ({
        suite,
        group,
        lines: linesOf(entries, metric),
      })),
    )
    .filter(({ lines }) => lines.some(({ points }) => points.length > 1))
    .sort((one, other) => (one.suite < other.suite ? -1 : 1));
}

function linesOf(entries: readonly Entry[], metric: string): TrendLine[] {
  const models = new Set(entries.map(({ row }) => row.model));
  const name = ({ row }: Entry): string => (models.size > 1 ? `${row.label}, ${row.model}` : row.label);
  return [...groupBy(entries, name)].flatMap(([label, same]) => {
    const points = pointsOf(same, metric);
    return points.length > 0 ? [{ label, points }] : [];
  });
}

/** Each run once, though it stands in several reports: in the first of them. */
function pointsOf(entries: readonly Entry[], metric: string): TrendPoint[] {
  const runs = groupBy(entries, ({ row }) => `${finishedAt(row)} ${answersOf(row)}`);
  const inOrder = [...runs].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, [entry]]) => entry!);
  return inOrder.flatMap((entry, at) => {
    const score = entry.row.scores.find((score) => score.metric === metric);
    const before = inOrder[at - 1];
    return score ? [{ entry, score, changed: before ? changes(before, entry) : [] }] : [];
  });
}

function changes(one: Entry, other: Entry): string[] {
  const [old, now] = [settingsOf(one.row.setting), settingsOf(other.row.setting)];
  const [before, after] = [one.row.manifests[0], other.row.manifests[0]];
  const [earlier, later] = [one.report.program, other.report.program];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name));
  return [
    ...names.map((name) => `${name} ${old.get(name) ?? 'unset'} → ${now.get(name) ?? 'unset'}`),
    ...(before.model?.hash !== after.model?.hash ? ['the model’s weights'] : []),
    ...(before.trained !== after.trained ? ['the training'] : []),
    ...(before.versions.program !== after.versions.program ? ['the program’s version'] : []),
    ...(before.versions.commit?.commit !== after.versions.commit?.commit ? ['the run’s commit'] : []),
    ...(earlier?.commit !== later?.commit ? ['the report’s commit'] : []),
  ];
}

/** A setting of text may have a semicolon in it: what has no name belongs to the part before it. */
function settingsOf(text: string): Map<string, string> {
  const parts = text.split(/;(?=[\w.-]+=)/).filter(Boolean);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
}
