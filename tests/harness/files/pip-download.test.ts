import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { MachineError } from '../../../harness/errors.ts';
import { findPip } from '../../../harness/files/find-pip.ts';
import { pipDownload } from '../../../harness/files/pip-download.ts';
import { writeWheel } from './write-wheel.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pip-download-'));
  // The user's own pip, with a folder in place of an index.
  process.env.PIP_NO_INDEX = '1';
  process.env.PIP_FIND_LINKS = folder;
});
after(() => rm(folder, { recursive: true }));

test('downloads a pinned wheel of another Python and platform, and refuses one whose bytes are not the pinned ones', async () => {
  const pip = await findPip();
  assert.ok(pip, 'the tests need Python 3 with pip');
  const wheel = await writeWheel(folder, 'some_engine-2.0-cp37-cp37m-manylinux_2_17_aarch64.whl', [
    { name: 'a.so', content: 'x' },
  ]);
  const target = path.join(folder, 'target');
  const arrived: number[] = [];
  const file = await pipDownload(wheel, target, pip, (bytes) => arrived.push(bytes));
  assert.deepEqual(await readFile(file), await readFile(wheel.path));
  assert.deepEqual(await readdir(target), [wheel.file]);
  assert.equal(arrived.at(-1), wheel.bytes);

  const other = { ...wheel, sha256: wheel.sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) };
  await assert.rejects(pipDownload(other, path.join(folder, 'other'), pip), (error) => {
    assert.ok(error instanceof MachineError);
    assert.match(error.problems[0]!, /^pip could not download some_engine-2\.0-cp37/);
    assert.match(error.message, /DO NOT MATCH THE HASHES|hash/i);
    return true;
  });
  assert.deepEqual(await readdir(path.join(folder, 'other')), []);
});
