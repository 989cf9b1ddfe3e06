import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import papaparse from 'papaparse';
import { writeReport } from '../../reports/write-report.ts';
import { makeRun, plainExamples } from './make-runs.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-seeds-'));
after(() => rm(folder, { recursive: true }));
const [runs, out, claims] = ['runs', 'report', 'claims.yaml'].map((name) => path.join(folder, name)) as [
  string,
  string,
  string,
];
const SEEDS = [0, 1, 2];
const tokens = { source: 40, vectors: 10 };

/** The first so many questions of twelve right. */
const right =
  (count: number) =>
  ({ answers }: { answers: string[] }, at: number): string =>
    at < count ? answers[0]! : 'Nowhere';

interface Data {
  readonly rows: readonly {
    readonly label: string;
    readonly seeds: readonly { readonly seed: number }[];
    readonly sameAnswers: boolean;
    readonly scored: number;
    readonly scores: readonly Score[];
  }[];
  readonly runs: readonly { readonly label: string; readonly scores: readonly Score[] }[];
  readonly differences: readonly {
    readonly one: { readonly label: string };
    readonly other: { readonly label: string };
    readonly n: number;
    readonly seeds: number;
    readonly deviation: number | null;
    readonly exactMatch: { readonly mean: number };
    readonly test: string;
  }[];
  readonly charts: readonly { readonly name: string; readonly spec: { readonly given: unknown } }[];
}
interface Score {
  readonly metric: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly deviation?: number | null;
}

let [data, markdown, csv, table] = [{} as Data, '', [] as Record<string, string>[], ''];

before(async () => {
  for (const seed of SEEDS) {
    const trained = { manifest: { seed, trained: `${seed}`.repeat(64) } };
    await makeRun(runs, { system: 'clara', ratio: 4, answer: right(6 + seed), tokens, ...trained });
    await makeRun(runs, { system: 'clara', ratio: 16, answer: right(0), tokens, ...trained });
    await makeRun(runs, { system: 'text-lora', answer: right(11 - seed), ...trained });
    await makeRun(runs, { system: 'text', answer: right(5), manifest: { seed } });
    await makeRun(runs, { system: 'words', answer: right(0), ranking: [0], manifest: { seed } });
  }
  const alone = { seed: 0, trained: '9'.repeat(64) };
  await makeRun(runs, { system: 'mean-pool', ratio: 4, answer: right(4), tokens, manifest: alone });
  await writeFile(
    claims,
    'claims:\n  - { claim: better, system: text-lora, than: text }\n  - { claim: better, system: clara, ratio: 4, than: mean-pool }\n',
  );
  table = (await writeReport({ runs, out, claims })).table;
  data = JSON.parse(await readFile(path.join(out, 'data.json'), 'utf8')) as Data;
  markdown = await readFile(path.join(out, 'report.md'), 'utf8');
  csv = papaparse.parse<Record<string, string>>(await readFile(path.join(out, 'results.csv'), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  }).data;
});

const exactMatch = (label: string): Score & { readonly row: Data['rows'][number] } => {
  const row = data.rows.find((row) => row.label === label)!;
  return { row, ...row.scores.find(({ metric }) => metric === 'exact-match')! };
};

