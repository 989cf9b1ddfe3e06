import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { InputError } from '../../../harness/errors.ts';
import { writeAtomically } from '../../../harness/files/write-atomically.ts';
import { checkReplaceable } from '../../../reports/replace-report.ts';

test('a place that cannot be written is named, and nothing is left there', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cannot-write-'));
  try {
    await mkdir(path.join(folder, 'taken'));
    await writeFile(path.join(folder, 'file'), '');
    const refused = (name: string, expected: RegExp): Promise<void> =>
      assert.rejects(writeAtomically(path.join(folder, name), 'text'), (error) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, expected);
        return true;
      });
    await refused('taken', /taken: cannot be written: expected a file, got a folder/);
    await refused('file/below', /cannot be written: (expected a folder, got a file|a file stands)/);
    assert.deepEqual((await readdir(folder)).sort(), ['file', 'taken']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a report never takes the place of the folder that one stands in, of the runs, or of nothing named', async () => {
  await assert.rejects(checkReplaceable(''), /expected the name of a folder/);
  await assert.rejects(checkReplaceable('..'), /expected a folder of its own/);
  await assert.rejects(checkReplaceable('some/out', ['some/out/runs']), /has some\/out\/runs in it/);
  await checkReplaceable('some/out', ['some/runs']);
});
