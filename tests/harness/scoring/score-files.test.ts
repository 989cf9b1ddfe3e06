import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync, readFileSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { InputError } from '../../../harness/errors.ts';
import { joinById, OrderLost } from '../../../harness/scoring/join-by-id.ts';
import type { Keyed } from '../../../harness/scoring/records.ts';
import { scoreFiles, type Scores } from '../../../harness/scoring/score-files.ts';
import { sha256 } from '../../../harness/files/sha256.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'score-files-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
/** Writes records as JSON lines (or texts as they are) and returns the file. */
function write(records: readonly (object | string)[], ending = 'jsonl'): string {
  const file = path.join(folder, `${files++}.${ending}`);
  const lines = records.map((record) => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join('');
  writeFileSync(file, ending.endsWith('gz') ? gzipSync(lines) : lines);
  return file;
}

const range = (n: number): number[] => [...Array(n).keys()];
const question = (
  i: number,
  docs = [
    { title: 't', text: 'x' },
    { title: 'u', text: ']},"pos_index":[7]}' },
  ],
) => ({
  id: `q${i}`,
  question: 'who, "docs":[',
  answers: [`answer ${i}`, `alias ${i},`],
  docs,
  pos_index: [1],
});
const prediction = (i: number) => ({
  id: `q${i}`,
  prediction: i % 4 === 0 ? 'no idea' : `Answer ${i}!`,
  ranking: i % 2 ? [1, 0] : [0, 1],
});

function row(scores: Scores, metric: string) {
  const found = scores.rows.find((candidate) => candidate.metric === metric);
  assert.ok(found, metric);
  return found;
}

async function problems(options: Parameters<typeof scoreFiles>[0]): Promise<readonly string[]> {
  const error = await scoreFiles(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InputError, String(error));
  return error.problems;
}

test('means, intervals, counts and hashes', async () => {
  const data = write(range(8).map((i) => question(i)));
  const predictions = write(range(8).map(prediction));
  const scores = await scoreFiles({ predictions, data, peakMemoryBytes: 2 ** 31 });
  const match = row(scores, 'exact-match');
  assert.deepEqual([match.value, match.n, match.unit, match.notApplicable], [0.75, 8, 'share', 0]);
  assert.ok(Math.abs(match.low! - 0.4093) < 1e-4 && Math.abs(match.high! - 0.9285) < 1e-4);
  assert.equal(row(scores, 'recall@1').value, 0.5);
  assert.equal(row(scores, 'recall@3').value, 1);
  assert.ok(row(scores, 'recall@3').low! < 0.7);
  assert.equal(row(scores, 'peak-memory').value, 2 ** 31);
  assert.ok(scores.without.includes('tokens-source') && scores.without.includes('ms-total'));
  assert.equal(scores.hashes.data, sha256(readFileSync(data)));
  assert.equal(scores.hashes.predictions, sha256(readFileSync(predictions)));
  assert.deepEqual([scores.questions, scores.scored, scores.failures, scores.missing], [8, 8, 0, 0]);
});

test('the order of the files, gzip, and the order of the keys make no difference', async () => {
  const data = write(range(300).map((i) => question(i)));
  const predictions = write(range(300).map(prediction));
  const expected = await scoreFiles({ predictions, data });
  const mixed = range(300).map((i) => (i * 7) % 300);
  const others = [
    { predictions: write(mixed.map(prediction), 'jsonl.gz'), data },
    {
      predictions,
      data: write(
        mixed.map((i) => question(i)),
        'jsonl.gz',
      ),
    },
    {
      predictions,
      data: write(
        range(300).map((i) => {
          const { docs, ...rest } = question(i);
          return { docs, ...rest };
        }),
      ),
    },
    { predictions, data: write(range(300).map((i) => JSON.stringify(question(i), null, 1).replaceAll('\n', ' '))) },
  ];
  for (const other of others) assert.deepEqual((await scoreFiles(other)).rows, expected.rows);
});

test('files in other orders are joined through temporary files, which are gone afterwards', async () => {
  // All predictions wait for the questions at the end: 66 of a megabyte are more than may wait in memory, and make several parts.
  const n = 66;
  const failed = range(1000).map((i) => i + n);
  const long = `[${'0,'.repeat(520_000)}0]`;
  const data = write([...failed, ...range(n)].map((i) => ({ id: `q${i}`, answers: [`answer ${i}`], pos_index: [1] })));
  const predictions = write(range(n).map((i) => `${JSON.stringify(prediction(i)).slice(0, -1)},"selected":${long}}`));
  const timings = write(range(n).map((i) => ({ id: `q${i}`, ms: { decode: i } })));
  const failures = write(failed.map((i) => ({ id: `q${i}`, error: 'none' })));
  const place = process.env.TMPDIR;
  process.env.TMPDIR = mkdtempSync(path.join(folder, 'temporary-'));
  try {
    const scores = await scoreFiles({ predictions, data, timings, failures });
    assert.equal(scores.scored, n);
    assert.equal(scores.failures, failed.length);
    assert.equal(row(scores, 'exact-match').value, 49 / n);
    assert.equal(row(scores, 'ms-decode').value, (n - 1) / 2);
    assert.deepEqual(readdirSync(process.env.TMPDIR), []);
  } finally {
    if (place === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = place;
  }
});

test('more records than may wait for their other half are told', async () => {
  async function* stream<T>(records: readonly Keyed<T>[]): AsyncGenerator<Keyed<T>[]> {
    yield await Promise.resolve([...records]);
  }
  const join = async (count: number): Promise<number> => {
    const ids = range(count).map((i) => `q${i}`);
    const questions = stream(ids.map((id) => ({ id, value: { ...question(0), id }, size: 1 })));
    const answers = stream(ids.reverse().map((id) => ({ id, value: { id, prediction: '' }, size: 1 })));
    const options = { seen: new Set<string>(), onRepeat: () => assert.fail(), maxWaiting: 10, maxCharacters: Infinity };
    let pairs = 0;
    for await (const joined of joinById({ questions, answers, timings: null }, options)) pairs += joined.length;
    return pairs;
  };
  assert.equal(await join(10), 10);
  await assert.rejects(join(12), OrderLost);
});

test('failures are counted and never scored', async () => {
  const data = write(range(6).map((i) => question(i)));
  const predictions = write([...[1, 2, 3].map(prediction), { id: 'q5', error: 'out of memory' }]);
  const failures = write([0, 4].map((i) => ({ id: `q${i}`, error: 'out of memory' })));
  const scores = await scoreFiles({ predictions, data, failures });
  assert.deepEqual([scores.scored, scores.failures, scores.missing], [3, 3, 0]);
  assert.deepEqual([row(scores, 'exact-match').value, row(scores, 'exact-match').n], [1, 3]);
});

test('times come from the predictions, else from the timings by id', async () => {
  const data = write(range(3).map((i) => question(i)));
  const predictions = write([{ ...prediction(0), ms: { decode: 100 } }, prediction(1), prediction(2)]);
  const timings = write([2, 1, 0].map((i) => ({ id: `q${i}`, ms: { decode: i, prefill: 1 } })));
  const scores = await scoreFiles({ predictions, data, timings });
  assert.equal(row(scores, 'ms-decode').value, (100 + 1 + 2) / 3);
  assert.equal(row(scores, 'ms-prefill').n, 2);
  assert.equal(row(scores, 'ms-prefill').notApplicable, 1);
});

test('ids that do not fit are all told: how many, and the first ten', async () => {
  const data = write([...range(30).map((i) => question(i)), question(3)]);
  const predictions = write([...range(15).map(prediction), prediction(2), { id: 'stranger', prediction: '' }]);
  const text = (await problems({ predictions, data })).join('\n');
  assert.match(text, /in the data more than once: 1 \("q3"\)/);
  assert.match(text, /in the predictions \(or failures\) more than once: 1 \("q2"\)/);
  assert.match(text, /not in the data: 1 \("stranger"\)/);
  assert.match(text, /neither a prediction nor a recorded failure: 15 \("q15", "q16", .*"q24", \.\.\.\)/);
});

test('an id that both files have twice is an error too', async () => {
  const data = write([0, 1, 0].map((i) => question(i)));
  const predictions = write([0, 1, 0].map(prediction));
  assert.equal((await problems({ predictions, data })).length, 2);
});

test('missing questions are an error, or are counted where they are allowed', async () => {
  const data = write(range(5).map((i) => question(i)));
  const predictions = write([1, 3].map(prediction));
  assert.equal((await problems({ predictions, data })).length, 1);
  const scores = await scoreFiles({ predictions, data, allowMissing: true });
  assert.deepEqual([scores.scored, scores.missing, scores.questions], [2, 3, 5]);
});

test('bad lines are told with file, line and field, all at once', async () => {
  const data = write([question(0)]);
  const predictions = write([
    '{"id":"q0","prediction":3}',
    'x',
    '{"prediction":"x","ranking":[-1]}',
    '{"id":"q0","prediction":"","tokens":{"source":1.5}}',
  ]);
  const found = await problems({ predictions, data });
  assert.equal(found.length, 5);
  assert.match(found[0]!, /:1: prediction: expected string, got number$/);
  assert.match(found[1]!, /:2: expected one JSON object a line/);
  assert.match(found[4]!, /:4: tokens\.source: expected int/);
  const answers = write([{ id: 'q0', answers: [], docs: [], pos_index: [] }]);
  assert.match((await problems({ predictions: write([prediction(0)]), data: answers }))[0]!, /:1: answers: /);
  assert.match((await problems({ predictions: write(['']), data: write(['']) }))[0]!, /no question/);
  assert.ok((await problems({ predictions: write(range(500).map(() => 'x')), data })).length < 30);
});

test('one line a question is written, or nothing at all', async () => {
  const data = write(range(3).map((i) => question(i)));
  const perQuestion = path.join(folder, 'per-question.jsonl');
  await problems({ predictions: write([0, 1].map(prediction)), data, perQuestion });
  assert.ok(!existsSync(perQuestion));
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.part')));
  await scoreFiles({ predictions: write([2, 1, 0].map(prediction)), data, perQuestion });
  const lines = readFileSync(perQuestion, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(new Set(lines.map(({ id }) => id)), new Set(['q0', 'q1', 'q2']));
  assert.equal(lines.find(({ id }) => id === 'q1')['exact-match'], 1);
  assert.equal(lines.find(({ id }) => id === 'q1')['tokens-source'], null);
});
