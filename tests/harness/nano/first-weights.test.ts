import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gatherRows, matMul } from '../../../harness/engine/kernels.ts';
import { tf, type Tensor } from '../../../harness/engine/tensorflow.ts';
import { decode, finalNorm } from '../../../harness/language-model/decoder.ts';
import { disposeDecoderWeights, loadDecoderWeights } from '../../../harness/language-model/decoder-weights.ts';
import type { ModelConfig } from '../../../harness/language-model/model-config.ts';
import {
  configFromHuggingFace,
  huggingFaceConfigSchema,
} from '../../../harness/language-model/models/config-from-hf.ts';
import type { WeightSource } from '../../../harness/language-model/weights/weight-source.ts';
import { balanceResidualStream } from '../../../harness/nano/balance-residual-stream.ts';
import { initialWeights } from '../../../harness/nano/initialise.ts';
import { modelShape } from '../../../harness/nano/model-shape.ts';
import { readRecipe, type Recipe } from '../../../harness/nano/recipe.ts';

const VOCABULARY = 40;
/** Words of names; all others are not. */
const NAMES = [30, 31, 32, 33, 34, 35, 36, 37, 38, 39];

let folder: string;
const recipes: Record<string, Recipe> = {};
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'first-weights-'));
  for (const [name, induction] of [
    ['without', 'null'],
    ['with', '{}'],
  ]) {
    // prettier-ignore
    const file = path.join(folder, `${name}.yaml`);
    await writeFile(
      file,
      `model: { hidden: 48, layers: 2, heads: 2, headSize: 16, feedForward: 64, theta: 1000000 }\ninitialisation: { mimetic: 0.6, induction: ${induction} }\nphases: [{ steps: 1 }]\n`,
    );
    recipes[name!] = await readRecipe(file);
  }
});
after(() => rm(folder, { recursive: true }));

function configOf(recipe: Recipe): ModelConfig {
  const shape = modelShape(recipe, VOCABULARY, { begin: 0, end: 1, pad: 2 });
  return configFromHuggingFace(huggingFaceConfigSchema.parse(shape), 'config.json');
}

/** A source with other values, or values of other names. */
function changed(source: WeightSource, values: (name: string) => Promise<Float32Array>): WeightSource {
  return { ...source, read: values };
}

/** Logits of some ids, and the size (root mean square) of the normed hidden states. */
async function logitsOf(
  recipe: Recipe,
  source: WeightSource,
  ids: number[],
): Promise<{ logits: number[]; size: number }> {
  // prettier-ignore
  const config = configOf(recipe);
  const weights = await loadDecoderWeights(config, source);
  const result = tf.tidy(() => {
    const x = gatherRows(weights.embedding, tf.tensor1d(ids, 'int32'));
    const hidden = finalNorm(config, weights, decode(config, weights, x, { batch: 1, rows: ids.length }));
    const logits = matMul(hidden, tf.transpose<Tensor>(weights.head));
    return { logits: [...logits.dataSync()], size: hidden.square().mean().sqrt().dataSync()[0]! };
  });
  disposeDecoderWeights(weights);
  return result;
}

const size = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length); // prettier-ignore

test('with a balanced residual stream the logits are the same, and hidden states are of the size of the embeddings', async () => {
  const recipe = recipes.without!;
  const source = initialWeights(recipe, VOCABULARY, NAMES, 5);
  const tensors = [];
  for (const name of source.names()) {
    const values = await source.read(name);
    // As pretraining leaves them: a final norm with weights of its own, small embeddings.
    if (name === 'model.norm.weight') values.forEach((_, i) => (values[i] = 1.9 + Math.sin(i)));
    if (name === 'model.embed_tokens.weight') values.forEach((value, i) => (values[i] = 0.14 * value));
    tensors.push({ name, values: values.slice() });
  }
  const balanced = new Map(balanceResidualStream(tensors).map(({ name, values }) => [name, values]));
  const ids = [3, 30, 31, 7, 4, 33, 9];
  const before = await logitsOf(recipe, source, ids);
  const after = await logitsOf(
    recipe,
    changed(source, async (name) => balanced.get(name)!),
    ids,
  );
  const scale = size(Float32Array.from(before.logits));
  before.logits.forEach((value, i) => {
    const got = after.logits[i]!;
    assert.ok(Math.abs(value - got) < 2e-3 * scale, `${i}: expected ${value}, got ${got}`);
  });
  const embedding = balanced.get('model.embed_tokens.weight')!;
  assert.ok(Math.abs(size(embedding) / size(balanced.get('model.norm.weight')!) - 1) < 1e-3);
  assert.ok(before.size / size(await source.read('model.embed_tokens.weight')) > 10, String(before.size));
  assert.ok(after.size / size(embedding) < 1.5 && after.size / size(embedding) > 0.67, String(after.size));
});

/** Places that head 0 of the first layer attends to most, by place. */
async function gathered(recipe: Recipe, ids: readonly number[]): Promise<number[]> {
  const config = configOf(recipe);
  const source = initialWeights(recipe, VOCABULARY, NAMES, 5);
  const rotated = async (given: WeightSource): Promise<number[][]> => {
    const weights = await loadDecoderWeights(config, given);
    let rows: number[][] = [];
    tf.tidy(() => {
      const x = gatherRows(weights.embedding, tf.tensor1d([...ids], 'int32'));
      decode(config, weights, x, { batch: 1, rows: ids.length }, {
        onKeysAndValues: (block, keys) => {
          if (block === 0) rows = (keys.arraySync() as number[][]).map((row) => row.slice(0, config.headSize));
        },
      }); // prettier-ignore
    });
    disposeDecoderWeights(weights);
    return rows;
  };
  const keys = await rotated(source);
  // Queries are rotated as keys are: they are read as the keys of a model whose key matrices are the query matrices.
  const queries = await rotated(changed(source, (name) => source.read(name.replace('k_proj', 'q_proj'))));
  return queries.map((query, place) => {
    const scores = keys.slice(0, place + 1).map((key) => key.reduce((sum, value, i) => sum + value * query[i]!, 0));
    return scores.indexOf(Math.max(...scores));
  });
}

test('the induction circuit’s gathering head attends to the nearest name before a place; without it none does', async () => {
  // Two words of a name and five of a statement, as many as atlas's longest has, three times.
  const ids = [0, 1, 2].flatMap((at) => [30 + 2 * at, 31 + 2 * at, ...[0, 1, 2, 3, 4].map((i) => 3 + 5 * at + i)]);
  const statement = ids.flatMap((id, place) => (id < 30 ? [place] : []));
  const nearest = (places: readonly number[]): number =>
    statement.filter((place) => Math.floor(places[place]! / 7) === Math.floor(place / 7) && places[place]! % 7 < 2).length; // prettier-ignore
  assert.equal(nearest(await gathered(recipes.with!, ids)), statement.length);
  assert.ok(nearest(await gathered(recipes.without!, ids)) < statement.length / 2);
});
