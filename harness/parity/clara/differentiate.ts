import { valueAndGradients } from '../../engine/differentiable.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';

/** Numbers in as many levels as a tensor has axes. */
export type Nested = readonly number[] | readonly Nested[];

/** A float32 tensor of nested numbers. */
export function toTensor(values: Nested): Tensor {
  return tf.tensor(values);
}

/** The numbers of a tensor, which is freed. */
export function takeNumbers(tensor: Tensor): number[] {
  const numbers = Array.from(tensor.dataSync());
  tensor.dispose();
  return numbers;
}

/** Value and gradients of a function of tensors, as plain numbers, row-major; `dy` is the gradient to the value where that is no scalar. */
export function differentiate(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Nested[],
  dy?: Nested,
): { value: number[]; gradients: number[][] } {
  const tensors = inputs.map(toTensor);
  const outer = dy && toTensor(dy);
  try {
    const { value, gradients } = valueAndGradients(() => f(...tensors), tensors, outer);
    return { value: takeNumbers(value), gradients: gradients.map(takeNumbers) };
  } finally {
    tf.dispose([...tensors, ...(outer ? [outer] : [])]);
  }
}
