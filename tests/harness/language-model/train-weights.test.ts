import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueAndGradients } from '../../../harness/engine/differentiable.ts';
import { tf, type Tensor } from '../../../harness/engine/tensorflow.ts';
import type { DecoderWeights } from '../../../harness/language-model/decoder-weights.ts';
import { languageModelLoss, targetedBatch } from '../../../harness/language-model/language-model-loss.ts';
import { mapDecoderWeights } from '../../../harness/language-model/map-weights.ts';
import type { ModelConfig } from '../../../harness/language-model/model-config.ts';
import { checkGradients, numbers } from '../engine/gradients.ts';

const CONFIG: ModelConfig = {
  architecture: 'qwen3',
  vocabularySize: 7,
  hiddenSize: 4,
  intermediateSize: 5,
  layers: 2,
  heads: 2,
  keyValueHeads: 1,
  headSize: 2,
  rmsNormEpsilon: 1e-2,
  rotaryDimensions: 2,
  inverseFrequencies: [0.7],
  rotaryScale: 1,
  attentionBias: true,
  queryKeyNorm: true,
  tiedEmbeddings: false,
  contextLength: 16,
  slidingWindow: null,
};

/** Weights with biases and norms of heads, every tensor of its own. */
function weightsOf({ tiedEmbeddings, layers }: ModelConfig): DecoderWeights {
  let seed = 100;
  const next = (...shape: number[]): Tensor => numbers(shape, seed++);
  const embedding = next(7, 4);
  return {
    embedding,
    blocks: Array.from({ length: layers }, () => ({
      q_proj: { weight: next(4, 4), bias: next(4) },
      k_proj: { weight: next(4, 2), bias: next(2) },
      v_proj: { weight: next(4, 2), bias: next(2) },
      o_proj: { weight: next(4, 4) },
      gate_proj: { weight: next(4, 5) },
      up_proj: { weight: next(4, 5) },
      down_proj: { weight: next(5, 4) },
      attentionNorm: next(4),
      feedForwardNorm: next(4),
      queryNorm: next(2),
      keyNorm: next(2),
    })),
    finalNorm: next(4),
    head: tiedEmbeddings ? embedding : next(7, 4),
  };
}

function tensorsOf(weights: DecoderWeights): Tensor[] {
  const tensors: Tensor[] = [];
  mapDecoderWeights(weights, (tensor) => (tensors.push(tensor), tensor));
  return tensors;
}

/** Two sequences of unlike length, one of them with a token twice. */
const BATCH = targetedBatch([
  { ids: [1, 5, 2, 5, 6], targets: [false, false, false, true, true] },
  { ids: [3, 0, 4], targets: [false, true, true] },
]);

for (const tiedEmbeddings of [false, true]) {
  const config = { ...CONFIG, tiedEmbeddings, layers: 1 };
  test(`gradients of the loss to every weight by differences, ${tiedEmbeddings ? 'tied' : 'two matrices of embeddings'}`, () => {
    const weights = weightsOf(config);
    const tensors = tensorsOf(weights);
    assert.equal(tensors.length, 14 + (tiedEmbeddings ? 2 : 3));
    checkGradients('loss', tensors, (given) => {
      let at = 0;
      const moved = mapDecoderWeights(weights, () => given[at++]!);
      return languageModelLoss(config, moved, BATCH, { trainWeights: true });
    });
  });
}

test('with and without recomputation the gradients have the same bits, and nothing is left behind', () => {
  const weights = weightsOf(CONFIG);
  const tensors = tensorsOf(weights);
  const gradients = (checkpointed: boolean): Float32Array[] => {
    const result = valueAndGradients(
      () => languageModelLoss(CONFIG, weights, BATCH, { trainWeights: true, checkpointed }),
      tensors,
    );
    const values = [result.value, ...result.gradients].map((tensor) => tensor.dataSync().slice() as Float32Array);
    tf.dispose([result.value, ...result.gradients]);
    return values;
  };
  const [kept, recomputed] = [gradients(false), gradients(true)];
  assert.deepEqual(recomputed, kept);
  // By now all constants are made.
  const before = tf.memory().numTensors;
  gradients(false);
  gradients(true);
  assert.equal(tf.memory().numTensors, before);
});

test('frozen weights give the same loss', () => {
  const weights = weightsOf(CONFIG);
  const loss = (trainWeights: boolean): number =>
    languageModelLoss(CONFIG, weights, BATCH, { trainWeights }).dataSync()[0]!;
  assert.equal(loss(true), loss(false));
});
