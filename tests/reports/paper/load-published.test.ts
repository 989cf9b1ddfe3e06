import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { InputError } from '../../../harness/errors.ts';
import { readYaml } from '../../../harness/files/read-yaml.ts';
import { loadPublished, type PublishedValue } from '../../../reports/paper/load-published.ts';
import { MARKS, publishedSchema } from '../../../reports/paper/published-schema.ts';

const published = await loadPublished();
const FOUR = ['nq', 'hotpotqa', 'musique', '2wiki'];

/** What a row of a published table is, as a key. */
const rowOf = ({ table, metric, setting, system, start, backbone, variant, ratio }: PublishedValue): string =>
  JSON.stringify([table.id, metric.id, setting, system, start, backbone, variant, ratio]);

const find = (wanted: Partial<Record<keyof PublishedValue | 'table' | 'metric', unknown>>): PublishedValue[] =>
  published.filter((value) =>
    Object.entries(wanted).every(([key, expected]) => {
      const own = value[key as keyof PublishedValue];
      return (typeof own === 'object' && own !== null && 'id' in own ? own.id : own) === expected;
    }),
  );

test('every table has all of its cells, each once', () => {
  const counts: Record<string, number> = {};
  for (const { table } of published) counts[table.id] = (counts[table.id] ?? 0) + 1;
  assert.deepEqual(counts, {
    compression: 42 * 5,
    'end-to-end': (9 + 12 + 6 + 12) * 4 * 2 + (9 + 3 + 6 + 3 + 3) * 2,
    reranking: 31 * 4 * 3,
    'pretraining-mix': 20,
    'alignment-loss': 8,
    'corpus-size': 9,
    'generator-only': 6,
    'frozen-query-reasoner': 4,
    'query-reasoner-start': 8,
    efficiency: 1 + 6 * 3,
    reconstruction: 2 * 2 * 3,
    faithfulness: 4,
  });
  const cells = published.map((value) => `${rowOf(value)} ${value.benchmark}`);
  assert.equal(new Set(cells).size, cells.length);
});

test('averages are the means of their rows', () => {
  const averages = published.filter(
    ({ benchmark, table }) => benchmark === 'average' && ['compression', 'end-to-end'].includes(table.id),
  );
  assert.equal(averages.length, 42 + 24 * 2);
  for (const average of averages) {
    const row = published.filter((value) => FOUR.includes(value.benchmark) && rowOf(value) === rowOf(average));
    assert.equal(row.length, 4, rowOf(average));
    const mean = row.reduce((sum, { value }) => sum + value, 0) / 4;
    // Half of the last digit printed.
    assert.ok(Math.abs(mean - average.value) <= 0.005 + 1e-9, `${rowOf(average)}: ${mean} and ${average.value}`);
  }
});

test('F1 is at least exact match but where it is marked, and nothing is marked without need', () => {
  const marked: string[] = [];
  for (const exact of find({ table: 'end-to-end', metric: 'exact-match' })) {
    const f1 = published.find(
      (value) =>
        value.metric.id === 'f1' &&
        value.benchmark === exact.benchmark &&
        rowOf({ ...value, metric: exact.metric }) === rowOf(exact),
    )!;
    const isMarked = exact.marks.includes(MARKS['f1-below-em']);
    assert.equal(f1.value < exact.value, isMarked, rowOf(exact));
    if (isMarked) marked.push(`${exact.system} ${exact.benchmark}`);
    assert.equal(f1.marks.includes(MARKS['f1-below-em']), isMarked);
  }
  assert.deepEqual(marked, ['DDR-RAG nq', 'DDR-RAG musique', 'DDR-RAG average']);
});

test('recall rises in k and is under its ceiling', () => {
  const recall = (k: number): PublishedValue[] => find({ table: 'reranking', metric: `recall@${k}` });
  const [first, third, fifth] = [recall(1), recall(3), recall(5)];
  for (const [at, { value, benchmark }] of first.entries()) {
    assert.ok(value < third[at]!.value && third[at]!.value < fifth[at]!.value, rowOf(first[at]!));
    // HotpotQA has two gold passages for each question.
    if (benchmark === 'hotpotqa') assert.ok(value <= 50);
  }
});

