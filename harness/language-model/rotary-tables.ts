import { rotaryTable } from '../engine/rotary.ts';
import type { Tensor } from '../engine/tensorflow.ts';
import { tf } from '../engine/tensorflow.ts';
import type { ModelConfig } from './model-config.ts';

/** Rotary tables of a model for given positions; those of the queries are scaled by 1 / sqrt(headSize), so that scores need no scaling. */
export interface RotaryTables {
  readonly queries: Tensor;
  readonly keys: Tensor;
  /** Conjugates, for gradients. */
  readonly queriesInverse: Tensor;
  readonly keysInverse: Tensor;
}

/** Tables of one row a position, as many as `positions`. The caller frees them. */
export function rotaryTablesAt(config: ModelConfig, positions: readonly number[]): RotaryTables {
  const { inverseFrequencies, heads, keyValueHeads, headSize, rotaryScale } = config;
  const scale = 1 / Math.sqrt(headSize);
  const table = (count: number, factor: number, conjugate: boolean): Tensor =>
    rotaryTable(
      positions,
      inverseFrequencies,
      count,
      headSize,
      { rotated: factor * rotaryScale, rest: factor },
      conjugate,
    );
  return {
    queries: table(heads, scale, false),
    keys: table(keyValueHeads, 1, false),
    queriesInverse: table(heads, scale, true),
    keysInverse: table(keyValueHeads, 1, true),
  };
}

/** One entry a model: the lengths of a sorted job change slowly, and a table of 2,000 positions is 6 MB. */
const cached = new WeakMap<ModelConfig, { rows: number; tables: RotaryTables }>();

/** Tables of positions 0 to rows - 1; those of the last call are kept. */
export function rotaryTables(config: ModelConfig, rows: number): RotaryTables {
  const last = cached.get(config);
  if (last?.rows === rows) return last.tables;
  if (last) for (const table of Object.values(last.tables) as Tensor[]) table.dispose();
  const tables = rotaryTablesAt(
    config,
    Array.from({ length: rows }, (_, i) => i),
  );
  for (const table of Object.values(tables) as Tensor[]) tf.keep(table);
  cached.set(config, { rows, tables });
  return tables;
}
