import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findSystem } from '../../../baselines/find-system.ts';
import { checkpointManifestSchema } from '../../../harness/clara/checkpoint-manifest.ts';
import { openSafetensors } from '../../../harness/language-model/weights/safetensors.ts';
import { trainManifestSchema, type TrainManifest } from '../../../harness/store/train-manifest.ts';
import { start, temporaryFolder } from '../suite/run.ts';
import { writeTinySuite } from './tiny-suite.ts';

const COMMON = 'documentMaxLength: 32, rank: 2, instruction: { steps: 1, batch: 2, docs: gold }';
const OWN = `{ id: clara, settings: { ratio: 8, ${COMMON}, pretraining: { steps: 2, batch: 2, ratios: [8, 16] } } }`;

/** The finished trainings of a folder of runs, pretraining first. */
function trainings(runs: string): (TrainManifest & { readonly folder: string })[] {
  return readdirSync(runs)
    .filter((name) => name.startsWith('train-'))
    .map((name) => {
      const folder = path.join(runs, name);
      return {
        ...trainManifestSchema.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'))),
        folder,
      };
    })
    .sort((one, other) => Number(one.from !== null) - Number(other.from !== null));
}

async function tensorsOf(folder: string): Promise<Map<string, Float32Array>> {
  const source = await openSafetensors([path.join(folder, 'weights.safetensors')]);
  const tensors = new Map<string, Float32Array>();
  for (const name of source.names()) tensors.set(name, await source.read(name));
  await source.close();
  return tensors;
}

test('a pretraining is exported as half floats, taken over by a suite at two ratios from a folder beside it, and told of in the report', async (context) => {
  const folder = temporaryFolder(context);
  const made = await start(folder, 'run', await writeTinySuite(folder, [OWN]), '--only', 'train clara/pretraining')
    .ended;
  assert.equal(made.code, 0, made.stderr + made.stdout);
  const [pretraining] = trainings(path.join(folder, 'runs'));
  const exported = path.join(folder, 'exported');
  const command = ['export-checkpoint', pretraining!.folder, '--out', exported, '--float16'];
  const first = await start(folder, ...command).ended;
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /clara\/pretraining, 2 steps over 6 questions of train \(\w+\), \d+ tokens, loss \d/);
  const again = await start(folder, ...command).ended;
  assert.deepEqual([again.code, /--overwrite/.test(again.stderr)], [2, true]);

  const text = readFileSync(path.join(exported, 'checkpoint.json'), 'utf8');
  const manifest = checkpointManifestSchema.parse(JSON.parse(text));
  assert.deepEqual([manifest.storedAs, manifest.steps, manifest.settings.ratios], ['F16', 2, [8, 16]]);
  for (const name of readdirSync(exported)) {
    if (name.endsWith('.json')) assert.ok(!readFileSync(path.join(exported, name), 'utf8').includes(folder), name);
  }
  const [whole, half] = await Promise.all([pretraining!.folder, exported].map(tensorsOf));
  assert.deepEqual([...half!.keys()].sort(), [...whole!.keys()].sort());
  for (const [name, values] of whole!) {
    half!.get(name)!.forEach((value, i) => assert.ok(Math.abs(value - values[i]!) <= Math.abs(values[i]!) * 2 ** -11 + 2 ** -24, name)); // prettier-ignore
  }

  const systems = [8, 16].map((ratio) => `{ id: clara, settings: { ratio: ${ratio}, ${COMMON}, pretraining: { checkpoint: ./exported } } }`); // prettier-ignore
  const suite = await writeTinySuite(folder, systems);
  const elsewhere = path.join(folder, 'elsewhere');
  const taken = await start(temporaryFolder(context), 'run', suite, '--runs', elsewhere).ended;
  assert.equal(taken.code, 0, taken.stderr + taken.stdout);
  const stages = trainings(elsewhere);
  assert.deepEqual(stages.map(({ trainer }) => trainer.id), ['clara/finished-pretraining', 'clara/instruction', 'clara/instruction']); // prettier-ignore
  assert.equal(stages[0]!.files.weights, manifest.files['weights.safetensors']);
  const memory = await Promise.all(stages.map(async (stage) => (await tensorsOf(stage.folder)).get('memory_embeddings')!)); // prettier-ignore
  for (const { settings, folder: place } of stages.slice(1)) {
    const own = (await tensorsOf(place)).get('memory_embeddings')!;
    assert.deepEqual(own, memory[0]!.slice(0, (memory[0]!.length * 8) / Number(settings.ratio)));
  }
  const told = await start(folder, 'report', elsewhere, '--out', path.join(folder, 'report')).ended;
  assert.equal(told.code, 0, told.stderr);
  const report = readFileSync(path.join(folder, 'report', 'report.md'), 'utf8');
  assert.match(
    report,
    /not done in these runs: exported came finished from a folder \(2 steps on 6 questions of train/,
  );
  assert.ok(report.includes(stages[0]!.files.weights));
});

