import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueAndGradients } from '../../../harness/engine/differentiable.ts';
import { differentiableGather } from '../../../harness/engine/differentiable-gather.ts';
import { headCrossEntropy } from '../../../harness/engine/cross-entropy.ts';
import { gatherRows } from '../../../harness/engine/kernels.ts';
import { tf, type Tensor } from '../../../harness/engine/tensorflow.ts';
import { decode } from '../../../harness/language-model/decoder.ts';
import type { DecoderWeights } from '../../../harness/language-model/decoder-weights.ts';
import { createLoraAdapter } from '../../../harness/language-model/lora.ts';
import { disposeMerged, mergeAdapter } from '../../../harness/language-model/merge-adapter.ts';
import type { ModelConfig } from '../../../harness/language-model/model-config.ts';
import { packSequences, padSequences } from '../../../harness/language-model/packing.ts';
import { numbers } from '../engine/gradients.ts';

const CONFIG: ModelConfig = {
  architecture: 'llama',
  vocabularySize: 11,
  hiddenSize: 8,
  intermediateSize: 12,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 2,
  rmsNormEpsilon: 1e-5,
  rotaryDimensions: 2,
  inverseFrequencies: [0.7],
  rotaryScale: 1,
  attentionBias: false,
  queryKeyNorm: false,
  tiedEmbeddings: true,
  contextLength: 64,
  slidingWindow: null,
};

let seed = 1;
const next = (...shape: number[]): Tensor => numbers(shape, seed++);
const embedding = next(11, 8);
const WEIGHTS: DecoderWeights = {
  embedding,
  head: embedding,
  finalNorm: next(8),
  blocks: Array.from({ length: CONFIG.layers }, () => ({
    q_proj: { weight: next(8, 8) },
    k_proj: { weight: next(8, 4) },
    v_proj: { weight: next(8, 4) },
    o_proj: { weight: next(8, 8) },
    gate_proj: { weight: next(8, 12) },
    up_proj: { weight: next(8, 12) },
    down_proj: { weight: next(12, 8) },
    attentionNorm: next(8),
    feedForwardNorm: next(8),
  })),
};

const adapter = createLoraAdapter(CONFIG, { rank: 2, alpha: 4 }, (name, [rows, columns]) =>
  Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i + name.length) / 4),
);
const variables = adapter.matrices.map(({ variable }) => variable);

const SEQUENCES = [
  [1, 2, 3, 4, 5, 6, 7],
  [8, 9],
  [10, 3, 1, 4],
];
const LENGTHS = SEQUENCES.map(({ length }) => length);
const integers = (values: number[]): Tensor => tf.tensor1d(values, 'int32');

/** Loss over the last row of each sequence, and its gradients, as the sequences lie in `layout`. */
function lossOf(
  layout: ReturnType<typeof packSequences>,
  checkpointed = false,
): { loss: number; gradients: number[][] } {
  const ids = new Array<number>(layout.total).fill(0);
  SEQUENCES.forEach((sequence, s) => sequence.forEach((id, i) => (ids[layout.starts[s]! + i] = id)));
  const last = integers(LENGTHS.map((length, s) => layout.starts[s]! + length - 1));
  const { value, gradients } = valueAndGradients(() => {
    const hidden = decode(CONFIG, WEIGHTS, gatherRows(embedding, integers(ids)), layout.shape, { adapter: adapter.blocks, checkpointed }); // prettier-ignore
    return headCrossEntropy(differentiableGather(hidden, last), embedding, integers([2, 5, 7]));
  }, variables);
  return { loss: value.dataSync()[0]!, gradients: gradients.map((gradient) => [...gradient.dataSync()]) };
}

function close(got: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  assert.equal(got.length, expected.length);
  got.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) <= tolerance, `${i}: ${value}, ${expected[i]}`));
}

test('packed sequences, filled up or not, recomputed or not, have the loss and the gradients of padded ones', () => {
  const padded = lossOf(padSequences(LENGTHS, 8));
  for (const rounding of [undefined, { total: 16, longest: 16 }, { total: 1, longest: 8 }]) {
    for (const checkpointed of [false, true]) {
      const packed = lossOf(packSequences(LENGTHS, rounding), checkpointed);
      close([packed.loss], [padded.loss]);
      packed.gradients.forEach((gradient, i) => close(gradient, padded.gradients[i]!));
    }
  }
});

test('an adapter folded into the weights gives what it gives beside them', () => {
  const layout = padSequences(LENGTHS, 8);
  const x = gatherRows(embedding, integers(Array.from({ length: layout.total }, (_, i) => i % 11)));
  const merged = mergeAdapter(WEIGHTS, adapter.blocks);
  const beside = decode(CONFIG, WEIGHTS, x, layout.shape, { adapter: adapter.blocks });
  const without = decode(CONFIG, WEIGHTS, x, layout.shape);
  const folded = decode(CONFIG, merged, x, layout.shape);
  close([...folded.dataSync()], [...beside.dataSync()], 1e-4);
  assert.ok(Math.max(...[...folded.dataSync()].map((value, i) => Math.abs(value - without.dataSync()[i]!))) > 1e-2);
  assert.equal(merged.embedding, WEIGHTS.embedding);
  const before = tf.memory().numTensors;
  disposeMerged(merged, adapter.blocks);
  assert.equal(before - tf.memory().numTensors, 7 * CONFIG.layers);
});
