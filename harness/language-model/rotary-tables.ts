import { gatherRows, reshapeComplex } from '../engine/kernels.ts';
import { rotaryTable } from '../engine/rotary.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { ModelConfig } from './model-config.ts';

/** Rotary tables of a model for given positions; those of the queries are scaled by 1 / sqrt(headSize), so that scores need no scaling. */
export interface RotaryTables {
  readonly queries: Tensor;
  readonly keys: Tensor;
  /** Conjugates, for gradients. */
  readonly queriesInverse?: Tensor;
  readonly keysInverse?: Tensor;
}

/** Tables of one row a position, without those for gradients. The caller frees them. */
export function rotaryTablesAt(config: ModelConfig, positions: readonly number[]): RotaryTables {
  return { queries: queryTable(config, positions), keys: keyTable(config, positions) };
}

/** One entry a model: the lengths of a sorted job change slowly, and a table of 2,000 positions is 6 MB. */
const cached = new WeakMap<ModelConfig, { rows: number; tables: RotaryTables }>();

/** Tables of positions 0 to rows - 1, shared by the sequences of a batch; those of the last call are kept. */
export function rotaryTables(config: ModelConfig, rows: number): RotaryTables {
  const last = cached.get(config);
  if (last?.rows === rows) return last.tables;
  if (last) for (const table of Object.values(last.tables) as Tensor[]) table.dispose();
  const positions = Array.from({ length: rows }, (_, i) => i);
  const tables = {
    queries: queryTable(config, positions, { flat: true }),
    keys: keyTable(config, positions, { flat: true }),
    queriesInverse: queryTable(config, positions, { flat: true, conjugate: true }),
    keysInverse: keyTable(config, positions, { flat: true, conjugate: true }),
  };
  for (const table of Object.values(tables)) tf.keep(table);
  cached.set(config, { rows, tables });
  return tables;
}

/** Tables of packed rows: one row of each for each packed row. Made where they are used, and freed with the caller's scope. */
export function packedTables(
  config: ModelConfig,
  rows: number,
  { positions }: { readonly positions: Tensor },
): RotaryTables {
  const { queries, keys, queriesInverse, keysInverse } = rotaryTables(config, rows);
  const at = (table: Tensor): Tensor => gatherRows(reshapeComplex(table, [rows, -1]), positions);
  return {
    queries: at(queries),
    keys: at(keys),
    queriesInverse: at(queriesInverse!),
    keysInverse: at(keysInverse!),
  };
}

interface TableOptions {
  readonly flat?: boolean;
  readonly conjugate?: boolean;
}

function queryTable(config: ModelConfig, positions: readonly number[], options?: TableOptions): Tensor {
  const { inverseFrequencies, heads, headSize, rotaryScale } = config;
  const scale = 1 / Math.sqrt(headSize);
  return rotaryTable(
    positions,
    inverseFrequencies,
    heads,
    headSize,
    { rotated: scale * rotaryScale, rest: scale },
    options,
  );
}

function keyTable(config: ModelConfig, positions: readonly number[], options?: TableOptions): Tensor {
  const { inverseFrequencies, keyValueHeads, headSize, rotaryScale } = config;
  return rotaryTable(
    positions,
    inverseFrequencies,
    keyValueHeads,
    headSize,
    { rotated: rotaryScale, rest: 1 },
    options,
  );
}
