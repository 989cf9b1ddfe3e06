import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { claraFileSchema } from '../../../../harness/clara/clara-file.ts';
import { importCheckpoint } from '../../../../harness/clara/checkpoint/import-checkpoint.ts';
import { InputError } from '../../../../harness/errors.ts';
import { openSafetensors } from '../../../../harness/language-model/weights/safetensors.ts';
import { tinyModels, tinyTensor, writeTinyModel } from '../../language-model/write-tiny-model.ts';
import { pickleBytes, pickleText } from './pickle-bytes.ts';
import {
  adapter,
  EMBEDDINGS,
  grown,
  HEAD,
  matrix,
  MEMORY,
  VOCABULARY,
  WIDTH,
  writeCheckpoint as writeCheckpointTo,
  type Checkpoint,
} from './write-checkpoint.ts';
import type { Matrix } from './write-torch-file.ts';
import { writeTorchZip } from './write-torch-zip.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../../../harness/clara-bench.js');
let folder: string;
let base: string;
let tied: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
  base = path.join(folder, 'base');
  tied = path.join(folder, 'tied');
  await writeTinyModel(base, tinyModels['llama']!);
  await writeTinyModel(tied, tinyModels['llama, Llama 3 rotation, tied']!);
});
after(() => rm(folder, { recursive: true, force: true }));

const writeCheckpoint = (name: string, checkpoint?: Checkpoint): Promise<string> =>
  writeCheckpointTo(path.join(folder, name), checkpoint);

async function tensorsIn(out: string): Promise<Map<string, Matrix>> {
  const source = await openSafetensors([path.join(out, 'weights.safetensors')]);
  const read = new Map<string, Matrix>();
  for (const name of source.names())
    read.set(name, { shape: source.shape(name) as [number, number], values: await source.read(name) });
  await source.close();
  return read;
}

const refused = (importing: Promise<unknown>, message: RegExp): Promise<void> =>
  assert.rejects(importing, (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, message);
    return true;
  });

test('every adapter, the memory and special rows and the settings come over, to the last bit', async () => {
  const out = path.join(folder, 'out');
  const given = await writeCheckpoint('checkpoint');
  const written = await importCheckpoint({ folder: given, out, model: base });
  assert.deepEqual((await readdir(out)).sort(), ['clara.json', 'weights.safetensors']);
  const file = claraFileSchema.parse(JSON.parse(await readFile(path.join(out, 'clara.json'), 'utf8')));
  assert.deepEqual(file, written);
  assert.deepEqual(file.adapters, ['encoder_adapter', 'decoder_adapter']);
  assert.deepEqual(
    [file.memoryTokens, file.vocabularySize, file.hiddenSize, file.alpha, file.ratio],
    [MEMORY, VOCABULARY, WIDTH, 4, 10],
  );
  assert.deepEqual(file.modules, ['k_proj', 'down_proj']);
  assert.deepEqual(file.source?.rows, [
    { matrix: EMBEDDINGS, rows: VOCABULARY, differing: 0, largest: 0 },
    { matrix: HEAD, rows: VOCABULARY, differing: 0, largest: 0 },
  ]);

  const expected = new Map<string, Matrix>();
  for (const name of ['encoder', 'decoder'])
    for (const [each, tensor] of Object.entries(adapter(name))) expected.set(`${name}_adapter.${each}`, tensor);
  for (const [kind, name] of [
    ['embeddings', EMBEDDINGS],
    ['head', HEAD],
  ] as const) {
    const rows = tinyTensor(`${name} grown`, [MEMORY + 3, WIDTH]);
    expected.set(`memory_${kind}`, { shape: [MEMORY, WIDTH], values: rows.slice(0, MEMORY * WIDTH) });
    expected.set(`special_${kind}`, { shape: [3, WIDTH], values: rows.slice(MEMORY * WIDTH) });
  }
  const got = await tensorsIn(out);
  assert.deepEqual([...got.keys()].sort(), [...expected.keys()].sort());
  for (const [name, tensor] of expected) assert.deepEqual(got.get(name), tensor, name);

  await refused(importCheckpoint({ folder: given, out }), /is there already; --overwrite replaces it/);
  assert.equal((await importCheckpoint({ folder: given, out, overwrite: true })).model, null);
});

test('a tied head has no rows of its own, and one memory token for all is repeated', async () => {
  const out = path.join(folder, 'tied-out');
  const config = { different_mem_tokens: false };
  const matrices = { [EMBEDDINGS]: grown(EMBEDDINGS, 1) };
  const adapters = { encoder_adapter: adapter('encoder', { keys: 64 }) };
  const given = await writeCheckpoint('tied-checkpoint', { config, matrices, adapters });
  await importCheckpoint({ folder: given, out, model: tied });
  const got = await tensorsIn(out);
  assert.equal(got.has('memory_head'), false);
  const row = tinyTensor(`${EMBEDDINGS} grown`, [1, WIDTH]);
  assert.deepEqual(got.get('memory_embeddings'), {
    shape: [3, WIDTH],
    values: Float32Array.of(...row, ...row, ...row),
  });
});

