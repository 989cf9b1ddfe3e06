import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sha256 } from '../../../harness/files/sha256.ts';
import type { TrainManifest } from '../../../harness/store/train-manifest.ts';
import { checkCheckpoint, readCheckpoint } from '../../../harness/suite/checkpoint.ts';
import { stagesOf } from '../../../harness/suite/stages-of.ts';
import type { Setting } from '../../../harness/suite/setting.ts';
import type { System } from '../../../harness/system.ts';
import { temporaryFolder } from './run.ts';
import tinyTrained from './tiny-trained.ts';

const hash = (digit: string): string => digit.repeat(64);

const manifest: TrainManifest = {
  format: 1,
  kind: 'train',
  key: hash('a'),
  suite: 'small',
  trainer: { id: 'tiny/second', module: null },
  settings: { steps: 3 },
  from: { key: hash('b'), folder: 'train-bbbbbbbbbbbbbbbb' },
  benchmark: { id: 'squad', split: 'train', file: '/squad.train.jsonl', sha256: hash('c'), module: null },
  selection: { limit: 100, rule: 'first', seed: null },
  examples: { count: 100, sha256: hash('d') },
  model: { id: 'tiny', hash: hash('e') },
  seed: 0,
  files: { weights: null },
  wallMs: 1,
  sessions: 1,
  peakMemoryBytes: 1,
  startedAt: '2026-11-24T07:00:00.000Z',
  finishedAt: '2026-11-24T07:01:01.234Z',
  versions: { program: '0.1.0', node: '20.20.2', tensorflow: '2.21.0 cpu' },
  machine: { host: 'box', platform: 'linux-x64', cpu: 'A CPU', cores: 2, threads: 2, memoryBytes: 16_000_000_000 },
};

function setting(system: System): Setting {
  const settings = system.settings({});
  return { system, module: null, settings, stages: stagesOf(system, settings), models: ['tiny'] };
}

test('a checkpoint is a finished training, or any folder with weights', async (context) => {
  const folder = temporaryFolder(context);
  const make = (name: string, files: Record<string, string>): string => {
    mkdirSync(path.join(folder, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, name, file), text);
    return path.join(folder, name);
  };
  const trained = await readCheckpoint(make('trained', { 'manifest.json': JSON.stringify(manifest) }));
  assert.equal(trained.key, manifest.key);
  const imported = await readCheckpoint(make('imported', { 'weights.safetensors': 'w' }));
  assert.deepEqual([imported.key, imported.made], [sha256('w'), null]);
  await assert.rejects(readCheckpoint(make('begun', { 'job.json': '{}', 'weights.safetensors': 'w' })), /not ended/);
  await assert.rejects(readCheckpoint(make('empty', {})), /empty: expected the folder of a finished training/);
  await assert.rejects(
    readCheckpoint(make('predict', { 'manifest.json': JSON.stringify({ ...manifest, kind: 'predict' }) })),
    /expected the manifest of a train job, got one of a predict job/,
  );
  await assert.rejects(
    readCheckpoint(make('broken', { 'manifest.json': JSON.stringify({ ...manifest, from: 'x' }) })),
    /broken.*from/,
  );
});

test('a checkpoint is refused by a system that is not trained, and where trainer or model are others', () => {
  const checkpoint = { folder: '/runs/train-a', key: hash('a'), made: { trainer: 'tiny/first', modelHash: hash('e') } };
  const models = [
    { id: 'tiny', hash: hash('e') },
    { id: 'unused', hash: hash('1') },
  ];
  checkCheckpoint(checkpoint, setting(tinyTrained), models);
  const untrained = setting({ ...tinyTrained, training: undefined });
  assert.throws(() => checkCheckpoint(checkpoint, untrained, models), /tiny-trained is not trained/);
  const other = { ...checkpoint, made: { trainer: 'text/lora', modelHash: hash('e') } };
  assert.throws(
    () => checkCheckpoint(other, setting(tinyTrained), models),
    /by tiny\/first or tiny\/second for the system tiny-trained, got one by text\/lora/,
  );
  const changed = [{ id: 'tiny', hash: hash('2') }];
  assert.throws(
    () => checkCheckpoint(checkpoint, setting(tinyTrained), changed),
    /of the model tiny, got one of another/,
  );
  checkCheckpoint({ ...checkpoint, made: null }, setting(tinyTrained), changed);
});

test('stages of a user that are none are refused, and so is a ring of them', () => {
  const system = (training: unknown): System => ({ ...tinyTrained, training: training as System['training'] });
  assert.throws(
    () =>
      stagesOf(
        system(() => ({ trainer: { id: 'x y' }, settings: 1 })),
        {},
      ),
    /trainer\.id.*\n.*train/,
  );
  const stage = { ...tinyTrained.training!(tinyTrained.settings({}))!, from: null as unknown };
  stage.from = stage;
  assert.throws(
    () =>
      stagesOf(
        system(() => stage),
        {},
      ),
    /at most 20 stages/,
  );
  assert.deepEqual(
    stagesOf(
      system(() => null),
      {},
    ),
    [],
  );
});