test('oracle is above normal, and an ablation’s last variant is the system of the tables', () => {
  for (const normal of published.filter(({ setting }) => setting === 'normal')) {
    const key = `${rowOf({ ...normal, setting: 'oracle' })} ${normal.benchmark}`;
    const oracle = published.find((value) => `${rowOf(value)} ${value.benchmark}` === key);
    if (oracle) assert.ok(oracle.value > normal.value, key);
  }
  const own = [
    'all three',
    'with the alignment loss',
    '2 million passages',
    'compressor and generator',
    'both trained',
  ];
  const full = published.filter(
    ({ variant }) => variant !== null && [...own, 'query reasoner from the compressor'].includes(variant),
  );
  assert.equal(full.length, 4 + 4 + 3 + 3 + 2 + 4);
  for (const value of full) {
    const { metric, setting, system, start, backbone, ratio, benchmark } = value;
    const wanted = { metric: metric.id, setting, system, start, backbone, ratio, benchmark, variant: null };
    assert.deepEqual(
      find(wanted).map((same) => same.value),
      [value.value],
      JSON.stringify([value.table.id, wanted]),
    );
  }
});

test('figures are those of the paper', () => {
  const spot = (expected: number, wanted: Parameters<typeof find>[0]): void =>
    assert.deepEqual(
      find(wanted).map(({ value }) => value),
      [expected],
      JSON.stringify(wanted),
    );
  const [mistral, phi] = ['mistral-7b-instruct-v0.2', 'phi-4-mini-instruct'];
  const normal = { setting: 'normal', variant: null };
  const oracle = { setting: 'oracle', variant: null };
  spot(41.94, { ...normal, system: 'PISCO', benchmark: 'hotpotqa' });
  spot(39.86, { ...normal, table: 'compression', system: 'SCP', backbone: mistral, ratio: 4, benchmark: 'average' });
  spot(45.38, { ...oracle, table: 'compression', system: 'SCP', backbone: phi, ratio: 128, benchmark: 'average' });
  const end = { table: 'end-to-end', system: 'CLaRa', backbone: mistral };
  spot(36.67, { ...normal, ...end, start: 'instruction', ratio: 16, benchmark: 'hotpotqa', metric: 'exact-match' });
  spot(77.66, { ...oracle, ...end, start: 'pretraining', ratio: 4, benchmark: 'hotpotqa', metric: 'f1' });
  const recall = { ...oracle, table: 'reranking', metric: 'recall@5' };
  spot(51.4, { ...recall, system: 'BM25', benchmark: '2wiki' });
  spot(47.9, { ...recall, system: 'CLaRa', start: 'instruction', ratio: 16, backbone: mistral, benchmark: '2wiki' });
  spot(75.93, { ...recall, system: 'CLaRa', start: 'pretraining', ratio: 128, backbone: phi, benchmark: 'hotpotqa' });
  spot(45.43, { variant: 'query reasoner frozen', benchmark: '2wiki' });
  spot(1290.57, { table: 'efficiency', system: 'text' });
  spot(42.12, { table: 'reconstruction', metric: 'entities-kept', benchmark: 'seen', ratio: 256 });
  const suspect = published.filter(({ marks }) => marks.includes(MARKS.suspect));
  assert.deepEqual(
    suspect.map(({ benchmark, ratio, metric, value }) => [benchmark, ratio, metric.id, value]),
    [
      ['nq', 32, 'f1', 69.75],
      ['nq', 32, 'exact-match', 65.17],
      ['hotpotqa', 128, 'f1', 64.09],
      ['hotpotqa', 128, 'exact-match', 54.63],
    ],
  );
  assert.equal(published.filter(({ marks }) => marks.includes(MARKS.copied)).length, 9 * 5 * 2);
});

test('a row with a value too few, over 100 or an unknown mark is refused', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-paper-'));
  try {
    const file = path.join(folder, 'broken.yaml');
    const table = (rows: string): string => `tables:
  - { id: a, title: A, place: B, unit: percent, benchmarks: [nq, 2wiki], metrics: [{ id: f1, name: F1, definition: d }],
      groups: [{ system: S, rows: [${rows}] }] }`;
    const problems = async (rows: string): Promise<string> => {
      await writeFile(file, table(rows));
      return readYaml(file, publishedSchema, 'published figures').then(
        () => 'none',
        (error: unknown) => (error instanceof InputError ? error.message : String(error)),
      );
    };
    assert.equal(await problems('{ values: [1, 2] }'), 'none');
    assert.match(await problems('{ values: [1] }'), /expected a value for each of 2 benchmarks, got 1/);
    assert.match(await problems('{ values: [1, [2, 3]] }'), /expected a value for each of 1 metrics, got 2 in place 1/);
    assert.match(await problems('{ values: [1, 200] }'), /expected percent from 0 to 100, got 200/);
    assert.match(await problems('{ values: [1, 2], marks: [nice] }'), /marks/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
