import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { InputError } from '../../../harness/errors.ts';
import { openSafetensors } from '../../../harness/language-model/weights/safetensors.ts';
import type { Deviation } from '../../../harness/parity/deviation.ts';
import { folderParity } from '../../../harness/parity/folder.ts';
import { writeTorchFile, type Matrix } from '../clara/checkpoint/write-torch-file.ts';

/**
 * A selection of golden values of the CLaRa reference (apple/ml-clara@857c3cf): top-k, losses and cosines, and two tiny models with a few entries of every gradient, their weights
 * as bfloat16, which represents them exactly.
 */
const GOLDENS = path.join(import.meta.dirname, 'clara');
const PROGRAM = path.resolve(import.meta.dirname, '../../../harness/clara-bench.js');

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
  for (const model of ['tiny', 'tiny-tied']) {
    await mkdir(path.join(folder, model));
    for (const file of await readdir(path.join(GOLDENS, model))) {
      const content = brotliDecompressSync(await readFile(path.join(GOLDENS, model, file)));
      await writeFile(path.join(folder, model, file.replace(/\.br$/, '')), content);
    }
  }
});
after(() => rm(folder, { recursive: true, force: true }));

async function parity(of: string): Promise<{ file: string; deviations: readonly Deviation[] }[]> {
  const none = () => Promise.reject(new Error('these golden values need no model'));
  const results = [];
  for await (const result of folderParity(of, { model: none, gguf: none })) results.push(result);
  return results;
}

function assertWithin(deviations: readonly Deviation[]): void {
  for (const { name, worst, tolerance } of deviations) assert.ok(worst <= tolerance, `${name}: off by ${worst}, at most ${tolerance} is allowed`); // prettier-ignore
}

test('top-k, losses, cosines and their gradients equal those of the CLaRa reference', async () => {
  const results = await parity(GOLDENS);
  assert.deepEqual(
    results.map(({ file, deviations }) => [file, deviations.length]),
    [
      ['topk.json', 7],
      ['losses.json', 9],
      ['similarity.json', 5],
    ],
  );
  for (const { deviations } of results) assertWithin(deviations);
});

test('a model with tied embeddings gives the inputs, vectors, scores, losses, gradients and answers of the reference in every stage', async () => {
  const [result, ...others] = await parity(path.join(folder, 'tiny-tied'));
  assert.equal(others.length, 0);
  assert.equal(result!.file, 'end_to_end.json');
  assert.equal(result!.deviations.length, 107);
  assertWithin(result!.deviations);
});

test('so does one with a head of its own, whose adapters and added rows come from a checkpoint of the released kind', async () => {
  await writeCheckpoint(path.join(folder, 'tiny'), path.join(folder, 'tiny-checkpoint'));
  const [result, ...others] = await parity(path.join(folder, 'tiny-checkpoint'));
  assert.equal(others.length, 0);
  assert.equal(result!.file, 'adapters.pth');
  assert.equal(result!.deviations.length, 107);
  assertWithin(result!.deviations);
});

/** The weights of a golden folder as torch files, as the reference saves them: the decoder's adapter carries the grown matrices too. */
async function writeCheckpoint(from: string, to: string): Promise<void> {
  const read = async (file: string): Promise<[string, Matrix][]> => {
    const source = await openSafetensors([path.join(from, file)]);
    const matrices = source.names().filter((name) => source.shape(name)!.length === 2);
    const entries = await Promise.all(matrices.map(async (name): Promise<[string, Matrix]> => [name, { shape: source.shape(name) as [number, number], values: await source.read(name) }])); // prettier-ignore
    await source.close();
    return entries;
  };
  const grown = (await read('model.safetensors')).filter(([name]) => /embed_tokens|lm_head/.test(name));
  const adapters: Record<string, Record<string, Matrix>> = {};
  for (const [name, matrix] of await read('adapters.safetensors')) {
    const [, adapter, rest] = /^(\w+)\.(.*)$/.exec(name)!;
    (adapters[adapter!] ??= {})[rest!] = matrix;
  }
  Object.assign(adapters['decoder_adapter']!, Object.fromEntries(grown));
  await mkdir(to);
  await writeTorchFile(path.join(to, 'adapters.pth'), adapters);
  await writeTorchFile(path.join(to, 'decoder_first_last_layers.pth'), Object.fromEntries(grown));
  const { clara } = JSON.parse(await readFile(path.join(from, 'end_to_end.json'), 'utf8')) as { clara: Record<string, unknown> }; // prettier-ignore
  const { compr_rate, doc_max_length, lora_r, sep, different_mem_tokens } = clara;
  const own = { decoder_model_name: 'not/here', generation_top_k: 2, training_stage: 'stage2' };
  await writeFile(path.join(to, 'config.json'), JSON.stringify({ ...own, compr_rate, doc_max_length, lora_r, sep, different_mem_tokens })); // prettier-ignore
}

test('the command reads folders below, names the file of what is off, and ends with 1', async () => {
  const changed = path.join(folder, 'changed');
  await mkdir(path.join(changed, 'below'), { recursive: true });
  await writeFile(path.join(changed, 'similarity.json'), await readFile(path.join(GOLDENS, 'similarity.json')));
  const topK = JSON.parse(await readFile(path.join(GOLDENS, 'topk.json'), 'utf8'));
  topK.cases[0].f64.grad_scores[0][0] += 0.1;
  topK.cases[1].f64.indices[0] = [1, 0, 2];
  await writeFile(path.join(changed, 'below', 'topk.json'), JSON.stringify(topK));
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, 'parity', changed], { encoding: 'utf8' });
  const lines = stdout.split('\n');
  const files = lines.filter((line) => line.endsWith('.json'));
  assert.deepEqual(files, [path.join('below', 'topk.json'), 'similarity.json']);
  const off = lines.filter((line) => line.includes('OFF')).map((line) => line.slice(7, 60).trim());
  assert.deepEqual(off, ['indices (cases that differ)', 'gradient to scores']);
  assert.equal(lines.at(-2), '2 over tolerance');
  assert.equal(status, 1);
});

test('what is missing or of another layout is said', async () => {
  const lone = path.join(folder, 'lone-checkpoint');
  await mkdir(lone);
  await assert.rejects(parity(lone), /expected at least one of .*topk\.json/);
  await writeFile(path.join(lone, 'adapters.pth'), '');
  await assert.rejects(parity(lone), /golden values of the checkpoint in .*lone.end_to_end\.json, got none/);
  await writeFile(path.join(lone, 'topk.json'), '{"cases":[]}');
  await assert.rejects(parity(lone), InputError);
});
