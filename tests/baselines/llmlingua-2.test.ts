import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findSystem } from '../../baselines/find-system.ts';
import { keepLikelyWords } from '../../baselines/keep-likely-words.ts';
import { openTokenClassifier } from '../../baselines/token-classifier.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import { byteModel, byteTokenizer } from './byte-model.ts';
import { tinyTokenizer } from '../harness/language-model/write-tiny-model.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'llmlingua-'));
});
after(() => rm(folder, { recursive: true }));

test('the likeliest words stay, in their order, within the budget', () => {
  const words = ['The', 'box', 'of', 'Ada', 'was', 'blue'];
  const keep = (limit: number, probabilities = [0.1, 0.8, 0.2, 0.9, 0.3, 0.7]): string =>
    keepLikelyWords(words, probabilities, limit, byteTokenizer);
  // One token a byte, each word counted with the space before it.
  assert.equal(keep(13), 'box Ada blue');
  assert.equal(keep(12), 'box Ada');
  assert.equal(keep(100), 'The box of Ada was blue');
  assert.equal(keep(3), '');
  assert.equal(keep(9, [1, 1, 1, 1, 1, 1]), 'The box');
  assert.equal(keepLikelyWords(['<|im_end|>'], [1], 20, byteTokenizer), '< |im_end|>');
});

test('what is missing is said: the classifier, its hash, its tokenizer', async () => {
  await assert.rejects(openTokenClassifier(folder, '0'.repeat(64)), {
    name: 'InputError',
    message: /model\.onnx: expected a token classifier in ONNX, got ENOENT$/,
  });
  await writeFile(path.join(folder, 'model.onnx'), 'no model');
  await assert.rejects(openTokenClassifier(folder, '0'.repeat(64)), {
    name: 'InputError',
    message: `${path.join(folder, 'model.onnx')}: expected SHA-256 ${'0'.repeat(64)} (classifierSha256), got ${sha256('no model')}`,
  });
  await assert.rejects(openTokenClassifier(folder, sha256('no model')), {
    name: 'InputError',
    message: /tokenizer\.json/,
  });
  await writeFile(path.join(folder, 'tokenizer.json'), JSON.stringify(tinyTokenizer(128)));
  // Installed or not, there is no model in the file.
  await assert.rejects(
    openTokenClassifier(folder, sha256('no model')),
    /expected the package onnxruntime-node \(npm install|model\.onnx: expected an ONNX model, got/,
  );
});

test('without its classifier a job does not begin', async () => {
  const system = await findSystem('llmlingua-2');
  const settings = system.settings({
    ratio: 4,
    classifier: path.join(folder, 'none'),
    classifierSha256: 'a'.repeat(64),
  });
  const context = {
    model: async () => byteModel(),
    maxNewTokens: 8,
    batch: 4,
    seed: 1,
    settings,
    trained: null,
    cache: folder,
  };
  await assert.rejects(system.prepare!([], context), {
    name: 'InputError',
    message: /expected a token classifier in ONNX/,
  });
});

test('settings: the classifier is part of what the answers depend on', async () => {
  const system = await findSystem('llmlingua-2');
  const given = { ratio: 4, classifier: './xlm', classifierSha256: 'a'.repeat(64) };
  assert.deepEqual(system.settings(given), {
    docs: 'all',
    prompt: 'spaced',
    memory: 'fixed',
    documentMaxLength: 256,
    ...given,
  });
  assert.throws(
    () => system.settings({ ratio: 4, classifierSha256: 'A' }),
    /classifier: expected the folder of a token classifier .*\n.*classifierSha256: expected the SHA-256 of its model\.onnx, .*, got "A"/,
  );
});
