import { attention } from '../engine/attention.ts';
import { checkpoint } from '../engine/checkpoint.ts';
import { differentiableAdd } from '../engine/add.ts';
import { differentiable } from '../engine/differentiable.ts';
import { differentiableGather } from '../engine/differentiable-gather.ts';
import { differentiableReshape } from '../engine/differentiable-reshape.ts';
import { dropoutMask, type Dropout } from '../engine/dropout-mask.ts';
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
  const { adapter, checkpointed, trainWeights = false, dropout, onBlockInput, onKeysAndValues } = options;
  return tf.tidy(() => {
    const makeTables = (): RotaryTables =>
      shape.packing ? packedTables(config, shape.rows, shape.packing) : rotaryTables(config, shape.rows);
    // A block that is computed again needs tables when these are freed already.
    const shared = checkpointed ? undefined : makeTables();
    let hidden = x;
    weights.blocks.forEach((block, index) => {
      const lowRanks = adapter?.[index] ?? {};
      const onKeys = (k: Tensor, v: Tensor): void => onKeysAndValues?.(index, k, v);
      const run = (input: Tensor, additions: BlockAdapter, from: BlockWeights): Tensor =>
        tf.tidy(() => {
          const project = blockProjection(from, additions, {
            trainWeights,
            ...(dropout && {
              dropout: (place: number, rows: number, columns: number) =>
                dropoutMask(dropout, index * BLOCK_INPUTS + place, rows, columns),
            }),
          });
          return decoderBlock(config, from, input, shape, shared ?? makeTables(), project, trainWeights, onKeys);
        });
      onBlockInput?.(index, hidden);
      const previous = hidden;
      hidden = checkpointed
        ? checkpointBlock(hidden, lowRanks, block, trainWeights, run)
        : run(hidden, lowRanks, block);
      if (previous !== x) previous.dispose();
    });
    return hidden;
  });
}

/** The final norm, on whichever rows are wanted. */
export function finalNorm(config: ModelConfig, weights: DecoderWeights, hidden: Tensor, trainWeights = false): Tensor {
  return rmsNorm(hidden, weights.finalNorm, config.rmsNormEpsilon, trainWeights);
}

function decoderBlock(
  config: ModelConfig,
  block: BlockWeights,
  x: Tensor,
  shape: BatchShape,
  tables: RotaryTables,
  project: Projection,
  trainWeights: boolean,
  onKeysAndValues: (keys: Tensor, values: Tensor) => void,
): Tensor {
  const attended = tf.tidy(() => {
    const h = rmsNorm(x, block.attentionNorm, config.rmsNormEpsilon, trainWeights);
    const { q, k, v } = queriesKeysValues(config, block, h, tables, project, trainWeights);
    onKeysAndValues(k, v);
    return differentiableAdd(x, project('o_proj', attend(config, shape, q, k, v)));
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

/** Checkpoints a block with its adapter's matrices, and its weights where they are trained, as inputs, so that gradients reach them. */
function checkpointBlock(
  x: Tensor,
  lowRanks: BlockAdapter,
  block: BlockWeights,
  trainWeights: boolean,
  run: (x: Tensor, lowRanks: BlockAdapter, block: BlockWeights) => Tensor,
): Tensor {
  const modules = Object.keys(lowRanks) as LinearModule[];
  const matrices = modules.flatMap((module) => [lowRanks[module]!.a, lowRanks[module]!.b]);
  const weights: Tensor[] = [];
  if (trainWeights) mapBlockWeights(block, (tensor) => (weights.push(tensor), tensor));
  return checkpoint([x, ...matrices, ...weights], ([input, ...inner]) => {
    const additions: BlockAdapter = {};
    modules.forEach(
      (module, i) => (additions[module] = { ...lowRanks[module]!, a: inner[2 * i]!, b: inner[2 * i + 1]! }),
    );
    let next = matrices.length;
    return run(input!, additions, trainWeights ? mapBlockWeights(block, () => inner[next++]!) : block);
  });
}
