import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { ensureNative } from '../../../harness/engine/native.ts';
import { ADDON, engineFolder } from '../../../harness/engine/setup/engine-folder.ts';
import { MANIFEST } from '../../../harness/engine/setup/engine-manifest.ts';
import { MachineError } from '../../../harness/errors.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'native-'));
const home = path.join(folder, 'home');
const packageFolder = path.join(folder, 'package');
const link = path.join(packageFolder, 'lib', 'napi-v8', ADDON);
const engine = engineFolder('cpu', home);

beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(packageFolder, { recursive: true, force: true });
});
after(() => rmSync(folder, { recursive: true }));

function writeEngine(): void {
  mkdirSync(engine, { recursive: true });
  writeFileSync(path.join(engine, ADDON), 'add-on');
  writeFileSync(
    path.join(engine, MANIFEST),
    JSON.stringify({ tensorflow: '2.21.0', device: 'cpu', wheels: [], compiler: 'g++', files: { [ADDON]: 6 } }),
  );
}

function isNotSetUp(error: unknown): boolean {
  return error instanceof MachineError && /not set up on this machine; run: npx clara-bench setup/.test(error.message);
}

test('links the cached engine where npm ci has wiped the link, and where the link points to what is gone', () => {
  writeEngine();
  ensureNative(home, packageFolder);
  assert.equal(readlinkSync(link), path.join(engine, ADDON));
  rmSync(link);
  symlinkSync(path.join(folder, 'gone'), link);
  ensureNative(home, packageFolder);
  assert.equal(readlinkSync(link), path.join(engine, ADDON));
});

test('leaves an add-on alone that is there, also the one that the package downloads', () => {
  mkdirSync(path.dirname(link), { recursive: true });
  writeFileSync(link, 'prebuilt');
  ensureNative(home, packageFolder);
  assert.throws(() => readlinkSync(link), { code: 'EINVAL' });
});

test('says what to run where there is no engine, or only a half-finished one', () => {
  assert.throws(() => ensureNative(home, packageFolder), isNotSetUp);
  writeEngine();
  truncateSync(path.join(engine, ADDON), 3);
  assert.throws(() => ensureNative(home, packageFolder), isNotSetUp);
  writeEngine();
  rmSync(path.join(engine, MANIFEST));
  assert.throws(() => ensureNative(home, packageFolder), isNotSetUp);
});

test('sets the environment that TensorFlow reads, but not over what the user has set', () => {
  writeEngine();
  delete process.env.TF_ENABLE_ONEDNN_OPTS;
  process.env.TF_CPP_MIN_LOG_LEVEL = '0';
  ensureNative(home, packageFolder);
  assert.equal(process.env.TF_ENABLE_ONEDNN_OPTS, '1');
  assert.equal(process.env.TF_CPP_MIN_LOG_LEVEL, '0');
});
