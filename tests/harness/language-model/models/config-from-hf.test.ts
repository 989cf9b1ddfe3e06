import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../../harness/errors.ts';
import { openModelFiles } from '../../../../harness/language-model/open-model-files.ts';
import { tinyModels, writeTinyModel } from '../write-tiny-model.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'configurations-'));
  process.env.CLARA_BENCH_HOME = path.join(folder, 'home');
  await writeTinyModel(folder, tinyModels.llama!);
});
after(() => rm(folder, { recursive: true }));

/** Opens the model with some fields of its config.json changed. */
async function open(changes: Readonly<Record<string, unknown>>) {
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ ...tinyModels.llama!.config, ...changes }));
  const { config, weights, hash, tokenizer } = await openModelFiles(folder);
  await weights.close();
  return { config, hash, tokenizer };
}

test('what is not supported says what was expected and got', async () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ model_type: 'mixtral' }, /config\.json: model_type: .*"llama"\|"mistral"/],
    [{ hidden_act: 'gelu' }, /hidden_act: .*"silu"/],
    [
      { quantization_config: { bits: 4 } },
      /quantization_config: expected none \(quantised weights are read from GGUF\)/,
    ],
    [{ num_local_experts: 8 }, /num_local_experts: expected none \(mixtures of experts/],
    [{ attention_bias: true }, /attention_bias: expected false/],
    [{ rope_scaling: { rope_type: 'yarn', factor: 4 } }, /rope_scaling\.rope_type/],
    [{ rope_scaling: { type: 'llama3', factor: 4 } }, /rope_scaling\.low_freq_factor/],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor: expected 1/],
    [{ num_key_value_heads: 3 }, /num_key_value_heads: expected a divisor of num_attention_heads, 4, got 3/],
    [{ hidden_size: 66, head_dim: null }, /hidden_size: expected a multiple of num_attention_heads, 4, got 66/],
    [{ hidden_size: 2 ** 40 }, /hidden_size/],
    [{ vocab_size: 50 }, /the tokenizer has ids up to 97; expected less than config\.json's vocab_size, 50/],
    [
      { model_type: 'qwen3', sliding_window: 8, use_sliding_window: true, max_window_layers: 1 },
      /max_window_layers: expected no sliding window, or one in all layers/,
    ],
  ];
  for (const [changes, message] of cases) {
    await assert.rejects(open(changes), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  }
});

test('all problems are told at once', async () => {
  await assert.rejects(open({ hidden_act: 'gelu', vocab_size: 0, rms_norm_eps: -1 }), (error) => {
    assert.equal((error as InputError).problems.length, 3);
    return true;
  });
});

test('fields of newer files, windows and end tokens', async () => {
  const newer = await open({ rope_theta: undefined, rope_parameters: { rope_type: 'default', rope_theta: 100 } });
  assert.deepEqual(newer.config.inverseFrequencies, (await open({})).config.inverseFrequencies);
  const qwen = { model_type: 'qwen3', sliding_window: 8, max_window_layers: 0 };
  assert.equal((await open({ ...qwen, use_sliding_window: true })).config.slidingWindow, 8);
  assert.equal((await open({ ...qwen, use_sliding_window: false })).config.slidingWindow, null);
  assert.deepEqual((await open({ eos_token_id: [2, 1] })).tokenizer.endIds, [2, 1]);
  await writeFile(path.join(folder, 'generation_config.json'), JSON.stringify({ eos_token_id: [0, 2] }));
  assert.deepEqual((await open({})).tokenizer.endIds, [0, 2]);
});

test('the hash changes with what decides the answers, not with the place', async () => {
  const first = (await open({})).hash;
  assert.equal((await open({})).hash, first);
  assert.notEqual((await open({ rope_theta: 101 })).hash, first);
  await writeFile(path.join(folder, 'chat_template.jinja'), 'x');
  assert.notEqual((await open({})).hash, first);
});

test('a folder without a model says what was expected', async () => {
  const empty = await mkdtemp(path.join(folder, 'empty-'));
  await assert.rejects(
    openModelFiles(empty),
    /expected a model folder with config\.json or with one \.gguf file, got no/,
  );
  await writeFile(path.join(empty, 'config.json'), JSON.stringify(tinyModels.llama!.config));
  await assert.rejects(openModelFiles(empty), /tokenizer\.json: expected a file of JSON, got ENOENT/);
  await writeFile(path.join(empty, 'notes.txt'), '');
  await assert.rejects(openModelFiles(path.join(empty, 'notes.txt')), /expected a \.gguf file or a folder/);
});
