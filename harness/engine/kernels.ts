import { attribute, DTYPE, run, runMany, runTyped } from './kernel.ts';
import { tf, type Tensor } from './tensorflow.ts';

/*
 * The TensorFlow kernels that the differentiable operations and inference are made of, without a gradient tape. Each allocates its result and frees nothing;
 * callers work inside tf.tidy. All floats are float32.
 */

const INT_INDEX = attribute.type('Tidx', DTYPE.int32);
const INT_SHAPE = attribute.type('Tshape', DTYPE.int32);
const INT_PERMUTATION = attribute.type('Tperm', DTYPE.int32);
const KEEP = attribute.bool('keep_dims', true);

const integers = new Map<string, Tensor>();
const MAX_INTEGERS = 4096;

/** A constant int32 tensor (a shape, axes, a permutation; a vector unless given a shape), made once. */
function constant(values: readonly number[], shape: readonly number[] = [values.length]): Tensor {
  const key = `${values.join()}:${shape.join()}`;
  const tensor = integers.get(key) ?? tf.keep(tf.tensor(values as number[], shape as number[], 'int32'));
  // Moves the key to the end of the line, whose front is dropped: what a kernel is just being given is never there.
  integers.delete(key);
  integers.set(key, tensor);
  if (integers.size > MAX_INTEGERS) {
    const [oldest, dropped] = integers.entries().next().value!;
    dropped.dispose();
    integers.delete(oldest);
  }
  return tensor;
}

const floats = new Map<number, Tensor>();

/** A constant float32 scalar, made once. */
function scalar(value: number): Tensor {
  let tensor = floats.get(value);
  if (!tensor) floats.set(value, (tensor = tf.keep(tf.scalar(value))));
  return tensor;
}

const TRANSPOSE = [false, true].map((a) =>
  [false, true].map((b) => [attribute.bool('transpose_a', a), attribute.bool('transpose_b', b)]),
);
const ADJOINT = [false, true].map((a) =>
  [false, true].map((b) => [attribute.bool('adj_x', a), attribute.bool('adj_y', b)]),
);

/** a b for matrices, either transposed first. */
export function matMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return run('MatMul', [a, b], TRANSPOSE[+transposeA]![+transposeB]);
}

/** a b for each pair of matrices of [..., rows, columns], either transposed first. */
export function batchMatMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return run('BatchMatMulV2', [a, b], ADJOINT[+transposeA]![+transposeB]);
}

export const add = (a: Tensor, b: Tensor): Tensor => run('AddV2', [a, b]);
export const subtract = (a: Tensor, b: Tensor): Tensor => run('Sub', [a, b]);
export const multiply = (a: Tensor, b: Tensor): Tensor => run('Mul', [a, b]);
export const divide = (a: Tensor, b: Tensor): Tensor => run('RealDiv', [a, b]);
export const scale = (a: Tensor, factor: number): Tensor =>
  factor === 1 ? tf.clone(a) : run('Mul', [a, scalar(factor)]);
export const addScalar = (a: Tensor, value: number): Tensor => run('AddV2', [a, scalar(value)]);
export const sigmoid = (a: Tensor): Tensor => run('Sigmoid', [a]);
/** dy y (1 - y), the gradient of y = sigmoid(x). */
export const sigmoidGradient = (y: Tensor, dy: Tensor): Tensor => run('SigmoidGrad', [y, dy]);
export const softmax = (a: Tensor): Tensor => run('Softmax', [a]);
export const square = (a: Tensor): Tensor => run('Square', [a]);
export const squareRoot = (a: Tensor): Tensor => run('Sqrt', [a]);
export const reciprocalSquareRoot = (a: Tensor): Tensor => run('Rsqrt', [a]);

/** Sum over axes; summed axes stay with size 1. */
export const sum = (a: Tensor, axes: readonly number[]): Tensor => run('Sum', [a, constant(axes)], [INT_INDEX, KEEP]);
/** Square root of the sum of squares over axes, in one pass; the axes stay with size 1. */
export const euclideanNorm = (a: Tensor, axes: readonly number[]): Tensor =>
  run('EuclideanNorm', [a, constant(axes)], [INT_INDEX, KEEP]);

/** The same values in another shape (one size may be -1), without a copy. */
export const reshape = (a: Tensor, shape: readonly number[]): Tensor =>
  run('Reshape', [a, constant(shape)], [INT_SHAPE]);
