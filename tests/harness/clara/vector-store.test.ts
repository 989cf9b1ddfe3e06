import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import type { HashedVectors } from '../../../harness/clara/document-vectors.ts';
import { VectorStore } from '../../../harness/clara/vector-store.ts';
import { InputError } from '../../../harness/errors.ts';
import { COMPRESSOR, madeVectors, WIDTH } from './make-vectors.ts';

const FILL = path.join(import.meta.dirname, 'fill-vector-store.ts');

let root: string;
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
});
after(() => rm(root, { recursive: true, force: true }));

const opened = (folder: string): Promise<VectorStore> =>
  VectorStore.open(folder, { compressor: COMPRESSOR, width: WIDTH });
const inside = (folder: string): string => path.join(folder, COMPRESSOR.slice(0, 16));

async function* yielding(documents: readonly HashedVectors[]): AsyncGenerator<HashedVectors> {
  yield* documents;
}

async function assertHolds(store: VectorStore, texts: readonly string[]): Promise<void> {
  for (const each of texts) {
    const { hash, ...expected } = madeVectors(each);
    assert.ok(store.has(hash), each);
    assert.deepEqual(await store.read(hash), expected, each);
  }
}

function fill(folder: string, name: string, documents: number, ms: number) {
  const given = ['--import', 'tsx', FILL, folder, name, String(documents), String(ms)];
  return spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'pipe'] });
}

test('documents are computed once, in the order given, and stay', async () => {
  const folder = path.join(root, 'once');
  const store = await opened(folder);
  const asked: string[][] = [];
  const progress: [number, number][] = [];
  const compute = (missing: readonly HashedVectors[]) => {
    asked.push(missing.map(({ hash }) => hash));
    return yielding([...missing].reverse());
  };
  const [a, b, c] = ['a', 'b', 'c'].map(madeVectors) as [HashedVectors, HashedVectors, HashedVectors];
  await store.write([b]);
  assert.deepEqual(await store.ensure([c, b, a, c], compute, (...each) => progress.push(each)), {
    found: 1,
    computed: 2,
  });
  assert.deepEqual(await store.ensure([a, b, c], compute), { found: 3, computed: 0 });
  assert.deepEqual(asked, [[c.hash, a.hash]]);
  assert.deepEqual(progress, [
    [1, 2],
    [2, 2],
  ]);
  await assertHolds(store, ['a', 'b', 'c']);
  await assertHolds(await opened(folder), ['a', 'b', 'c', 'a']);
  assert.equal((await readdir(inside(folder))).length, 4);

  const other = await VectorStore.open(folder, { compressor: 'f'.repeat(64), width: WIDTH });
  assert.equal(other.has(a.hash), false);
  await assert.rejects(other.read(a.hash), /no vectors of the document/);
});

test('what was computed before a failure is kept, and wrong vectors are not taken', async () => {
  const folder = path.join(root, 'failure');
  const store = await opened(folder);
  const [a, b] = ['a', 'b'].map(madeVectors) as [HashedVectors, HashedVectors];
  const failing = async function* () {
    yield a;
    throw new Error('the loss of the machine');
  };
  await assert.rejects(store.ensure([a, b], failing), /the loss of the machine/);
  await assertHolds(await opened(folder), ['a']);
  const with_ = (change: Partial<HashedVectors>) => store.ensure([b], () => yielding([{ ...b, ...change }]));
  await assert.rejects(with_({ count: b.count + 1 }), /expected \d vectors of width 6, got/);
  await assert.rejects(with_({ vectors: b.vectors.map(() => NaN) }), /not finite/);
  await assert.rejects(with_({ hash: a.hash }), /was not asked for/);
  await assert.rejects(
    store.ensure([b], () => yielding([])),
    /1 of 1 documents were given no vectors/,
  );
  assert.equal(store.has(b.hash), false);
});

test('two processes that write at once leave a whole store', async () => {
  const folder = path.join(root, 'two');
  const reader = await opened(folder);
  const children = ['left', 'right'].map((name) => fill(folder, name, 40, 1));
  const ends = await Promise.all(
    children.map(async (child) => {
      const [[code], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr), text(child.stdout)]);
      return { code: code as number | null, stderr };
    }),
  );
  for (const { code, stderr } of ends) assert.equal(code, 0, stderr);
  const texts = ['shared', 'left', 'right'].flatMap((of) => Array.from({ length: 40 }, (_, n) => `${of} ${n}`));
  await assertHolds(await opened(folder), texts);
  // One that was open before finds them too.
  const unasked = () => assert.fail('nothing is missing');
  assert.deepEqual(await reader.ensure(texts.map(madeVectors), unasked), { found: 120, computed: 0 });
  await assertHolds(reader, texts);
});

test('a kill leaves what was finished, nothing half, and its remains are removed in time', async () => {
  const folder = path.join(root, 'kill');
  const child = fill(folder, 'own', 5, 20);
  let lines = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    lines += chunk.toString().split('\n').length - 1;
    if (lines >= 7) break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = await opened(folder);
  await assertHolds(store, ['shared 0', 'shared 1', 'shared 2', 'shared 3', 'shared 4']);
  assert.equal(store.has(madeVectors('own 0').hash), false);
  const parts = (await readdir(inside(folder))).filter((name) => name.endsWith('.part'));
  assert.equal(parts.length, 1);
  assert.equal((await store.ensure([madeVectors('own 0')], yielding)).computed, 1);

  const hoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
  const orphan = path.join(inside(folder), 'orphan.f32');
  await writeFile(orphan, 'abcd');
  await utimes(orphan, hoursAgo, hoursAgo);
  await utimes(path.join(inside(folder), parts[0]!), hoursAgo, hoursAgo);
  const again = await opened(folder);
  assert.deepEqual(
    (await readdir(inside(folder))).filter((name) => /part$|orphan/.test(name)),
    [],
  );
  await assertHolds(again, ['shared 0', 'own 0']);
});

test('files that were cut off or changed are refused with what to delete', async () => {
  const refused = async (name: string, change: (data: string, index: string) => Promise<void>, message: RegExp) => {
    const folder = path.join(root, name);
    await (await opened(folder)).write(['a', 'b'].map(madeVectors));
    const names = await readdir(inside(folder));
    const [data, index] = ['.f32', '.jsonl'].map((ending) =>
      path.join(
        inside(folder),
        names.find((each) => each.endsWith(ending))!,
      ),
    ) as [string, string];
    await change(data, index);
    await assert.rejects(opened(folder), (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.match(error.message, message);
      assert.ok(error.message.includes(`delete ${data} and ${index}`));
      return true;
    });
  };
  const edit = (from: RegExp, to: string) => async (_: string, index: string) =>
    writeFile(index, (await readFile(index, 'utf8')).replace(from, to));
  await refused('short', (data) => truncate(data, 40), /expected \d+ bytes, as its index says, got 40/);
  await refused('gone', (data) => rm(data), /got no such file/);
  await refused('outside', edit(/"at":\d+,"count":\d+/, '"at":0,"count":1000'), /1000 vectors from byte 0 leave/);
  await refused('field', edit(/"tokens":1/, '"tokens":"many"'), /tokens: expected number/);
  await refused('json', (_, index) => appendFile(index, 'x\n'), /:4: expected a JSON object/);
  await refused('empty', edit(/[^]*/, ''), /got an empty file/);
  await refused('width', edit(/"width":6/, '"width":7'), /expected vectors of width 6 .*, got 7/);
});
