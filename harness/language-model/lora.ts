import { gatherRows } from '../engine/kernels.ts';
import { tf, type Tensor, type Variable } from '../engine/tensorflow.ts';
import type { BlockAdapter } from './block-projection.ts';
import { LINEAR_MODULES, moduleParent, type LinearModule } from './linear-modules.ts';
import { linearShape } from './linear-shape.ts';
import type { ModelConfig } from './model-config.ts';
import { inverseOrder, pairedRows } from './rotary-order.ts';

/** Which layers an adapter adds to, and how strongly. */
export interface LoraSettings {
  readonly rank: number;
  /** The addition is multiplied by alpha / rank. */
  readonly alpha: number;
  /** All linear layers by default. */
  readonly modules?: readonly LinearModule[];
  /** Blocks that get an addition; all by default. */
  readonly blocks?: readonly number[];
}

/** A low-rank matrix of an adapter, by its name in a checkpoint: `model.layers.{i}.self_attn.q_proj.lora_A.weight`. */
export interface LoraMatrix {
  readonly name: string;
  readonly variable: Variable;
  /** Row order of the matrix in the engine where it differs from the checkpoint's (B of q and k). */
  readonly order?: readonly number[];
}

/** A trainable adapter (Hu et al., 2021): for each linear layer A [rank, in] and B [out, rank], y += alpha / rank B A x. */
export interface LoraAdapter {
  readonly settings: LoraSettings;
  readonly blocks: readonly BlockAdapter[];
  readonly matrices: readonly LoraMatrix[];
}

/**
 * An adapter with values from `initial`, which is asked for each matrix by name and shape in Hugging Face's row order.
 */
export function createLoraAdapter(
  config: ModelConfig,
  settings: LoraSettings,
  initial: (name: string, shape: readonly [number, number]) => Float32Array,
): LoraAdapter {
  const matrices: LoraMatrix[] = [];
  const blocks = Array.from({ length: config.layers }, (_, index): BlockAdapter => {
    if (settings.blocks && !settings.blocks.includes(index)) return {};
    const block: BlockAdapter = {};
    for (const module of settings.modules ?? LINEAR_MODULES) {
      const { inside, out } = linearShape(config, module);
      const matrix = (kind: 'A' | 'B', shape: [number, number], order?: readonly number[]): Variable => {
        const name = `model.layers.${index}.${moduleParent(module)}.${module}.lora_${kind}.weight`;
        const variable = tf.tidy(() => tf.variable(inOrder(tf.tensor2d(initial(name, shape), shape), order), true));
        matrices.push({ name, variable, order });
        return variable;
      };
      block[module] = {
        a: matrix('A', [settings.rank, inside]),
        b: matrix('B', [out, settings.rank], rowOrder(config, module)),
        scale: settings.alpha / settings.rank,
      };
    }
    return block;
  });
  return { settings, blocks, matrices };
}

/** A matrix of an adapter (or its gradient) in Hugging Face's row order. */
export function inHuggingFaceOrder({ order }: LoraMatrix, value: Tensor): Tensor {
  return tf.tidy(() => inOrder(value, order && inverseOrder(order)));
}

/** Frees an adapter's matrices. */
export function disposeLoraAdapter(adapter: LoraAdapter): void {
  for (const { variable } of adapter.matrices) variable.dispose();
}

function rowOrder(config: ModelConfig, module: LinearModule): readonly number[] | undefined {
  if (module === 'q_proj') return pairedRows(config, config.heads);
  if (module === 'k_proj') return pairedRows(config, config.keyValueHeads);
  return undefined;
}

function inOrder(value: Tensor, order: readonly number[] | undefined): Tensor {
  return order ? gatherRows(value, tf.tensor1d(order as number[], 'int32')) : value.clone();
}