/** The same with the shape given as an int32 vector. */
export const reshapeTo = (a: Tensor, shape: Tensor): Tensor => run('Reshape', [a, shape], [INT_SHAPE]);
export const transpose = (a: Tensor, permutation: readonly number[]): Tensor =>
  run('Transpose', [a, constant(permutation)], [INT_PERMUTATION]);
/** A block of a tensor: `begin` and `size` for each axis. */
export const slice = (a: Tensor, begin: readonly number[], size: readonly number[]): Tensor =>
  run('Slice', [a, constant(begin), constant(size)], [attribute.type('Index', DTYPE.int32)]);
/** A block of an int32 tensor. */
export const sliceIntegers = (a: Tensor, begin: readonly number[], size: readonly number[]): Tensor =>
  runTyped(
    'Slice',
    [a, constant(begin), constant(size)],
    [attribute.type('T', DTYPE.int32), attribute.type('Index', DTYPE.int32)],
  );
export const concat = (parts: readonly Tensor[], axis: number): Tensor =>
  parts.length === 1
    ? tf.clone(parts[0]!)
    : run('ConcatV2', [...parts, constantScalar(axis)], [INT_INDEX, attribute.int('N', parts.length)]);

const integerScalars = new Map<number, Tensor>();
function constantScalar(value: number): Tensor {
  let tensor = integerScalars.get(value);
  if (!tensor) integerScalars.set(value, (tensor = tf.keep(tf.scalar(value, 'int32'))));
  return tensor;
}

/** Tensors of one shape as one, along a new first axis. */
export const pack = (parts: readonly Tensor[]): Tensor =>
  run('Pack', parts, [attribute.int('N', parts.length), attribute.int('axis', 0)]);
/** The way back from `pack`. */
export const unpack = (a: Tensor, count: number): Tensor[] =>
  runMany('Unpack', [a], [attribute.int('num', count), attribute.int('axis', 0)], count);

/** Zero rows before and after those of [groups, rows, size]. */
export const padRows = (a: Tensor, before: number, after: number): Tensor =>
  run('Pad', [a, constant([0, 0, before, after, 0, 0], [3, 2])], [attribute.type('Tpaddings', DTYPE.int32)]);

/** Zero columns before and after those of [rows, columns]. */
export const padColumns = (a: Tensor, before: number, after: number): Tensor =>
  before + after === 0
    ? tf.clone(a)
    : run('Pad', [a, constant([0, 0, before, after], [2, 2])], [attribute.type('Tpaddings', DTYPE.int32)]);

/** Rows of a [rows, ...] tensor by int32 index. */
export const gatherRows = (a: Tensor, rows: Tensor): Tensor =>
  runTyped(
    'GatherV2',
    [a, rows, constantScalar(0)],
    [
      attribute.type('Tparams', a.dtype === 'complex64' ? DTYPE.complex64 : DTYPE.float32),
      attribute.type('Tindices', DTYPE.int32),
      attribute.type('Taxis', DTYPE.int32),
    ],
  );

/** Sums the rows of `a` into a [segments, ...] tensor at the int32 indexes given: the gradient of `gatherRows`. */
export const scatterRows = (a: Tensor, rows: Tensor, segments: number): Tensor =>
  runTyped(
    'UnsortedSegmentSum',
    [a, rows, constantScalar(segments)],
    [
      attribute.type('T', DTYPE.float32),
      attribute.type('Tindices', DTYPE.int32),
      attribute.type('Tnumsegments', DTYPE.int32),
    ],
  );

/** Overwrites rows of `a` in its own memory, and returns a tensor on the same memory: for caches that nothing else shares. */
export const overwriteRows = (a: Tensor, rows: Tensor, values: Tensor): Tensor =>
  run('InplaceUpdate', [a, rows, values]);

/** Index of the greatest value of each row of [rows, columns], as int32. */
export const argMaxRows = (a: Tensor): Tensor =>
  run('ArgMax', [a, constantScalar(1)], [INT_INDEX, attribute.type('output_type', DTYPE.int32)]);

/** Pairs of floats [..., 2] read as complex numbers [...], without a copy. */
export const asComplex = (a: Tensor): Tensor =>
  runTyped('Bitcast', [a], [attribute.type('T', DTYPE.float32), attribute.type('type', DTYPE.complex64)]);
/** Complex numbers [...] read as pairs of floats [..., 2], without a copy. */
export const asPairs = (a: Tensor): Tensor =>
  runTyped('Bitcast', [a], [attribute.type('T', DTYPE.complex64), attribute.type('type', DTYPE.float32)]);
/** Complex numbers in another shape (one size may be -1), without a copy. */
export const reshapeComplex = (a: Tensor, shape: readonly number[]): Tensor =>
  runTyped('Reshape', [a, constant(shape)], [attribute.type('T', DTYPE.complex64), INT_SHAPE]);
