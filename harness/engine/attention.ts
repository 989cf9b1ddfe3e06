import { differentiable } from './differentiable.ts';
import {
  add,
  batchMatMul,
  concat,
  multiply,
  padRows,
  reshape,
  slice,
  softmax,
  subtract,
  sum,
  transpose,
} from './kernels.ts';
import { tf, type Tensor } from './tensorflow.ts';

/** The shape of an attention layer's input. Query head h reads key/value head floor(h / (heads / keyValueHeads)). */
export interface AttentionShape {
  readonly batch: number;
  /** Positions of each sequence. Sequences are padded on the right, so that causality alone hides the padding from every real position. */
  readonly rows: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Positions that a row sees, itself included; null for all before it. */
  readonly slidingWindow: number | null;
}

/** Query rows computed together. A block needs no keys after its last row, which saves up to half of the work, and the scores of one block bound the memory. */
const BLOCK_ROWS = 256;

/** Large enough that exp(score + MASKED - max) is exactly 0, and finite, so that no product with it is not a number. */
const MASKED = -1e9;

/**
 * Causal self-attention with grouped key/value heads, softmax(q k^T + mask) v (Vaswani et al., 2017, arXiv 1706.03762; Ainslie et al., 2023, arXiv 2305.13245).
 * Queries come scaled by 1 / sqrt(headSize).
 *
 * With P = softmax(S): dV = P^T dO, dP = dO V^T, dS = P (dP - rowsum(dO O)), dQ = dS K, dK = dS^T Q; rowsum(dO O) equals rowsum(dP P) and is smaller to compute
 * (Dao et al., 2022, arXiv 2205.14135).
 *
 * @param q [batch * rows, heads * headSize]
 * @param k [batch * rows, keyValueHeads * headSize]
 * @param v [batch * rows, keyValueHeads * headSize]
 * @returns [batch * rows, heads * headSize]
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, shape: AttentionShape): Tensor {
  const { batch, rows, heads, keyValueHeads, headSize } = shape;
  const groups = batch * keyValueHeads;
  const group = heads / keyValueHeads;
  const blocks = attentionBlocks(rows, shape.slidingWindow);
  return differentiable(
    [q, k, v],
    (recording) => {
      const [queries, keys, values] = [splitHeads(q, shape, group), splitHeads(k, shape, 1), splitHeads(v, shape, 1)];
      const probabilities: Tensor[] = []; // each [groups, group * block rows, block keys]
      const outputs = blocks.map((block) => {
        const p = blockProbabilities(blockQueries(queries, block), blockKeys(keys, block), block, group);
        if (recording) probabilities.push(p);
        return reshape(batchMatMul(p, blockKeys(values, block)), [groups, group, block.rows, headSize]);
      });
      const output = concat(outputs, 2); // [groups, group, rows, headSize]
      return { value: joinHeads(output, shape, group), save: [queries, keys, values, output, ...probabilities] };
    },
    (dy, [queries, keys, values, output, ...probabilities]) => {
      const dOutput = splitHeads(dy, shape, group);
      const rowSums = sum(multiply(dOutput, output!), [3]); // [groups, group, rows, 1]
      const gradients = blocks.map((block, i) => {
        const p = probabilities[i]!;
        const dO = blockQueries(dOutput, block);
        const d = reshape(slice(rowSums, [0, 0, block.from, 0], [groups, group, block.rows, 1]), [
          groups,
          group * block.rows,
          1,
        ]);
        const dS = multiply(p, subtract(batchMatMul(dO, blockKeys(values!, block), false, true), d));
        return {
          q: reshape(batchMatMul(dS, blockKeys(keys!, block)), [groups, group, block.rows, headSize]),
          k: wholeKeys(batchMatMul(dS, blockQueries(queries!, block), true), block, rows),
          v: wholeKeys(batchMatMul(p, dO, true), block, rows),
        };
      });
      return [
        joinHeads(concat(gradients.map((g) => g.q), 2), shape, group), // prettier-ignore
        joinHeads(gradients.map((g) => g.k).reduce(add), shape, 1),
        joinHeads(gradients.map((g) => g.v).reduce(add), shape, 1),
      ];
    },
  );
}

/**
 * Attention of one new row a sequence to a cache of keys and values, without a gradient.
 *
 * @param q [batch * keyValueHeads, group, headSize], scaled
 * @param keys [batch * keyValueHeads, capacity, headSize], and `values` alike
 * @param mask [batch * keyValueHeads, 1, capacity]: 0 for slots that the row sees, a large negative number for the others
 * @returns [batch * keyValueHeads, group, headSize]
 */
export function cachedAttention(q: Tensor, keys: Tensor, values: Tensor, mask: Tensor): Tensor {
  return tf.tidy(() => batchMatMul(softmax(add(batchMatMul(q, keys, false, true), mask)), values));
}

