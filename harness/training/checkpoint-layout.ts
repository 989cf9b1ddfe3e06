import { gatherRows, transpose } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { inverseOrder } from '../language-model/rotary-order.ts';
import type { NamedVariable } from './trainable.ts';

/** How a variable lies in a checkpoint: Hugging Face's rows, linear layers as [out, in]. */
type Layout = Pick<NamedVariable, 'order' | 'transposed'>;

/** A variable's shape in a checkpoint. */
export function checkpointShape({ variable, transposed }: NamedVariable): number[] {
  return transposed ? [...variable.shape].reverse() : variable.shape;
}

/** A tensor of the engine as it lies in a checkpoint. For tf.tidy. */
export function toCheckpointLayout({ order, transposed }: Layout, value: Tensor): Tensor {
  const rows = transposed ? transpose(value, [1, 0]) : value;
  return order ? gatherRows(rows, tf.tensor1d(inverseOrder(order), 'int32')) : rows;
}

/** A tensor of a checkpoint as the engine keeps it. For tf.tidy. */
export function toEngineLayout({ order, transposed }: Layout, value: Tensor): Tensor {
  const rows = order ? gatherRows(value, tf.tensor1d(order as number[], 'int32')) : value;
  return transposed ? transpose(rows, [1, 0]) : rows;
}
