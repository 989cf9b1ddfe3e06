import { tf, type Tensor } from './tensorflow.ts';

/** What an operation's forward pass hands on: its value, and the tensors that its gradient needs (no others may be used there: they may be freed by then). */
interface Forward {
  readonly value: Tensor;
  readonly save?: readonly Tensor[];
}

/**
 * An operation with a gradient written by hand. Where no gradient is being recorded only the forward pass runs, and nothing is kept.
 *
 * @param inputs the tensors that gradients flow to; all else that the passes use must live longer than the gradient (weights)
 * @param forward computes the value with kernels that need no tape; its other tensors are freed; it is told whether a gradient is recorded
 * @param backward from the gradient to the value and the saved tensors, the gradient to each input, in their order and shapes
 */
export function differentiable(
  inputs: readonly Tensor[],
  forward: (recording: boolean) => Forward,
  backward: (dy: Tensor, saved: readonly Tensor[]) => readonly Tensor[],
): Tensor {
  if (!isRecording()) return tf.tidy(() => forward(false).value);
  const operation = tf.customGrad((...parameters) => {
    const save = parameters[parameters.length - 1] as unknown as (tensors: Tensor[]) => void;
    const { value, save: kept } = forward(true);
    save([...(kept ?? [])]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => backward(dy, saved) as Tensor[],
    };
  });
  return operation(...(inputs as Tensor[]));
}

/** Whether an operation run now would be recorded for a gradient. */
function isRecording(): boolean {
  return (tf.engine() as unknown as { isTapeOn(): boolean }).isTapeOn();
}
