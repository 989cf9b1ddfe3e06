import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { drawBinomial } from './draw-binomial.ts';

/** How often and from which seed to draw. */
export interface DrawOptions {
  /** 10,000 unless said otherwise. */
  readonly draws?: number;
  readonly seed?: number;
}

/** Draws unless said otherwise. */
export const DRAWS = 10_000;
/** One binomial draw takes about as long as so many draws of a row. */
export const BINOMIAL_COST = 8;

/**
 * Draws as many rows as there are, with replacement, and gives the totals of their columns to `visit`, `draws` times. Columns are all of one length, rows are what stands
 * in them at one place. Exact and in memory that does not grow with the draws: where few rows differ, it is drawn how often each of them comes (a multinomial
 * distribution, one binomial a different row), otherwise rows by their places.
 */
export function resampleTotals(
  columns: readonly Float64Array[],
  { draws = DRAWS, seed = 0 }: DrawOptions,
  visit: (totals: Float64Array, draw: number) => void,
): void {
  const rows = columns[0]!.length;
  const random = xoroshiro128plus(seed);
  const totals = new Float64Array(columns.length);
  const different = differentRows(columns, rows / BINOMIAL_COST);
  const one = columns.length === 1 ? columns[0]! : undefined;
  for (let draw = 0; draw < draws; draw++) {
    if (different) byCounts(different, rows, random, totals.fill(0));
    else if (one) totals[0] = sumOfDrawn(one, random);
    else byPlaces(columns, random, totals.fill(0));
    visit(totals, draw);
  }
}

interface DifferentRow {
  readonly values: readonly number[];
  count: number;
}

/** The rows that differ, the most frequent first; undefined where there are more than `most`. */
function differentRows(columns: readonly Float64Array[], most: number): DifferentRow[] | undefined {
  const found = new Map<string | number, DifferentRow>();
  for (let row = 0; row < columns[0]!.length; row++) {
    const values = columns.map((column) => column[row]!);
    const key = values.length === 1 ? values[0]! : values.join();
    const same = found.get(key);
    if (same) same.count++;
    else if (found.size >= most) return undefined;
    else found.set(key, { values, count: 1 });
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

function byCounts(
  different: readonly DifferentRow[],
  rows: number,
  random: RandomGenerator,
  totals: Float64Array,
): void {
  let [toDraw, among] = [rows, rows];
  for (const { values, count } of different) {
    const drawn = count === among ? toDraw : drawBinomial(random, toDraw, count / among);
    toDraw -= drawn;
    among -= count;
    for (let column = 0; column < totals.length; column++) totals[column]! += drawn * values[column]!;
  }
}

/** A loop of its own: over 100,000 rows and 10,000 draws every turn counts. */
function sumOfDrawn(column: Float64Array, random: RandomGenerator): number {
  const rows = column.length;
  const scale = rows / 2 ** 32;
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += column[Math.floor((random.next() >>> 0) * scale)]!;
  return sum;
}

function byPlaces(columns: readonly Float64Array[], random: RandomGenerator, totals: Float64Array): void {
  const rows = columns[0]!.length;
  const scale = rows / 2 ** 32;
  for (let i = 0; i < rows; i++) {
    const row = Math.floor((random.next() >>> 0) * scale);
    for (let column = 0; column < columns.length; column++) totals[column]! += columns[column]![row]!;
  }
}