export const multiplyComplex = (a: Tensor, b: Tensor): Tensor =>
  runTyped('Mul', [a, b], [attribute.type('T', DTYPE.complex64)]);

/** Cross-entropy of each row of logits [rows, classes] against an int32 label, and its gradient to the logits, in one pass. */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): { loss: Tensor; gradient: Tensor } {
  const [loss, gradient] = runMany(
    'SparseSoftmaxCrossEntropyWithLogits',
    [logits, labels],
    [attribute.type('Tlabels', DTYPE.int32)],
    2,
  );
  return { loss: loss!, gradient: gradient! };
}

/** The error function. */
export const errorFunction = (a: Tensor): Tensor => run('Erf', [a]);
/** The natural logarithm of each value. */
export const logarithm = (a: Tensor): Tensor => run('Log', [a]);
export const exponential = (a: Tensor): Tensor => run('Exp', [a]);
/** Greatest value over axes; those axes stay with size 1. */
export const greatest = (a: Tensor, axes: readonly number[]): Tensor =>
  run('Max', [a, constant(axes)], [INT_INDEX, KEEP]);
export const maximum = (a: Tensor, b: Tensor): Tensor => run('Maximum', [a, b]);

/** Columns of the k greatest values of each row of [rows, columns], greatest first, as int32 [rows, k]; of equal values the first comes first. */
export function topColumns(a: Tensor, k: number): Tensor {
  return runMany('TopKV2', [a, constantScalar(k)], [attribute.bool('sorted', true)], 2)[1]!;
}

/** 1 at the column that an int32 index names and 0 elsewhere: [..., depth]. */
export const oneHot = (indices: Tensor, depth: number): Tensor =>
  run(
    'OneHot',
    [indices, constantScalar(depth), scalar(1), scalar(0)],
    [attribute.int('axis', -1), attribute.type('TI', DTYPE.int32)],
  );

/** a + b of int32 tensors. */
export const addIntegers = (a: Tensor, b: Tensor): Tensor =>
  runTyped('AddV2', [a, b], [attribute.type('T', DTYPE.int32)]);

/** int32 tensors end to end along an axis. */
export const concatIntegers = (parts: readonly Tensor[], axis: number): Tensor =>
  runTyped(
    'ConcatV2',
    [...parts, constantScalar(axis)],
    [attribute.type('T', DTYPE.int32), INT_INDEX, attribute.int('N', parts.length)],
  );

/** A constant int32 vector, made once. */
export const integerVector = (values: readonly number[]): Tensor => constant(values);
/** An int32 tensor in another shape. */
export const reshapeIntegers = (a: Tensor, shape: readonly number[]): Tensor =>
  runTyped('Reshape', [a, constant(shape)], [attribute.type('T', DTYPE.int32), INT_SHAPE]);

/**
 * Whether random bytes are below a limit, bool [rows, columns]: true with a chance of limit / 256, a function of the seed (int32 [2]) alone. Bytes, because making random numbers is what a
 * dropout mask costs.
 */
export function randomBelow(rows: number, columns: number, seed: Tensor, limit: number): Tensor {
  const words = Math.ceil(columns / 4);
  const random = runTyped(
    'StatelessRandomUniformFullInt',
    [constant([rows, words]), seed],
    [attribute.type('dtype', DTYPE.int32), attribute.type('T', DTYPE.int32), attribute.type('Tseed', DTYPE.int32)],
  );
  const parts = runTyped('Bitcast', [random], [attribute.type('T', DTYPE.int32), attribute.type('type', DTYPE.uint8)]);
  const flat = runTyped('Reshape', [parts, constant([rows, 4 * words])], [attribute.type('T', DTYPE.uint8), INT_SHAPE]);
  const wanted =
    4 * words === columns
      ? flat
      : runTyped(
          'Slice',
          [flat, constant([0, 0]), constant([rows, columns])],
          [attribute.type('T', DTYPE.uint8), attribute.type('Index', DTYPE.int32)],
        );
  const bound = runTyped(
    'Cast',
    [constantScalar(limit)],
    [attribute.type('SrcT', DTYPE.int32), attribute.type('DstT', DTYPE.uint8)],
  );
  return runTyped('Less', [wanted, bound], [attribute.type('T', DTYPE.uint8)]);
}

/** `a` where the condition holds, else 0. */
export const selectOrZero = (condition: Tensor, a: Tensor): Tensor => run('SelectV2', [condition, a, scalar(0)]);
