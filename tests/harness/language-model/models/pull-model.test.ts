import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { InputError, MachineError } from '../../../../harness/errors.ts';
import { pullModel } from '../../../../harness/language-model/models/pull-model.ts';
import { findModel } from '../../../../harness/language-model/registry.ts';
import { packageRoot } from '../../../../harness/home.ts';
import { tinyModels, writeTinyModel } from '../write-tiny-model.ts';
import { COMMIT, startHub, type HubServer } from './hub-server.ts';

const ID = `hub:someone/tiny-model@${COMMIT}`;
const PLACE = path.join('models', `hub--someone--tiny-model--${COMMIT}`);

let folder: string;
let hub: HubServer;
let files: Map<string, Buffer>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hub-'));
  const source = path.join(folder, 'source');
  await writeTinyModel(source, tinyModels.llama!);
  files = new Map();
  for (const name of await readdir(source)) files.set(name, await readFile(path.join(source, name)));
  files.set('README.md', Buffer.from('not fetched'));
  hub = await startHub(files);
  Object.assign(process.env, { HF_TOKEN: '', HF_ENDPOINT: hub.url, CLARA_BENCH_HOME: path.join(folder, 'home') });
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

/** The command line in a process of its own. */
function models(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(packageRoot, 'harness/clara-bench.js'), 'models', ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const pull = (id = ID) => pullModel(findModel(id)!);

async function fetched(): Promise<string[]> {
  return (await readdir(path.join(folder, 'home', PLACE)).catch(() => [])).sort();
}

test('a revision of the hub is fetched, checked, kept, and opens as a model', async () => {
  const first = await models('pull', ID);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /fetched and checked/);
  assert.deepEqual(await fetched(), ['config.json', 'manifest.json', 'model.safetensors', 'tokenizer.json']);
  const requests = hub.requests.length;
  const { kept, manifest } = await pull();
  assert.ok(kept);
  assert.equal(manifest.source, `someone/tiny-model@${COMMIT}`);
  for (const file of manifest.files) {
    assert.equal(file.sha256, createHash('sha256').update(files.get(file.path)!).digest('hex'));
  }
  const shown = await models('show', ID);
  assert.match(shown.stdout, /^architecture\tllama$/m);
  assert.equal(hub.requests.length, requests, 'nothing is asked of the hub again');
});

test('a broken connection is continued where it broke, in the same run', async () => {
  hub.breakAfter = { file: 'model.safetensors', bytes: 150_000 };
  assert.equal((await pull()).kept, false);
  const downloads = hub.requests.filter((request) => request.includes('model.safetensors')).join('\n');
  assert.match(downloads, /bytes=[1-9]\d*-\d+$/m);
});

test('an interrupted fetch leaves nothing that passes for a model, and the next one goes on', async () => {
  const part = path.join(folder, 'home', `${PLACE}.part`);
  await mkdir(part, { recursive: true });
  const whole = files.get('model.safetensors')!;
  // As a process leaves it that is killed: one file done, one half there, one damaged.
  await writeFile(path.join(part, 'config.json'), files.get('config.json')!);
  await writeFile(path.join(part, 'model.safetensors.part'), whole.subarray(0, 70_000));
  await writeFile(path.join(part, 'tokenizer.json.part'), Buffer.alloc(files.get('tokenizer.json')!.length, 'x'));
  assert.equal((await pull()).kept, false);
  assert.ok(!hub.requests.some((request) => request.includes('/config.json')));
  assert.ok(hub.requests.some((request) => request.endsWith(`bytes=70000-${whole.length - 1}`)));
  assert.deepEqual(await readFile(path.join(folder, 'home', PLACE, 'model.safetensors')), whole);
  assert.deepEqual(await readFile(path.join(folder, 'home', PLACE, 'tokenizer.json')), files.get('tokenizer.json'));
});

test('a fetched model that lost a part of a file is fetched again', async () => {
  await pull();
  await truncate(path.join(folder, 'home', PLACE, 'model.safetensors'), 1000);
  assert.equal((await pull()).kept, false);
  assert.deepEqual(
    await readFile(path.join(folder, 'home', PLACE, 'model.safetensors')),
    files.get('model.safetensors'),
  );
});

test('two that want the same model fetch it once', async () => {
  const both = await Promise.all([pull(), pull()]);
  assert.deepEqual(both.map(({ kept }) => kept).sort(), [false, true]);
  assert.equal(hub.requests.filter((request) => /config\.json$/.test(request)).length, 1);
});

test('a file that is not the one listed is not kept', async () => {
  const bytes = Buffer.from(files.get('model.safetensors')!);
  bytes[bytes.length - 1]! ^= 1;
  hub.tampered.set('model.safetensors', bytes);
  await assert.rejects(pull(), (error) => {
    assert.ok(error instanceof MachineError);
    return /model\.safetensors: its hash is not the one in the hub's listing; it was deleted/.test(error.message);
  });
  assert.deepEqual(await fetched(), []);
});

test('what the hub refuses or lacks is said, with what to do', async () => {
  assert.throws(() => findModel('hub:someone/tiny-model'), /expected a revision, hub:someone\/tiny-model@COMMIT/);
  assert.throws(() => findModel('hub:someone/../x@main'), /expected hub:owner\/name@revision/);
  await assert.rejects(pull('hub:someone/other@main'), /expected a model and a revision that are on the hub, got none/);
  hub.token = 'hf_right';
  await assert.rejects(pull(), (error) => {
    assert.ok(error instanceof InputError);
    return /expected a token that may read it in HF_TOKEN/.test(error.message);
  });
  process.env.HF_TOKEN = 'secret';
  await assert.rejects(pull(), /HF_TOKEN: expected a token of the hub/);
  process.env.HF_TOKEN = 'hf_right';
  assert.equal((await pull('hub:someone/tiny-model@main')).manifest.source, `someone/tiny-model@${COMMIT}`);
  process.env.HF_ENDPOINT = 'http://127.0.0.1:1';
  await assert.rejects(pull(), /could not be fetched: .*running it again goes on from here/);
});

test('an id that is none gets the ones that are', async () => {
  const outcome = await models('show', 'smolm2-135m-instruct-q4_1');
  assert.equal(outcome.code, 2);
  assert.match(outcome.stderr, /did you mean smollm2-135m-instruct-q4_1\?/);
});
