import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { MachineError } from '../../../harness/errors.ts';
import { unpackWheel } from '../../../harness/files/unpack-wheel.ts';
import { parseWheelRecord } from '../../../harness/files/wheel-record.ts';
import { makeZip, writeWheel, type WheelFile } from './write-wheel.ts';

const FILE = 'small-1.0-py3-none-any.whl';
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'unpack-wheel-'));
});
after(() => rm(folder, { recursive: true }));

/** Unpacks everything of a wheel with these files; gives the folder unpacked to. */
async function unpackAll(files: readonly WheelFile[]): Promise<string> {
  const target = await mkdtemp(path.join(folder, 'target-'));
  const wheel = await writeWheel(target, FILE, files);
  await unpackWheel(wheel.path, path.join(target, 'out'), (name) => !name.includes('.dist-info/'));
  return path.join(target, 'out');
}

async function refuses(files: readonly WheelFile[], problem: RegExp): Promise<void> {
  await assert.rejects(unpackAll(files), (error) => error instanceof MachineError && problem.test(error.message));
}

test('unpacks what is wanted and nothing else, byte for byte, and keeps programs executable', async () => {
  const content = 'library '.repeat(50_000);
  const wheel = await writeWheel(folder, FILE, [
    { name: 'lib/a.so', content },
    { name: 'lib/with, comma.so', content: 'b' },
    { name: 'bin/tool', content: '#!/bin/sh\n', executable: true },
    { name: 'lib/other.py', content: 'no' },
  ]);
  const out = path.join(folder, 'out');
  let last = [0, 0];
  const unpacked = await unpackWheel(
    wheel.path,
    out,
    (name) => /\.so$|^bin\//.test(name),
    (done, total) => (last = [done, total]),
  );
  assert.deepEqual(unpacked, [
    { path: 'lib/a.so', bytes: 400_000 },
    { path: 'lib/with, comma.so', bytes: 1 },
    { path: 'bin/tool', bytes: 10 },
  ]);
  assert.equal(await readFile(path.join(out, 'lib/a.so'), 'utf8'), content);
  assert.deepEqual((await readdir(path.join(out, 'lib'))).sort(), ['a.so', 'with, comma.so']);
  assert.equal((await stat(path.join(out, 'bin/tool'))).mode & 0o111, 0o111);
  assert.equal((await stat(path.join(out, 'lib/a.so'))).mode & 0o111, 0);
  assert.deepEqual(last, [400_011, 400_011]);
});

test('refuses a file that differs from RECORD in content or size, and leaves nothing of it behind', async () => {
  const target = await mkdtemp(path.join(folder, 'target-'));
  const wheel = await writeWheel(target, FILE, [{ name: 'a.so', content: 'tampered', recorded: 'original' }]);
  await assert.rejects(
    unpackWheel(wheel.path, path.join(target, 'out'), () => true),
    /a\.so is damaged or was tampered with \(expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}\)/,
  );
  assert.deepEqual(await readdir(path.join(target, 'out')), []);
  await refuses([{ name: 'a.so', content: 'longer than it was', recorded: 'short' }], /expected 5 bytes, got 18/);
});

test('refuses a file that RECORD does not list, a name that leaves the folder, and a name that is there twice', async () => {
  await refuses([{ name: 'a.so', content: 'x', unlisted: true }], /a\.so is not listed in RECORD with a hash/);
  await refuses([{ name: '../evil', content: 'x' }], /not a whole wheel .*\.\.\/evil/);
  await refuses([{ name: '/etc/evil', content: 'x' }], /not a whole wheel .*\/etc\/evil/);
  await refuses(
    [
      { name: 'a.so', content: 'x' },
      { name: 'a.so', content: 'y', unlisted: true },
    ],
    /a\.so is in it twice/,
  );
});

test('refuses what is no whole wheel', async () => {
  const wheel = await writeWheel(folder, 'cut-1.0-py3-none-any.whl', [{ name: 'a.so', content: 'x'.repeat(1000) }]);
  await truncate(wheel.path, wheel.bytes - 30);
  await assert.rejects(
    unpackWheel(wheel.path, folder, () => true),
    /cut-1\.0-py3-none-any\.whl: not a whole wheel/,
  );
  const bare = path.join(folder, 'bare-1.0-py3-none-any.whl');
  await writeFile(bare, makeZip([{ name: 'a.so', content: 'x' }]));
  await assert.rejects(
    unpackWheel(bare, folder, () => true),
    /no RECORD in it/,
  );
});

test('RECORD: hashes as hex; lines without a hash are left out; bad lines are named', () => {
  const hash = 'ZQWkuWV-YhAMa9rLaDlXo5XLBHclBClFqqUOQKceQp4';
  const files = parseWheelRecord(`"a,b.so",sha256=${hash},12\nx.dist-info/RECORD,,\n`, 'w.whl');
  assert.deepEqual([...files], [['a,b.so', { sha256: Buffer.from(hash, 'base64url').toString('hex'), bytes: 12 }]]);
  assert.throws(
    () => parseWheelRecord(`a,md5=abc,1\n`, 'w.whl'),
    /w\.whl: RECORD line 1: expected path,sha256=<43 characters>,<size>, got "a,md5=abc,1"/,
  );
  assert.throws(() => parseWheelRecord(`a,sha256=${hash},-1\n`, 'w.whl'), /line 1/);
  assert.throws(
    () => parseWheelRecord(`a,sha256=${hash},1\na,sha256=${hash},1\n`, 'w.whl'),
    /line 2: "a" is listed twice/,
  );
});
