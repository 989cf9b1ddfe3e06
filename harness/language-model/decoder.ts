import { attention } from '../engine/attention.ts';
import { checkpoint } from '../engine/checkpoint.ts';
import { differentiableAdd } from '../engine/add.ts';
import { differentiable } from '../engine/differentiable.ts';
import { differentiableGather } from '../engine/differentiable-gather.ts';
import { differentiableReshape } from '../engine/differentiable-reshape.ts';
import { dropoutMask, placeSeed, type Dropout } from '../engine/dropout-mask.ts';
import type { GraphCache } from '../engine/graph-cache.ts';
import { gatherRows } from '../engine/kernels.ts';
import { rmsNorm } from '../engine/rms-norm.ts';
import { rotary } from '../engine/rotary.ts';
import { swiglu } from '../engine/swiglu.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { blockProjection, BLOCK_INPUTS, type BlockAdapter, type Projection } from './block-projection.ts';
import type { BlockWeights, DecoderWeights } from './decoder-weights.ts';
import { mapBlockWeights } from './map-weights.ts';
import type { LinearModule } from './linear-modules.ts';
import type { ModelConfig } from './model-config.ts';
import { packedTables, rotaryTables, type RotaryTables } from './rotary-tables.ts';

/** How the sequences of a batch lie in the rows of a hidden state: sequence after sequence, each padded on the right to `rows`, or packed without padding. */
export interface BatchShape {
  readonly batch: number;
  readonly rows: number;
  /** Where sequences lie end to end: only attention, which needs them side by side, pads them. */
  readonly packing?: Packing;
}

/** Where the rows of packed sequences are among padded ones; int32 vectors. Positions behind a sequence's end stand for any row: causality hides them. */
export interface Packing {
  /** [packed rows]: position of each row in its sequence. */
  readonly positions: Tensor;
  /** [batch * rows]: the packed row at each padded place. */
  readonly toPadded: Tensor;
  /** [packed rows]: the padded place of each packed row. */
  readonly toPacked: Tensor;
}

/** What a pass through the blocks does beside computing them. */
export interface PassOptions {
  /** One entry a block. */
  readonly adapter?: readonly BlockAdapter[];
  /** Recompute each block in the backward pass instead of keeping what its gradient needs. */
  readonly checkpointed?: boolean;
  /** Where the passes of checkpointed blocks are recorded as graphs: one of each kind serves all blocks, so that recording costs next to nothing. */
  readonly blockGraphs?: GraphCache;
  /** Dropout of the inputs of the adapter's additions; the additions that share an input share what is dropped. */
  readonly dropout?: Dropout;
  /** Let gradients flow to the weights themselves as well. */
  readonly trainWeights?: boolean;
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
  const { adapter, checkpointed, blockGraphs, trainWeights = false, dropout, onBlockInput, onKeysAndValues } = options;
  return tf.tidy(() => {
    const tables = shape.packing ? packedTables(config, shape.rows, shape.packing) : rotaryTables(config, shape.rows);
    let hidden = x;
    weights.blocks.forEach((block, index) => {
      const tensors: BlockTensors = {
        x: hidden,
        additions: adapter?.[index] ?? {},
        weights: block,
        tables,
        packing: shape.packing,
        seed: dropout && placeSeed(dropout, index * BLOCK_INPUTS),
      };
      const run = (read: BlockTensors): Tensor =>
        tf.tidy(() => {
          const { seed } = read;
          const project = blockProjection(read.weights, read.additions, {
            trainWeights,
            dropout: seed && ((input, rows, columns) => dropoutMask(dropout!.rate, seed, input, rows, columns)),
          });
          return decoderBlock(config, read, shape, project, trainWeights, (k, v) => onKeysAndValues?.(index, k, v));
        });
      onBlockInput?.(index, hidden);
      const previous = hidden;
      hidden = checkpointed
        ? checkpointBlock(tensors, shape, { blockGraphs, trainWeights, dropout }, run)
        : run(tensors);
      if (previous !== x) previous.dispose();
    });
    return hidden;
  });
}

/** The final norm, on whichever rows are wanted. */
export function finalNorm(config: ModelConfig, weights: DecoderWeights, hidden: Tensor, trainWeights = false): Tensor {
  return rmsNorm(hidden, weights.finalNorm, config.rmsNormEpsilon, trainWeights);
}

/** What one pass through a block reads. */
interface BlockTensors {
  readonly x: Tensor;
  readonly additions: BlockAdapter;
  readonly weights: BlockWeights;
  readonly tables: RotaryTables;
  readonly packing: Packing | undefined;
  /** Of the block's dropout masks, int32 [2]. */
  readonly seed: Tensor | undefined;
}