test('seeds of a trained system are one row: mean, deviation, interval over seeds and questions, n of all', () => {
  const labels = data.rows.map(({ label }) => label);
  assert.deepEqual(labels.sort(), ['clara 16×', 'clara 4×', 'mean-pool 4×', 'text', 'text-lora', 'words']);
  const { value, deviation, low, high, n, row } = exactMatch('clara 4×');
  assert.deepEqual([value, n, row.scored, row.sameAnswers, row.seeds.length], [7 / 12, 36, 36, false, 3]);
  assert.ok(Math.abs(deviation! - 1 / 12) < 1e-12, String(deviation));
  // Wider than Wilson's of 36 answers that have nothing to do with each other, [0.422, 0.729].
  assert.ok(low < 0.4 && high > 0.75, `${low} to ${high}`);
  assert.match(markdown, /\| clara 4× \| .*58\.3 ± 8\.3 \\\[/);
  assert.match(table, /^cities +clara 4× +36 +58\.3 /m);
});

test('nothing right with any seed has the interval of the questions, not none', () => {
  const { value, low, high, deviation } = exactMatch('clara 16×');
  assert.deepEqual([value, low, deviation], [0, 0, 0]);
  // Wilson's of 0 in 12.
  assert.ok(Math.abs(high - 0.2425) < 1e-4, String(high));
});

test('what does not depend on the seed counts once', () => {
  const { value, low, n, deviation, row } = exactMatch('text');
  assert.deepEqual([value, n, row.scored, row.sameAnswers, deviation], [5 / 12, 12, 12, true, 0]);
  // Wilson's of 5 in 12.
  assert.ok(Math.abs(low - 0.1933) < 1e-4, String(low));
  assert.match(markdown, /\| text \| 41\.7 \| 41\.7 \| 41\.7 \| 41\.7 ± 0\.0 .*\| 0\.0 \| same answers \|/);
});

test('single seeds stand in the table of seeds, in results.csv and in data.json', () => {
  assert.match(markdown, /\*\*cities, tiny: exact match by training seed, %\*\*/);
  assert.match(markdown, /\| clara 4× \| 50\.0 \| 58\.3 \| 66\.7 \| 58\.3 ± 8\.3 .*\| 8\.3 \| by seed \|/);
  assert.match(markdown, /cities, tiny: recall@1 by training seed, %\*\*\n\n.*\n.*\n\| words \| 100\.0 \|/);
  // One seed alone is not in it.
  assert.doesNotMatch(markdown.split('by training seed')[1]!.split('**')[0]!, /mean-pool/);
  const lines = csv.filter((line) => line.system === 'clara' && line.ratio === '4' && line.metric === 'exact-match');
  assert.deepEqual(
    lines.map(({ seed, value, n }) => [seed, Number(value).toFixed(3), n]),
    [
      ['0', '0.500', '12'],
      ['1', '0.583', '12'],
      ['2', '0.667', '12'],
      ['all', '0.583', '36'],
    ],
  );
  assert.equal(Number(lines[3]!.sd_over_seeds).toFixed(4), '0.0833');
  assert.equal(csv.filter(({ system, seed }) => system === 'mean-pool' && seed === 'all').length, 0);
  assert.equal(data.runs.length, 16);
  assert.ok(data.runs.some(({ label }) => label === 'clara 4× seed 2'));
});

test('one seed says nothing of the spread of trainings, and the report says so of whom it holds', () => {
  assert.match(markdown, /\*\*One training seed\*\*: mean-pool 4× have? one training seed, which says nothing/);
  assert.match(markdown, /With as few as 3 seeds it is somewhat too narrow: .* 2\/3 of the variance/);
});

test('charts have one point for all seeds', () => {
  const quality = data.charts.find(({ name }) => name.startsWith('quality-exact-match'))!;
  const [, , lines, levels, subtitle] = quality.spec.given as [
    string,
    object,
    { label: string; points: { value: number }[] }[],
    { label: string }[],
    string,
  ];
  assert.deepEqual(
    lines.map(({ label, points }) => [label, points.length]),
    [
      ['clara', 2],
      ['mean-pool', 1],
    ],
  );
  assert.deepEqual(levels.map(({ label }) => label).sort(), ['text', 'text-lora', 'words']);
  assert.match(subtitle, /n = 12 × up to 3 seeds; .*hierarchical bootstrap over seeds and questions/);
});

test('differences are of the same questions and seeds', () => {
  const between = (one: string, other: string): unknown[] => {
    const found = data.differences.find((pair) => pair.one.label === one && pair.other.label === other)!;
    return [found.n, found.seeds, found.exactMatch.mean.toFixed(4), found.deviation?.toFixed(4) ?? null, found.test];
  };
  // 6, 7, 8 of 12 against 11, 10, 9.
  assert.deepEqual(between('clara 4×', 'text-lora'), [12, 3, '-0.2500', '0.1667', 'permutation']);
  // What is the same with every seed is met by each.
  assert.deepEqual(between('text', 'text-lora'), [12, 3, '-0.4167', '0.0833', 'permutation']);
  // A single training is compared with its like alone: 4 of 12 against 11.
  assert.deepEqual(between('mean-pool 4×', 'text-lora'), [12, 1, '-0.5833', null, 'mcnemar-exact']);
  assert.match(markdown, /\| clara 4× − text-lora \| 4× \|.*\| 12 × 3 \| −25\.0 \\\[.*\| 16\.7 \|/);
});

test('claims are judged over the seeds', () => {
  assert.match(
    table,
    /text-lora is better than text in exact-match on cities\/dev: 83\.3 % against 41\.7 %.*n = 12 in 3 seeds/,
  );
  assert.match(table, /clara 4× is better than mean-pool 4× .*: the two are of different seeds, 0, 1, 2 and 0/);
});

test('runs of one seed alone have no table of seeds, and no sign of several', async () => {
  const single = path.join(folder, 'single');
  await makeRun(single, { system: 'clara', ratio: 4, answer: right(6), tokens, manifest: { trained: '1'.repeat(64) } });
  await makeRun(single, { system: 'text', answer: right(5), examples: plainExamples() });
  const report = path.join(folder, 'single-report');
  await writeReport({ runs: single, out: report });
  const text = await readFile(path.join(report, 'report.md'), 'utf8');
  assert.doesNotMatch(text, /## Training seeds|±|hierarchical|4× seed 0/);
  assert.match(text, /The trained systems have one training seed, which says nothing of the spread of trainings/);
});
