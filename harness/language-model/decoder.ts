import { attention } from '../engine/attention.ts';
import { checkpoint } from '../engine/checkpoint.ts';
import { differentiableAdd } from '../engine/add.ts';
import { differentiableReshape } from '../engine/differentiable-reshape.ts';
import { linear, type LowRank } from '../engine/linear.ts';
import { rmsNorm } from '../engine/rms-norm.ts';
import { rotary } from '../engine/rotary.ts';
import { swiglu } from '../engine/swiglu.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { BlockWeights, DecoderWeights } from './decoder-weights.ts';
import type { LinearModule } from './linear-modules.ts';
import type { ModelConfig } from './model-config.ts';
import { rotaryTables, type RotaryTables } from './rotary-tables.ts';

/** A decoder block's part of an adapter: the low-rank addition of each linear layer that has one. */
export type BlockAdapter = Partial<Record<LinearModule, LowRank>>;

/** How the sequences of a batch lie in the rows of a hidden state: sequence after sequence, each padded on the right to `rows`. */
export interface BatchShape {
  readonly batch: number;
  readonly rows: number;
}

/** What a pass through the blocks does beside computing them. */
export interface PassOptions {
  /** One entry a block. */
  readonly adapter?: readonly BlockAdapter[];
  /** Recompute each block in the backward pass instead of keeping what its gradient needs. */
  readonly checkpointed?: boolean;
  /** Told each block's input, [batch * rows, hidden]. */
  readonly onBlockInput?: (block: number, x: Tensor) => void;
  /** Told each block's rotated keys and values, [batch * rows, keyValueHeads * headSize]. */
  readonly onKeysAndValues?: (block: number, keys: Tensor, values: Tensor) => void;
}

/**
 * Hidden states after the last block, before the final norm.
 *
 * @param x embeddings [batch * rows, hidden]
 * @returns [batch * rows, hidden]
 */
export function decode(
  config: ModelConfig,
  weights: DecoderWeights,
  x: Tensor,
  shape: BatchShape,
  options: PassOptions = {},
): Tensor {
  const tables = rotaryTables(config, shape.rows);
  const { adapter, checkpointed, onBlockInput, onKeysAndValues } = options;
  return tf.tidy(() => {
    let hidden = x;
    weights.blocks.forEach((block, index) => {
      const lowRanks = adapter?.[index] ?? {};
      const run = (input: Tensor, additions: BlockAdapter): Tensor =>
        tf.tidy(() =>
          decoderBlock(config, block, input, shape, tables, additions, (k, v) => onKeysAndValues?.(index, k, v)),
        );
      onBlockInput?.(index, hidden);
      const previous = hidden;
      hidden = checkpointed ? checkpointBlock(hidden, lowRanks, run) : run(hidden, lowRanks);
      if (previous !== x) previous.dispose();
    });
    return hidden;
  });
}

/** The final norm, on whichever rows are wanted. */
export function finalNorm(config: ModelConfig, weights: DecoderWeights, hidden: Tensor): Tensor {
  return rmsNorm(hidden, weights.finalNorm, config.rmsNormEpsilon);
}

function decoderBlock(
  config: ModelConfig,
  block: BlockWeights,
  x: Tensor,
  shape: BatchShape,
  tables: RotaryTables,
  lowRanks: BlockAdapter,
  onKeysAndValues: (keys: Tensor, values: Tensor) => void,
): Tensor {
  const project = (module: LinearModule, input: Tensor): Tensor => linear(input, block[module], lowRanks[module]);
  const attended = tf.tidy(() => {
    const h = rmsNorm(x, block.attentionNorm, config.rmsNormEpsilon);
    const { q, k, v } = queriesKeysValues(config, block, h, tables, project);
    onKeysAndValues(k, v);
    return differentiableAdd(x, project('o_proj', attention(q, k, v, { ...config, ...shape })));
  });
  return feedForward(config, block, attended, project);
}

/** Queries (rotated and scaled), keys (rotated) and values of normed rows. */
export function queriesKeysValues(
  config: ModelConfig,
  block: BlockWeights,
  h: Tensor,
  tables: RotaryTables,
  project: (module: LinearModule, input: Tensor) => Tensor,
): { q: Tensor; k: Tensor; v: Tensor } {
  const { headSize, rmsNormEpsilon } = config;
  const headNorm = (x: Tensor, gamma: Tensor | undefined): Tensor =>
    gamma
      ? differentiableReshape(rmsNorm(differentiableReshape(x, [-1, headSize]), gamma, rmsNormEpsilon), [
          -1,
          x.shape[1]!,
        ])
      : x;
  const q = headNorm(project('q_proj', h), block.queryNorm);
  const k = headNorm(project('k_proj', h), block.keyNorm);
  return {
    q: rotary(q, tables.queries, tables.queriesInverse),
    k: rotary(k, tables.keys, tables.keysInverse),
    v: project('v_proj', h),
  };
}

/** x + down(silu(gate h) up h), h the normed x. */
export function feedForward(
  config: ModelConfig,
  block: BlockWeights,
  x: Tensor,
  project: (module: LinearModule, input: Tensor) => Tensor,
): Tensor {
  return tf.tidy(() => {
    const h = rmsNorm(x, block.feedForwardNorm, config.rmsNormEpsilon);
    return differentiableAdd(x, project('down_proj', swiglu(project('gate_proj', h), project('up_proj', h))));
  });
}

/** Checkpoints a block with its adapter's matrices as inputs, so that gradients reach them. */
function checkpointBlock(
  x: Tensor,
  lowRanks: BlockAdapter,
  run: (x: Tensor, lowRanks: BlockAdapter) => Tensor,
): Tensor {
  const modules = Object.keys(lowRanks) as LinearModule[];
  const matrices = modules.flatMap((module) => [lowRanks[module]!.a, lowRanks[module]!.b]);
  return checkpoint([x, ...matrices], ([input, ...inner]) => {
    const additions: BlockAdapter = {};
    modules.forEach(
      (module, i) => (additions[module] = { ...lowRanks[module]!, a: inner[2 * i]!, b: inner[2 * i + 1]! }),
    );
    return run(input!, additions);
  });
}
