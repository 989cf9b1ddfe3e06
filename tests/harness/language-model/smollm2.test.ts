import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ModelFiles } from '../../../harness/language-model/model-files.ts';
import { openModelFiles } from '../../../harness/language-model/open-model-files.ts';
import type { Message } from '../../../harness/language-model/tokenizer/tokenizer.ts';
import golden from './smollm2.json' with { type: 'json' };

const ID = 'smollm2-135m-instruct-q4_1';
const NAMES: Readonly<Record<string, string>> = {
  'token_embd.weight': 'model.embed_tokens.weight',
  'blk.0.attn_v.weight': 'model.layers.0.self_attn.v_proj.weight',
  'blk.15.ffn_down.weight': 'model.layers.15.mlp.down_proj.weight',
  'blk.29.ffn_gate.weight': 'model.layers.29.mlp.gate_proj.weight',
  'output_norm.weight': 'model.norm.weight',
};

let model: ModelFiles;
before(async () => {
  model = await openModelFiles(ID);
});
after(() => model.weights.close());

test('every string has its ids and comes back', () => {
  assert.equal(golden.strings.length, 60);
  for (const [text, ids] of golden.strings as [string, number[]][]) {
    assert.deepEqual(model.tokenizer.encode(text), ids, JSON.stringify(text));
    assert.equal(model.tokenizer.decode(ids, { keepSpecial: true }), text);
  }
  assert.deepEqual(model.tokenizer.endIds, [2]);
});

test('conversations are rendered and encoded as the model was trained', () => {
  for (const { messages, add_generation_prompt: addGenerationPrompt, rendered, ids } of golden.conversations) {
    const text = model.renderChat(messages as Message[], { addGenerationPrompt });
    assert.equal(text, rendered);
    assert.deepEqual(model.tokenizer.encode(text), ids);
  }
});

test('weights are unpacked, and rows of q and k in the order of Hugging Face', async () => {
  let checked = 0;
  for (const { name, count, first16, l2 } of golden.tensors) {
    const ours = NAMES[name];
    if (!ours) continue;
    checked++;
    const values = await model.weights.read(ours);
    assert.equal(values.length, count);
    for (const [i, expected] of first16.entries()) {
      assert.ok(Math.abs(values[i]! - expected) <= 1e-8 * Math.max(1, Math.abs(expected)), `${name}[${i}]`);
    }
    const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    assert.ok(Math.abs(norm - l2) < 1e-8 * l2, `${name}: norm ${norm}, expected ${l2}`);
  }
  assert.equal(checked, Object.keys(NAMES).length);
  for (const [kind, rows] of Object.entries(golden.unpermuted)) {
    const values = await model.weights.read(`model.layers.0.self_attn.${kind}.weight`);
    for (const [row, expected] of Object.entries(rows)) {
      for (const [i, each] of expected.entries()) {
        assert.ok(Math.abs(values[Number(row) * 576 + i]! - each) < 1e-8, `${kind} row ${row}`);
      }
    }
  }
});

test('its shape and its hash', () => {
  const { config, hash } = model;
  assert.deepEqual(
    [config.architecture, config.layers, config.hiddenSize, config.heads, config.keyValueHeads, config.headSize],
    ['llama', 30, 576, 9, 3, 64],
  );
  assert.deepEqual([config.vocabularySize, config.contextLength, config.tiedEmbeddings], [49_152, 8192, true]);
  assert.equal(hash, 'f4620352c1b888b3656e6ebe87e7ecaf7e17f52972e36de43820e892beafbfb5');
});