test('another base is told by how far its rows are, or refused where the sizes differ', async () => {
  const other = grown(EMBEDDINGS);
  other.values[5 * WIDTH + 7]! += 0.5;
  other.values[9 * WIDTH]! -= 0.25;
  const matrices = { [EMBEDDINGS]: other, [HEAD]: grown(HEAD) };
  const given = await writeCheckpoint('other-base', { matrices });
  const { source } = await importCheckpoint({
    folder: given,
    out: path.join(folder, 'other-out'),
    model: base,
  });
  const [{ differing, largest } = { differing: 0, largest: 0 }] = source!.rows;
  assert.equal(differing, 2);
  assert.ok(Math.abs(largest - 0.5) < 1e-6);

  const narrow = { [EMBEDDINGS]: matrix('narrow', VOCABULARY + 200, 32) };
  await refused(
    importCheckpoint({
      folder: await writeCheckpoint('narrow', { matrices: narrow }),
      out: path.join(folder, 'x'),
      model: base,
    }),
    /hidden size 32, the base has 64\n.*vocabulary of 292 tokens, the base has 98 and 128 rows\n.*no head/,
  );
});

test('wrong checkpoints are refused with all that is wrong, and leave nothing', async () => {
  const out = path.join(folder, 'nothing');
  const importing = async (name: string, checkpoint: Checkpoint, model?: string) =>
    importCheckpoint({ folder: await writeCheckpoint(name, checkpoint), out, model });
  const half = Object.fromEntries(Object.entries(adapter('a')).slice(1));
  await refused(
    importing('adapters', {
      adapters: {
        encoder_adapter: half,
        other_adapter: adapter('b'),
        decoder_adapter: { 'model.norm.weight': matrix('n', 1, 2) },
      },
    }),
    /encoder_adapter: "model\.layers\.0\.self_attn\.k_proj\.lora_B\.weight": expected .*lora_A\.weight beside it[^]*got "other_adapter"[^]*model\.norm\.weight": expected model\.layers/,
  );
  await refused(
    importing('none', { adapters: { decoder_adapter: adapter('d') } }),
    /expected encoder_adapter, which compresses, got none/,
  );
  await refused(
    importing('rank', { adapters: { encoder_adapter: adapter('e', { rank: 3 }) } }),
    /expected \[2, inputs\] \(lora_r 2\), got \[3, 64\]/,
  );
  const deep = {
    ...adapter('e'),
    'model.layers.7.mlp.up_proj.lora_A.weight': matrix('u', 2, 64),
    'model.layers.7.mlp.up_proj.lora_B.weight': matrix('v', 96, 2),
  };
  await refused(importing('deep', { adapters: { encoder_adapter: deep } }, base), /the base has 2 layers/);
  const wide = {
    ...adapter('e'),
    'model.layers.0.mlp.up_proj.lora_A.weight': matrix('u', 2, 65),
    'model.layers.0.mlp.up_proj.lora_B.weight': matrix('v', 96, 2),
  };
  await refused(
    importing('wide', { adapters: { encoder_adapter: wide } }, base),
    /expected \[2, 64\] for this base, got \[2, 65\]/,
  );
  const uneven = { encoder_adapter: adapter('e'), decoder_adapter: adapter('d', { blocks: [1] }) };
  await refused(
    importing('uneven', { adapters: uneven }),
    /expected decoder_adapter\.model\.layers\.0\.self_attn\.k_proj\.lora_A\.weight, got none\n.*layers\.0\.mlp\.down_proj\.lora_A/,
  );
  const fused = { 'model.layers.0.self_attn.qkv_proj.lora_A.weight': matrix('u', 2, 64) };
  await refused(
    importing('fused', { adapters: { encoder_adapter: fused } }),
    /layers that are fused are not supported yet/,
  );
  const broken = adapter('e');
  broken['model.layers.1.mlp.down_proj.lora_A.weight']!.values[3] = NaN;
  await refused(importing('nan', { adapters: { encoder_adapter: broken } }), /expected finite values, got NaN at 3/);
  await refused(
    importing('matrices', { matrices: { [HEAD]: grown(HEAD) } }),
    /model\.embed_tokens\.weight: expected a matrix, got none/,
  );
  await refused(
    importing('small', { matrices: { [EMBEDDINGS]: matrix('s', 5, 64) } }),
    /and 6 rows more for config\.json's memory tokens, got \[5, 64\]/,
  );
  await refused(
    importing('config', { config: { compr_rate: 0, sep: 'yes' } }),
    /compr_rate: [^]*sep: expected boolean/,
  );
  await refused(
    importing('rate', { config: { compr_rate: 64 } }),
    /compr_rate: expected at most doc_max_length, 32, got 64/,
  );
  assert.deepEqual(existsSync(out) ? await readdir(out) : [], []);
});

test('a checkpoint with a program in it ends the command with code 2, and the program is not run', async () => {
  const given = await writeCheckpoint('hostile');
  const mark = path.join(folder, 'ran');
  const attack = pickleBytes('cposix\nsystem\n(', pickleText(`touch ${mark}`), 'tR');
  await writeTorchZip(path.join(given, 'adapters.pth'), { 'archive/data.pkl': attack, 'archive/version': '3\n' });
  const out = path.join(folder, 'hostile-out');
  const run = spawnSync(process.execPath, [PROGRAM, 'import-checkpoint', given, '--out', out], { encoding: 'utf8' });
  assert.equal(run.status, 2, run.stderr);
  assert.match(run.stderr, /^error: .*adapters\.pth: byte 2 of the pickle: refused global "posix\.system"/);
  assert.deepEqual([existsSync(mark), existsSync(out)], [false, false]);
});
