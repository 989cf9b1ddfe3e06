import { linear } from '../engine/linear.ts';
import { lowRankInput, type InputDropout, type LowRank } from '../engine/low-rank-input.ts';
import type { Tensor } from '../engine/tensorflow.ts';
import type { BlockWeights } from './decoder-weights.ts';
import type { LinearModule } from './linear-modules.ts';

/** A decoder block's part of an adapter: the low-rank addition of each linear layer that has one. */
export type BlockAdapter = Partial<Record<LinearModule, LowRank>>;

/** A block's linear layer, applied to its input [rows, in]. */
export type Projection = (module: LinearModule, input: Tensor) => Tensor;

/** Linear layers that share an input, in the order of a block. */
const SHARED_INPUTS: readonly (readonly LinearModule[])[] = [
  ['q_proj', 'k_proj', 'v_proj'],
  ['o_proj'],
  ['gate_proj', 'up_proj'],
  ['down_proj'],
];

/**
 * The linear layers of one pass through a block, with an adapter's additions. What the additions to layers of one input have in common is computed once, dropout included.
 *
 * @param dropout what is dropped of the input of the additions, by the number of the input in the block (0 to 3)
 */
export function blockProjection(
  block: BlockWeights,
  additions: BlockAdapter,
  options: {
    readonly trainWeights?: boolean;
    readonly dropout?: (input: number, rows: number, columns: number) => InputDropout;
  } = {},
): Projection {
  const inner = new Map<number, Tensor>();
  return (module, input) => {
    const own = additions[module];
    if (!own) return linear(input, block[module], undefined, options.trainWeights);
    const shared = SHARED_INPUTS.findIndex((modules) => modules.includes(module));
    const present = SHARED_INPUTS[shared]!.filter((other) => additions[other]);
    let h = inner.get(shared);
    if (!h) {
      const [rows, columns] = input.shape as [number, number];
      h = lowRankInput(
        input,
        present.map((other) => additions[other]!),
        options.dropout?.(shared, rows, columns),
      );
      inner.set(shared, h);
    }
    const before = present.slice(0, present.indexOf(module));
    const from = before.reduce((sum, other) => sum + additions[other]!.a.shape[0], 0);
    return linear(input, block[module], { h, from, b: own.b }, options.trainWeights);
  };
}

/** Inputs of a block that have additions of their own. */
export const BLOCK_INPUTS = SHARED_INPUTS.length;