/** Mask of `cachedAttention`: slot s of a row is seen when from <= s < to. */
export function cacheMask(
  seen: readonly { readonly from: number; readonly to: number }[],
  keyValueHeads: number,
  capacity: number,
): Tensor {
  const values = new Float32Array(seen.length * keyValueHeads * capacity).fill(MASKED);
  seen.forEach(({ from, to }, row) => {
    for (let head = 0; head < keyValueHeads; head++) {
      const start = (row * keyValueHeads + head) * capacity;
      values.fill(0, start + from, start + to);
    }
  });
  return tf.tensor3d(values, [seen.length * keyValueHeads, 1, capacity]);
}

/** [batch * rows, heads * headSize] -> [batch * keyValueHeads, group, rows, headSize]; keys and values have a group of 1. */
function splitHeads(x: Tensor, { batch, rows, keyValueHeads, headSize }: AttentionShape, group: number): Tensor {
  const split = reshape(x, [batch, rows, keyValueHeads, group, headSize]);
  return reshape(transpose(split, [0, 2, 3, 1, 4]), [batch * keyValueHeads, group, rows, headSize]);
}

/** The way back from `splitHeads`. */
function joinHeads(x: Tensor, { batch, rows, keyValueHeads, headSize }: AttentionShape, group: number): Tensor {
  const split = reshape(x, [batch, keyValueHeads, group, rows, headSize]);
  return reshape(transpose(split, [0, 3, 1, 2, 4]), [batch * rows, keyValueHeads * group * headSize]);
}

interface Block {
  /** First query row, number of query rows. */
  readonly from: number;
  readonly rows: number;
  /** First key that a row of the block sees, number of keys. */
  readonly keysFrom: number;
  readonly keys: number;
  readonly slidingWindow: number | null;
}

function attentionBlocks(rows: number, slidingWindow: number | null): Block[] {
  return Array.from({ length: Math.ceil(rows / BLOCK_ROWS) }, (_, i) => {
    const from = i * BLOCK_ROWS;
    const size = Math.min(BLOCK_ROWS, rows - from);
    const keysFrom = slidingWindow === null ? 0 : Math.max(0, from - slidingWindow + 1);
    return { from, rows: size, keysFrom, keys: from + size - keysFrom, slidingWindow };
  });
}

/** [groups, group, rows, headSize] -> the block's [groups, group * block rows, headSize]. */
function blockQueries(x: Tensor, block: Block): Tensor {
  const [groups, group, rows, size] = x.shape as [number, number, number, number];
  const part = block.rows === rows ? x : slice(x, [0, 0, block.from, 0], [groups, group, block.rows, size]);
  return reshape(part, [groups, group * block.rows, size]);
}

/** [groups, 1, rows, headSize] -> the block's [groups, block keys, headSize]. */
function blockKeys(x: Tensor, block: Block): Tensor {
  const [groups, , rows, size] = x.shape as [number, number, number, number];
  const part = block.keys === rows ? x : slice(x, [0, 0, block.keysFrom, 0], [groups, 1, block.keys, size]);
  return reshape(part, [groups, block.keys, size]);
}

/** A block's gradient [groups, block keys, headSize] among zeros: [groups, 1, rows, headSize]. */
function wholeKeys(x: Tensor, block: Block, rows: number): Tensor {
  const [groups, , size] = x.shape as [number, number, number];
  const whole = block.keys === rows ? x : padRows(x, block.keysFrom, rows - block.keysFrom - block.keys);
  return reshape(whole, [groups, 1, rows, size]);
}

function blockProbabilities(q: Tensor, k: Tensor, block: Block, group: number): Tensor {
  const scores = batchMatMul(q, k, false, true); // [groups, group * block rows, block keys]
  const perHead = reshape(scores, [q.shape[0] * group, block.rows, block.keys]);
  return reshape(softmax(add(perHead, causalMask(block))), scores.shape);
}

const masks = new Map<string, Tensor>();
/** Masks of full blocks come back with every layer and batch; those of odd lengths are dropped again after a while. */
const MAX_MASKS = 64;

function causalMask({ from, rows, keysFrom, keys, slidingWindow }: Block): Tensor {
  const key = [from, rows, keysFrom, keys, slidingWindow].join();
  let mask = masks.get(key);
  if (!mask) {
    if (masks.size >= MAX_MASKS) {
      for (const old of masks.values()) old.dispose();
      masks.clear();
    }
    const values = new Float32Array(rows * keys).fill(MASKED);
    for (let row = 0; row < rows; row++) {
      const last = from + row - keysFrom;
      const first = slidingWindow === null ? 0 : Math.max(0, last - slidingWindow + 1);
      values.fill(0, row * keys + first, row * keys + last + 1);
    }
    mask = tf.keep(tf.tensor2d(values, [rows, keys]));
    masks.set(key, mask);
  }
  return mask;
}
