import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { embed } from '../../../harness/engine/embed.ts';
import { matMul } from '../../../harness/engine/kernels.ts';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { decode, finalNorm } from '../../../harness/language-model/decoder.ts';
import { loadLanguageModel } from '../../../harness/language-model/load-language-model.ts';
import { openModelFiles } from '../../../harness/language-model/open-model-files.ts';
import { tinyModels, tinyTensor, writeTinyModel } from './write-tiny-model.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'architectures-'));
});
after(() => rm(folder, { recursive: true }));

/** Float32 on both sides, logits of about 1: sums of 64 products in another order differ by some 1e-7. */
const TOLERANCE = 2e-5;

describe('each architecture, from a folder in the layout of Hugging Face', () => {
  for (const [name, model] of Object.entries(tinyModels)) {
    test(`${name}: configuration and weights`, async () => {
      const place = path.join(folder, name);
      await writeTinyModel(place, model, name.includes('tied') ? 2 : 1);
      const { config, weights, tokenizer } = await openModelFiles(place);
      try {
        assert.equal(config.architecture, model.config.model_type);
        assert.equal(config.tiedEmbeddings, name.includes('tied'));
        assert.equal(config.slidingWindow, model.config.sliding_window ?? null);
        assert.equal(config.attentionBias, name.includes('qwen2'));
        assert.equal(config.queryKeyNorm, name.includes('qwen3'));
        assert.equal(config.contextLength, model.config.original_max_position_embeddings ?? 64);
        assert.ok(Math.abs(config.rotaryScale - model.rotaryScale) < 1e-12);
        assert.equal(config.inverseFrequencies.length, model.inverseFrequencies.length);
        assert.equal(config.rotaryDimensions, 2 * model.inverseFrequencies.length);
        for (const [i, expected] of model.inverseFrequencies.entries()) {
          const got = config.inverseFrequencies[i]!;
          assert.ok(Math.abs(got - expected) < 1e-6 * expected, `pair ${i}: expected ${expected}, got ${got}`);
        }
        assert.deepEqual([...weights.names()].sort(), Object.keys(model.tensors).sort());
        for (const [tensor, shape] of Object.entries(model.tensors)) {
          assert.deepEqual(weights.shape(tensor), shape);
          assert.deepEqual(await weights.read(tensor), tinyTensor(tensor, shape));
        }
        assert.deepEqual(tokenizer.endIds, [2]);
      } finally {
        await weights.close();
      }
    });

    test(`${name}: logits as transformers computes them`, async () => {
      const place = path.join(folder, `${name} to compute`);
      await writeTinyModel(place, model);
      const { config, weights, dispose } = await loadLanguageModel(place);
      const rows = model.ids.length;
      const logits = tf.tidy(() => {
        const hidden = decode(config, weights, embed(weights.embedding, model.ids), { batch: 1, rows });
        return matMul(finalNorm(config, weights, hidden), weights.head, false, true).dataSync();
      });
      dispose();
      for (const [position, expected] of Object.entries(model.logits)) {
        const worst = Math.max(
          ...expected.map((each, i) => Math.abs(each - logits[Number(position) * expected.length + i]!)),
        );
        assert.ok(worst < TOLERANCE, `position ${position}: off by ${worst}`);
      }
    });
  }
});