test('what does not fit is refused with all that was expected and got; so is a folder without one, and one that was changed', async (context) => {
  const folder = temporaryFolder(context);
  const { settings, training } = await findSystem('clara');
  const clara = {
    ...{ format: 1, compressor: 'memory-tokens', ratio: 4, ratios: [4, 8], documentMaxLength: 32, memory: 'fixed', memoryTokens: 8 }, // prettier-ignore
    ...{ rank: 2, alpha: 4, modules: ['q_proj'], adapters: ['encoder_adapter'], k: 1, stage: 'pretraining' },
    ...{ vocabularySize: 10, hiddenSize: 8, model: null, source: null },
  };
  const checkpoint = path.join(folder, 'tiny');
  cpSync(import.meta.dirname, checkpoint, { recursive: true, filter: (from) => from === import.meta.dirname });
  writeFileSync(path.join(checkpoint, 'clara.json'), JSON.stringify(clara));
  writeFileSync(path.join(checkpoint, 'weights.safetensors'), 'weights');
  const stagesWith = (given: string, own: Record<string, unknown>): unknown =>
    training!(settings({ ratio: 8, documentMaxLength: 32, rank: 2, alpha: 4, modules: ['q_proj'], pretraining: { checkpoint: given }, ...own })); // prettier-ignore
  assert.ok(stagesWith(checkpoint, {}));
  assert.throws(
    () => stagesWith(checkpoint, { ratio: 16, documentMaxLength: 64, rank: 4, modules: ['q_proj', 'v_proj'] }),
    {
      name: 'InputError',
      problems: [
        'documentMaxLength 64, got 32',
        'rank 4, got 2',
        'modules q_proj, v_proj, got q_proj',
        'ratio 16, got 4, 8',
      ].map((problem) => `pretraining.checkpoint ${checkpoint}: expected ${problem}`),
    },
  );
  assert.throws(() => stagesWith(path.join(folder, 'none'), {}), /expected a folder with clara\.json and weights\.safetensors, or nano-scp, got none/); // prettier-ignore
  const hash = '0'.repeat(64);
  writeFileSync(
    path.join(checkpoint, 'checkpoint.json'),
    JSON.stringify({
      ...{ format: 1, files: { 'weights.safetensors': hash }, storedAs: 'F32', trainer: 'clara/pretraining', settings: {} }, // prettier-ignore
      ...{ benchmark: { id: 'boxes', split: 'train' }, examples: { count: 6, sha256: hash }, model: null, seed: 0 },
      ...{ steps: 2, tokens: 100, loss: 1 },
    }),
  );
  assert.throws(() => stagesWith(checkpoint, {}), /weights\.safetensors: expected SHA-256 0{64} \(checkpoint\.json\), got /); // prettier-ignore
});

test('a checkpoint of another model is refused before anything is run', async (context) => {
  const folder = temporaryFolder(context);
  const checkpoint = path.join(folder, 'other');
  const suite = await writeTinySuite(folder, [`{ id: clara, settings: { ratio: 8, ${COMMON}, pretraining: { checkpoint: ./other } } }`]); // prettier-ignore
  cpSync(path.join(folder, 'model'), checkpoint, { recursive: true });
  const modules = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
  writeFileSync(path.join(checkpoint, 'weights.safetensors'), 'weights');
  writeFileSync(
    path.join(checkpoint, 'clara.json'),
    JSON.stringify({
      ...{ format: 1, compressor: 'memory-tokens', ratio: 8, documentMaxLength: 32, memory: 'fixed', memoryTokens: 4 },
      ...{ rank: 2, alpha: 32, modules, adapters: ['encoder_adapter'], k: 1, stage: 'pretraining' },
      ...{ vocabularySize: 10, hiddenSize: 8, model: { id: 'another', hash: 'f'.repeat(64) }, source: null },
    }),
  );
  const { code, stderr } = await start(folder, 'run', suite).ended;
  assert.equal(code, 2, stderr);
  assert.match(stderr, /system clara: expected the model another \(f{12}\), which its checkpoint is of, got .*model/);
});
