import { benchmarkName } from '../../datasets/benchmark-name.ts';
import { InputError } from '../../harness/errors.ts';
import { configurationOf } from '../configuration-of.ts';
import type { Run } from '../find-runs.ts';
import { groupBy } from '../group-by.ts';
import { pairSeeds } from '../pair-seeds.ts';
import { nameRuns } from '../run-names.ts';
import { sameAnswers } from '../same-answers.ts';
import type { Side } from './find-side.ts';

/** One system with one setting and model on one benchmark. */
export interface Cell {
  /** One a seed, by seed. */
  readonly runs: readonly Run[];
  /** Name and split. */
  readonly benchmark: string;
  readonly ratio: number | null;
  /** System, settings that tell it from others, ratio. */
  readonly label: string;
}

/** Two cells of one benchmark. */
export interface CellPair {
  readonly one: Cell;
  readonly other: Cell;
}

/** Something that one side alone has. */
export interface Unmatched {
  readonly side: 'A' | 'B';
  /** The cell, with the seed where its others are compared. */
  readonly label: string;
}

/** What is compared, and the cells and seeds that have no counterpart. */
export interface MatchedCells {
  readonly pairs: readonly CellPair[];
  readonly unmatched: readonly Unmatched[];
}

/**
 * Which cells are compared. Two whole folders of runs: those that agree in benchmark, system, settings and model. Otherwise each cell with the one of its benchmark; where
 * both sides have several there, with the one of its nominal ratio, or else the one without a ratio.
 *
 * @throws InputError where nothing matches, or several do.
 */
export function matchCells(one: Side, other: Side): MatchedCells {
  const bothWhole = one.isWhole && other.isWhole;
  const ones = cellsOf(one, bothWhole ? one.runs : [...one.runs, ...other.runs]);
  const others = cellsOf(other, bothWhole ? other.runs : [...one.runs, ...other.runs]);
  const pairs = bothWhole ? sameCells(ones, others) : cellsByBenchmark(ones, others, other);
  const used = new Set(pairs.flatMap((pair) => [pair.one, pair.other]));
  if (pairs.length === 0) {
    const list = (cells: readonly Cell[]): string => cells.map((cell) => `\n  ${fullLabel(cell)}`).join('');
    throw new InputError(
      `expected ${bothWhole ? 'runs of the same benchmark, system, settings and model' : 'runs of the same benchmark (and ratio, where both sides have several)'}, got none\n ${one.given} has${list(ones)}\n ${other.given} has${list(others)}`,
    );
  }
  const alone = (side: Unmatched['side'], cells: readonly Cell[]): Unmatched[] =>
    cells.filter((cell) => !used.has(cell)).map((cell) => ({ side, label: fullLabel(cell) }));
  return { pairs, unmatched: [...alone('A', ones), ...alone('B', others), ...unmatchedSeeds(pairs)] };
}

/** Runs of matched cells whose seed is compared with nothing. @throws InputError where no seed of two cells is the same. */
function unmatchedSeeds(pairs: readonly CellPair[]): Unmatched[] {
  const problems: string[] = [];
  const alone = pairs.flatMap(({ one, other }) => {
    const seeds = pairSeeds(one.runs, other.runs);
    if (seeds.length === 0) {
      problems.push(
        `${one.benchmark}: expected runs of the same seeds, got ${seedsOf(one)} of ${one.label} and ${seedsOf(other)} of ${other.label}`,
      );
    }
    const used = new Set(seeds.flatMap((pair) => [pair.one, pair.other]));
    const left = (side: Unmatched['side'], cell: Cell): Unmatched[] =>
      // What gave the same answers with every seed is compared by one of them.
      (sameAnswers(cell.runs) ? [] : cell.runs)
        .filter((run) => !used.has(run))
        .map(({ manifest }) => ({ side, label: `${fullLabel(cell)} seed ${manifest.seed}` }));
    return [...left('A', one), ...left('B', other)];
  });
  if (problems.length > 0) throw new InputError(problems);
  return [...new Map(alone.map((one) => [`${one.side} ${one.label}`, one])).values()];
}

function seedsOf({ runs }: Cell): string {
  return runs.map(({ manifest }) => manifest.seed).join(', ');
}

/** The cell's name with its benchmark. */
export function fullLabel({ benchmark, label }: Cell): string {
  return `${benchmark} ${label}`;
}

/** The cells of a side, named as short as its being told apart from `among` allows. */
export function cellsOf({ given, runs }: Side, among: readonly Run[]): Cell[] {
  const distinct = [...new Map(among.map((run) => [run.manifest.key, run])).values()];
  const names = new Map(nameRuns(distinct).map((name, at) => [distinct[at]!.manifest.key, name]));
  const problems: string[] = [];
  const cells = [...groupBy(runs, ({ manifest }) => configurationOf(manifest)).values()].map((group): Cell => {
    const { benchmark, ratio, key } = group[0]!.manifest;
    const { family } = names.get(key)!;
    const label = ratio === null ? family : `${family} ${ratio}×`;
    for (const [seed, same] of groupBy(group, ({ manifest }) => String(manifest.seed))) {
      if (same.length < 2) continue;
      const keys = same.map(({ manifest }) => manifest.key.slice(0, 16)).join(', ');
      problems.push(
        `${given}: expected one run of ${label} with seed ${seed}, got ${same.length}: name one of ${keys}`,
      );
    }
    const bySeed = [...group].sort((one, other) => one.manifest.seed - other.manifest.seed);
    return { runs: bySeed, benchmark: `${benchmarkName(benchmark)}/${benchmark.split}`, ratio, label };
  });
  if (problems.length > 0) throw new InputError(problems);
  return cells.sort(inOrder);
}

function inOrder(one: Cell, other: Cell): number {
  if (one.benchmark !== other.benchmark) return one.benchmark < other.benchmark ? -1 : 1;
  return (one.ratio ?? 0) - (other.ratio ?? 0) || (one.label < other.label ? -1 : 1);
}

function sameCells(ones: readonly Cell[], others: readonly Cell[]): CellPair[] {
  const byIdentity = new Map(others.map((cell) => [configurationOf(cell.runs[0]!.manifest), cell]));
  return ones.flatMap((one) => {
    const other = byIdentity.get(configurationOf(one.runs[0]!.manifest));
    return other ? [{ one, other }] : [];
  });
}

function cellsByBenchmark(ones: readonly Cell[], others: readonly Cell[], { given }: Side): CellPair[] {
  const here = groupBy(others, ({ benchmark }) => benchmark);
  const problems: string[] = [];
  const pairs = [...groupBy(ones, ({ benchmark }) => benchmark)].flatMap(([benchmark, mine]) => {
    const theirs = here.get(benchmark) ?? [];
    if (mine.length === 1 || theirs.length === 1) {
      return mine.flatMap((one) => theirs.map((other) => ({ one, other })));
    }
    return mine.flatMap((one) => {
      const fitting = withRatio(one.ratio, theirs);
      if (fitting.length > 1) {
        const labels = fitting.map(({ label }) => label).join('; ');
        problems.push(
          `${given}: expected one run to compare ${fullLabel(one)} with, got ${fitting.length}: ${labels}; name one`,
        );
      }
      return fitting.map((other) => ({ one, other }));
    });
  });
  if (problems.length > 0) throw new InputError(problems);
  return pairs;
}

/** The cells of a ratio, or else those that have none. */
function withRatio(wanted: number | null, cells: readonly Cell[]): readonly Cell[] {
  const same = cells.filter(({ ratio }) => ratio === wanted);
  return same.length > 0 ? same : cells.filter(({ ratio }) => ratio === null);
}
