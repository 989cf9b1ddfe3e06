import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { importBenchmark } from '../../datasets/import-benchmark.ts';
import { openBenchmark } from '../../datasets/open-benchmark.ts';

const root = await mkdtemp(path.join(tmpdir(), 'clara-bench-open-'));
after(() => rm(root, { recursive: true }));

const row = (id: string): string =>
  `${JSON.stringify({ id, question: 'q', answers: ['a'], docs: [{ title: 't', text: 'x' }], pos_index: [0] })}\n`;
const content = `${row('1')}\n${row('2')}${row('3').trimEnd()}`;
await mkdir(path.join(root, 'nested'));
await writeFile(path.join(root, 'flat.dev.jsonl'), content);
await writeFile(path.join(root, 'flat.train.jsonl.gz'), gzipSync(row('t')));
await writeFile(path.join(root, 'nested', 'dev.jsonl.gz'), gzipSync(content));

async function ids(examples: AsyncIterable<{ id: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { id } of examples) found.push(id);
  return found;
}

test('opens an id in either layout and a file by its path, with the same content hash, gzipped or not', async () => {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const flat = await openBenchmark('flat', { root });
  const nested = await openBenchmark('nested', { root });
  const file = await openBenchmark(path.join(root, 'flat.dev.jsonl'));
  for (const [opened, id] of [
    [flat, 'flat'],
    [nested, 'nested'],
    [file, 'flat'],
  ] as const) {
    assert.deepEqual([opened.id, opened.split, opened.rows, opened.sha256], [id, 'dev', 3, sha256]);
    assert.deepEqual(await ids(opened.load()), ['1', '2', '3']);
  }
  assert.deepEqual(await ids(flat.load('train')), ['t']);
  assert.equal((await openBenchmark('flat', { root, split: 'train' })).rows, 1);
});

test('says where it looked and what is there', async () => {
  await assert.rejects(openBenchmark('other', { root }), (error: Error) => {
    assert.match(error.message, /no benchmark "other" with a split "dev" in /);
    assert.match(
      error.message,
      /there: flat dev, flat train, nested dev, sample dev \(shipped\), sample train \(shipped\)/,
    );
    return true;
  });
  await assert.rejects(openBenchmark('../flat', { root }), /expected a benchmark's id/);
  await assert.rejects(openBenchmark(path.join(root, 'no.jsonl')), /no such file/);
  await assert.rejects(
    openBenchmark('flat', { root: `${root}/none` }),
    /expected a folder of benchmarks, got nothing there/,
  );
  await assert.rejects(openBenchmark('sample', { root, split: 'test' }), /has the splits dev and train, got "test"/);
});

test('a file that was changed after its import is refused', async () => {
  const output = path.join(root, 'imported', 'dev.jsonl.gz');
  await importBenchmark({
    benchmark: 'imported',
    split: 'dev',
    files: [path.join(root, 'flat.dev.jsonl')],
    output,
    skipBad: false,
    options: { unanswerable: 'leave-out', candidates: 'paragraph', columns: {} },
  });
  assert.equal((await openBenchmark('imported', { root })).rows, 3);
  await writeFile(output, gzipSync(row('other')));
  await assert.rejects(openBenchmark('imported', { root }), /not what was imported/);
  await writeFile(path.join(root, 'imported', 'dev.manifest.json'), '{"rows": "3"}');
  await assert.rejects(openBenchmark('imported', { root }), /dev\.manifest\.json: .*expected/);
});

test('a bad row stops the reading, with its place and all its problems', async () => {
  const file = path.join(root, 'bad.dev.jsonl');
  await writeFile(
    file,
    `${row('1')}${JSON.stringify({ id: '', question: 'q', answers: [], docs: [], pos_index: [0], extra: 1 })}\n`,
  );
  await assert.rejects(ids((await openBenchmark(file)).load()), (error: Error) => {
    assert.equal(error.message.split('\n').length, 4);
    for (const field of ['id', 'answers', 'pos_index[0]', 'extra']) assert.ok(error.message.includes(field), field);
    assert.ok(error.message.includes(`${file}:2: `));
    return true;
  });
});
