import { add } from './kernels.ts';
import { tf, type Tensor } from './tensorflow.ts';

/** What an operation's forward pass hands on: its value, and the tensors that its gradient needs (no others may be used there: they may be freed by then). */
interface Forward {
  readonly value: Tensor;
  readonly save?: readonly Tensor[];
}

/** Gradients to the inputs, in their order and shapes; null is as good as any where none is needed. */
type Backward = (dy: Tensor, saved: readonly Tensor[], needed: readonly boolean[]) => readonly (Tensor | null)[];

interface Node {
  readonly inputs: readonly number[];
  readonly needed: readonly boolean[];
  readonly output: number;
  readonly saved: readonly Tensor[];
  readonly backward: Backward;
}

/** The operations that led from the variables to a value. Tensors are known by their ids; those that do not depend on a variable are not there. */
interface Tape {
  readonly nodes: Node[];
  readonly dependent: Set<number>;
}

/*
 * tfjs has a tape of its own, but it keeps every gradient until the whole backward pass ends and everything that was saved until then too: three times the memory
 * of this one for a decoder, and it cannot be used inside itself, which checkpointing needs.
 */
let recording: Tape | null = null;

/**
 * An operation with a gradient written by hand. Where nothing it reads depends on a variable whose gradient is being recorded, only the forward pass runs, and
 * nothing is kept.
 *
 * @param inputs the tensors that gradients flow to; all else that the passes use must live longer than the gradient (weights)
 * @param forward computes the value with kernels; its other tensors are freed; it is told whether it is recorded
 * @param backward from the gradient to the value and the saved tensors, the gradient to each input; it may leave out those that are not needed
 */
export function differentiable(
  inputs: readonly Tensor[],
  forward: (recorded: boolean) => Forward,
  backward: Backward,
): Tensor {
  const tape = recording;
  const needed = inputs.map(({ id }) => tape?.dependent.has(id) ?? false);
  if (!tape || !needed.includes(true)) return withoutTape(() => tf.tidy(() => forward(false).value));
  let saved: Tensor[] = [];
  const value = withoutTape(() =>
    tf.tidy(() => {
      const result = forward(true);
      saved = (result.save ?? []).map((tensor) => tf.keep(tf.clone(tensor)));
      // An operation that gives an input back would otherwise be taken for it.
      return inputs.includes(result.value) ? tf.clone(result.value) : result.value;
    }),
  );
  tape.dependent.add(value.id);
  tape.nodes.push({ inputs: inputs.map(({ id }) => id), needed, output: value.id, saved, backward });
  return value;
}

/**
 * The value of f and its gradients to the variables, by reverse accumulation: what an operation saved, and each gradient on the way, is freed as soon as it has
 * been used.
 *
 * @param f made of differentiable operations only
 * @param variables the tensors to differentiate by (a tf.Variable or any other)
 * @param dy gradient to the value; 1 for a scalar by default
 * @returns the value and a gradient of each variable's shape (zeros where the value does not depend on it), all of them kept until the caller frees them
 */
export function valueAndGradients(
  f: () => Tensor,
  variables: readonly Tensor[],
  dy?: Tensor,
): { value: Tensor; gradients: Tensor[] } {
  const tape: Tape = { nodes: [], dependent: new Set(variables.map(({ id }) => id)) };
  const outer = recording;
  recording = tape;
  let value: Tensor;
  try {
    value = tf.keep(tf.tidy(f));
  } catch (error) {
    for (const { saved } of tape.nodes) tf.dispose(saved as Tensor[]);
    throw error;
  } finally {
    recording = outer;
  }
  return withoutTape(() => {
    const gradients = new Map<number, Tensor>();
    gradients.set(value.id, tf.keep(dy ? tf.clone(dy) : tf.ones(value.shape)));
    for (let node = tape.nodes.pop(); node; node = tape.nodes.pop()) {
      propagate(node, gradients);
      tf.dispose(node.saved as Tensor[]);
    }
    // A value that no variable reaches still has its own.
    if (!tape.dependent.has(value.id)) gradients.get(value.id)!.dispose();
    return { value, gradients: variables.map(({ id, shape }) => gradients.get(id) ?? tf.keep(tf.zeros(shape))) };
  });
}

/** Takes the gradient to a node's output and adds its share to the gradients of the node's inputs. */
function propagate({ inputs, needed, output, saved, backward }: Node, gradients: Map<number, Tensor>): void {
  const dy = gradients.get(output);
  if (!dy) return;
  gradients.delete(output);
  tf.tidy(() => {
    const parts = backward(dy, saved, needed);
    inputs.forEach((id, i) => {
      const part = parts[i];
      if (!needed[i] || !part) return;
      const before = gradients.get(id);
      gradients.set(id, tf.keep(before ? add(before, part) : tf.clone(part)));
      before?.dispose();
    });
  });
  dy.dispose();
}

function withoutTape<T>(f: () => T): T {
  const outer = recording;
  recording = null;
  try {
    return f();
  } finally {
    recording = outer;
  }
}