function decoderBlock(
  config: ModelConfig,
  { x, weights: block, tables, packing }: BlockTensors,
  shape: BatchShape,
  project: Projection,
  trainWeights: boolean,
  onKeysAndValues: (keys: Tensor, values: Tensor) => void,
): Tensor {
  const attended = tf.tidy(() => {
    const h = rmsNorm(x, block.attentionNorm, config.rmsNormEpsilon, trainWeights);
    const { q, k, v } = queriesKeysValues(config, block, h, tables, project, trainWeights);
    onKeysAndValues(k, v);
    return differentiableAdd(x, project('o_proj', attend(config, { ...shape, packing }, q, k, v)));
  });
  return feedForward(config, block, attended, project, trainWeights);
}

/** Attention of sequences as they lie. */
function attend(config: ModelConfig, shape: BatchShape, q: Tensor, k: Tensor, v: Tensor): Tensor {
  const { packing } = shape;
  if (!packing) return attention(q, k, v, { ...config, ...shape });
  const padded = [q, k, v].map((x) => padRowsOf(x, packing)) as [Tensor, Tensor, Tensor];
  return differentiableGather(attention(...padded, { ...config, ...shape }), packing.toPacked);
}

/** Packed rows at their padded places. What stands behind a sequence's end has no gradient, so that the way back is a gather too. */
function padRowsOf(x: Tensor, { toPadded, toPacked }: Packing): Tensor {
  return differentiable(
    [x],
    () => ({ value: gatherRows(x, toPadded), save: [toPacked] }),
    (dy, [toPacked]) => [gatherRows(dy, toPacked!)],
  );
}

/** Queries (rotated and scaled), keys (rotated) and values of normed rows. */
export function queriesKeysValues(
  config: ModelConfig,
  block: BlockWeights,
  h: Tensor,
  tables: RotaryTables,
  project: Projection,
  trainWeights = false,
): { q: Tensor; k: Tensor; v: Tensor } {
  const { headSize, rmsNormEpsilon } = config;
  const headNorm = (x: Tensor, gamma: Tensor | undefined): Tensor =>
    gamma
      ? differentiableReshape(rmsNorm(differentiableReshape(x, [-1, headSize]), gamma, rmsNormEpsilon, trainWeights), [
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
  project: Projection,
  trainWeights = false,
): Tensor {
  return tf.tidy(() => {
    const h = rmsNorm(x, block.feedForwardNorm, config.rmsNormEpsilon, trainWeights);
    return differentiableAdd(x, project('down_proj', swiglu(project('gate_proj', h), project('up_proj', h))));
  });
}

/** Checkpoints a block: all that it reads is an input, so that gradients reach it, and one recorded graph serves all blocks. */
function checkpointBlock(
  block: BlockTensors,
  { batch, rows }: BatchShape,
  { blockGraphs, trainWeights, dropout }: Pick<PassOptions, 'blockGraphs' | 'trainWeights' | 'dropout'>,
  run: (block: BlockTensors) => Tensor,
): Tensor {
  const { x, additions, tables, packing, seed } = block;
  const modules = Object.keys(additions) as LinearModule[];
  const tensors = [x, ...modules.flatMap((module) => [additions[module]!.a, additions[module]!.b])];
  mapBlockWeights(block.weights, (tensor) => (tensors.push(tensor), tensor));
  const { queries, keys, queriesInverse, keysInverse } = tables;
  tensors.push(queries, keys, queriesInverse!, keysInverse!);
  if (packing) tensors.push(packing.toPadded, packing.toPacked);
  if (seed) tensors.push(seed);
  const key = [batch, rows, x.shape[0], trainWeights, dropout?.rate, ...modules, additions[modules[0]!]?.a.shape[0]];
  const rebuilt = (given: readonly Tensor[]): BlockTensors => {
    let at = 0;
    const next = (): Tensor => given[at++]!;
    const input = next();
    const inner: BlockAdapter = {};
    for (const module of modules) inner[module] = { ...additions[module]!, a: next(), b: next() };
    return {
      x: input,
      additions: inner,
      weights: mapBlockWeights(block.weights, next),
      tables: { queries: next(), keys: next(), queriesInverse: next(), keysInverse: next() },
      packing: packing && { ...packing, toPadded: next(), toPacked: next() },
      seed: seed && next(),
    };
  };
  const recorded = blockGraphs && { graphs: blockGraphs, key: key.join(' ') };
  return checkpoint(tensors, (given) => run(rebuilt(given)), recorded);
}
