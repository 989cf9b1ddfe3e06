import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import papaparse from 'papaparse';
import { InputError } from '../../harness/errors.ts';
import { writeReport } from '../../reports/write-report.ts';
import { makeRun, plainExamples } from './make-runs.ts';

const HOSTILE = '<script>alert(1)</script> | "a" & b';
const examples = plainExamples().map((example, at) => (at === 0 ? { ...example, question: `${HOSTILE}?` } : example));

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-report-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Three systems on one benchmark: 3, 9 and 6 of 12 right; the last one fails on two questions more. */
async function makeSuite(runs: string): Promise<void> {
  const right = (count: number) => (example: (typeof examples)[number], at: number) =>
    at < count ? example.answers[0]! : HOSTILE;
  await makeRun(runs, { system: 'no-context', examples, answer: right(3), tokens: { source: 0, vectors: 0 } });
  await makeRun(runs, {
    system: 'text',
    settings: { docs: 'all' },
    examples,
    answer: right(9),
    tokens: { source: 120, vectors: 120 },
  });
  await makeRun(runs, {
    system: '=SUM(A1)',
    settings: { docs: 'all' },
    ratio: 4,
    examples,
    answer: (example, at) => (at > 9 ? new Error('the prompt is too long') : right(6)(example, at)),
    tokens: { source: 120, vectors: 32 },
  });
}

describe('a report', () => {
  let out: string;
  let table: string;
  const read = (file: string): Promise<string> => readFile(path.join(out, file), 'utf8');
  before(async () => {
    const runs = path.join(folder, 'runs');
    await makeSuite(runs);
    await mkdir(path.join(runs, 'predict-0123456789abcdef'));
    out = path.join(folder, 'report');
    ({ table } = await writeReport({ runs, out, title: 'Cities | <b>tests</b>' }));
  });

  test('has the columns and every metric in results.csv, formulas disarmed', async () => {
    const { data, meta } = papaparse.parse<Record<string, string>>(await read('results.csv'), {
      header: true,
      skipEmptyLines: true,
    });
    assert.deepEqual(meta.fields, [
      'system',
      'benchmark',
      'setting',
      'ratio',
      'measured_ratio',
      'seed',
      'metric',
      'value',
      'low',
      'high',
      'n',
      'sd_over_seeds',
    ]);
    const exactMatch = data.filter(({ metric }) => metric === 'exact-match');
    assert.deepEqual(
      exactMatch.map(({ system, ratio, measured_ratio, value, n }) => [system, ratio, measured_ratio, value, n]),
      [
        ['no-context', '', '', '0.25', '12'],
        ['text', '', '1', '0.75', '12'],
        ["'=SUM(A1)", '4', '3.75', '0.6', '10'],
      ],
    );
    // Wilson's interval of 3 of 12, computed by hand from the formula.
    assert.ok(Math.abs(Number(exactMatch[0]!.low) - 0.0889) < 1e-4);
    assert.ok(Math.abs(Number(exactMatch[0]!.high) - 0.5323) < 1e-4);
    const failures = data.filter(({ metric }) => metric === 'failures');
    assert.deepEqual(
      failures.map(({ value, n }) => [value, n]),
      [
        ['0', '12'],
        ['0', '12'],
        ['2', '12'],
      ],
    );
    assert.ok(data.every(({ setting }) => setting!.includes('model=tiny') && setting!.includes('max-new-tokens=32')));
  });

  test('marks rows with failures in every table of results and names the count', async () => {
    const html = await read('index.html');
    const tables = html.split('<table>').slice(1);
    const results = tables.filter((text) => /<th scope="col"[^>]*>(n|cities[^<]*)<\/th>/.test(text));
    assert.equal(results.length, 4);
    for (const text of results) assert.match(text, /data-mark="failed"><bdi>[^<]*†2/);
    assert.match(html, /=SUM\(A1\) 4× on cities: 2 of 12/);
    assert.match(table, /† 2 questions failed and are not scored/);
  });

  test('shows hostile text as text', async () => {
    const html = await read('index.html');
    assert.doesNotMatch(html, /<script(?! defer src="assets\/[a-z-]+\.js"><\/script>)/i);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt; \| &quot;a&quot; &amp; b/);
    assert.match(html, /<title>Cities \| &lt;b&gt;tests&lt;\/b&gt;<\/title>/);
    const markdown = await read('report.md');
    assert.doesNotMatch(markdown, /<script|<b>/);
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    assert.ok(rows.some((line) => line.includes('&lt;script&gt;')));
    // Every row of a table has as many cells as the row above it, however many bars its text holds.
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    for (const block of markdown.split('\n\n').filter((text) => text.startsWith('|'))) {
      assert.equal(new Set(block.trim().split('\n').map(cells)).size, 1, block);
    }
  });

  test('needs nothing but its folder, and allows nothing else', async () => {
    const html = await read('index.html');
    for (const [, reference] of html.matchAll(/(?:src|href)="([^"#]+)"/g)) {
      assert.ok((await readFile(path.join(out, reference!))).length > 0, reference);
    }
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html)!;
    assert.match(policy!, /^default-src 'none';/);
    assert.doesNotMatch(policy!, /unsafe|http|\*/);
    assert.doesNotMatch(html, /<[^>]* (?:style|on[a-z]+)=/);
    assert.match(html, /<html lang="en">/);
    assert.ok([...html.matchAll(/<img [^>]*alt="[^"]*12[^"]*"/g)].length >= 3);
  });

  test('lists what is not finished, and where everything comes from', async () => {
    const markdown = await read('report.md');
    assert.match(markdown, /Not finished: 1 run has no manifest/);
    assert.match(markdown, /predict-0123456789abcdef/);
    for (const fact of ['Some CPU', 'TensorFlow 2.21.0', 'Wilson', '2026-11-24 08:01', 'clara-bench run made.yaml']) {
      assert.ok(markdown.includes(fact), fact);
    }
  });

  test('is the same bytes again, and replaces the earlier one whole', async () => {
    const files = [
      'index.html',
      'report.md',
      'results.csv',
      'data.json',
      'manifest.json',
      'data/index.js',
      'data/b0/detail-0.js',
      'assets/page.js',
      'charts/exact-match.svg',
      'charts/exact-match.png',
      'tables/results-cities-tiny.csv',
      'tables/results-cities-tiny.tex',
    ];
    const first = await Promise.all(files.map((file) => readFile(path.join(out, file))));
    await writeFile(path.join(out, 'left-over.txt'), 'of the earlier report');
    await writeReport({ runs: path.join(folder, 'runs'), out, title: 'Cities | <b>tests</b>' });
    const second = await Promise.all(files.map((file) => readFile(path.join(out, file))));
    assert.deepEqual(second, first);
    assert.deepEqual(
      (await readdir(out, { recursive: true })).filter((name) => !/^(charts|tables)/.test(name)).sort(),
      [
        'assets',
        'assets/chart.js',
        'assets/error-bars.js',
        'assets/page.css',
        'assets/page.js',
        'data',
        'data.json',
        'data/b0',
        'data/b0/detail-0.js',
        'data/b0/list-0.js',
        'data/index.js',
        'index.html',
        'manifest.json',
        'report.json',
        'report.md',
        'results.csv',
      ],
    );
    assert.deepEqual((await readdir(path.join(out, 'charts'))).sort(), [
      'exact-match.png',
      'exact-match.svg',
      'quality-exact-match-cities.png',
      'quality-exact-match-cities.svg',
      'quality-f1-cities.png',
      'quality-f1-cities.svg',
      'time-exact-match-cities.png',
      'time-exact-match-cities.svg',
      'time.png',
      'time.svg',
    ]);
    assert.deepEqual((await readdir(folder)).sort(), ['report', 'runs']);
  });
});

describe('a report is refused', () => {
  const answer = (): string => 'City 1';
  const refused = async (runs: string, expected: RegExp, out = path.join(runs, '..', 'never')): Promise<void> => {
    await assert.rejects(writeReport({ runs, out }), (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.match(error.message, expected);
      return true;
    });
  };
  const fresh = (): Promise<string> => mkdtemp(path.join(folder, 'refused-'));

  test('of an empty folder', async () => {
    await refused(await fresh(), /expected at least one finished run .*, got none/);
    await refused(path.join(await fresh(), 'runs'), /expected a folder of runs or a run's folder, got nothing there/);
  });

  test('of runs that answered other questions under the same name', async () => {
    const runs = await fresh();
    await makeRun(runs, { system: 'text', answer });
    await makeRun(runs, { system: 'no-context', answer, examples: plainExamples('other') });
    await refused(runs, /benchmark cities \(dev\): the runs answered different questions.*\n {2}examples [0-9a-f]{12}/);
  });

  test('of runs with other weights under the same name, but not of several models', async () => {
    const runs = await fresh();
    await makeRun(runs, { system: 'text', answer });
    await makeRun(runs, { system: 'no-context', answer, manifest: { model: { id: 'tiny', hash: 'other' } } });
    await refused(runs, /model tiny: the runs were made with different weights/);
    const models = await fresh();
    await makeRun(models, { system: 'text', answer });
    await makeRun(models, { system: 'text', answer, manifest: { model: { id: 'large', hash: 'other' } } });
    const { table } = await writeReport({ runs: models, out: path.join(models, 'report') });
    assert.match(table, /cities +large +text/);
    assert.match(table, /cities +tiny +text/);
  });

  test('of runs that ask for different presets, unless one is named', async () => {
    const runs = await fresh();
    await makeRun(runs, { system: 'text', answer });
    await makeRun(runs, { system: 'no-context', answer, manifest: { preset: 'squad' } });
    await refused(runs, /different metric presets \(clara-bench, squad\)/);
    await writeReport({ runs, out: path.join(runs, 'report'), preset: 'squad' });
  });

  test('of predictions that were changed after the run', async () => {
    const runs = await fresh();
    const run = await makeRun(runs, { system: 'text', answer });
    const file = path.join(run, 'predictions.jsonl');
    await writeFile(file, (await readFile(file, 'utf8')).replace('City 1', 'City 0'));
    await refused(runs, /predictions\.jsonl: expected the content that the manifest names.*changed after the run/);
  });

  test('in the place of something else', async () => {
    const runs = await fresh();
    await makeRun(runs, { system: 'text', answer });
    await refused(runs, /expected a folder of its own for the report/, runs);
    assert.equal((await readdir(runs)).length, 1);
    const other = await fresh();
    await writeFile(path.join(other, 'thesis.tex'), 'years of work');
    await refused(runs, /expected a new name, an empty folder or an earlier report/, other);
    assert.deepEqual(await readdir(other), ['thesis.tex']);
  });
});

test('runs that differ in setting or tokens stand in rows of their own, seeds of one in one row', async () => {
  const runs = await mkdtemp(path.join(folder, 'rows-'));
  const answer = (): string => 'City 1';
  await makeRun(runs, { system: 'text', settings: { docs: 'gold' }, answer });
  await makeRun(runs, { system: 'text', settings: { docs: 'gold' }, answer, manifest: { seed: 1 } });
  await makeRun(runs, { system: 'text', settings: { docs: 2 }, answer, manifest: { maxNewTokens: 64 } });
  await makeRun(runs, { system: 'no-context', settings: { prompt: 'clara' }, answer });
  await makeRun(runs, { system: 'text-budget', settings: { docs: 2, prompt: 'spaced' }, ratio: 4, answer });
  const { table } = await writeReport({ runs, out: path.join(runs, 'report') });
  const systems = table
    .split('\n')
    .slice(1, 5)
    .map((line) => line.split(/ {2,}/)[1]);
  // The tokens and documents of text-budget are those of another row; its prompt is not that of no-context.
  assert.deepEqual(systems, [
    'no-context (clara)',
    'text (docs 2, tokens 64)',
    'text (gold, tokens 32)',
    'text-budget (spaced) 4×',
  ]);
});

test('rankings get a table; a suite’s own metric stands in the tables, the definitions and the CSV', async () => {
  const runs = await mkdtemp(path.join(folder, 'own-'));
  const file = path.join(runs, 'starts-with-city.mjs');
  await writeFile(
    file,
    `export default {
      id: 'starts-with-city', description: 'the prediction begins with City', unit: 'share', binary: true,
      score: ({ prediction }) => (prediction.startsWith('City') ? 1 : 0),
    };`,
  );
  const answer = (_: unknown, at: number): string => (at < 6 ? 'City 1' : 'Town 1');
  await makeRun(runs, { system: 'text', answer, ranking: [0], manifest: { metrics: [file] } });
  const out = path.join(runs, 'report');
  await writeReport({ runs, out });
  assert.match(await readFile(path.join(out, 'results.csv'), 'utf8'), /,starts-with-city,0\.5,[\d.]+,[\d.]+,12,\n/);
  const markdown = await readFile(path.join(out, 'report.md'), 'utf8');
  assert.match(markdown, /Starts with city, %/);
  assert.match(markdown, /\| n \| Recall@1, % \| Recall@3, % \| Recall@5, % \|/);
  assert.match(markdown, /\| n \| Precision@1, % .*\| MRR, % \| nDCG@5, %/);
  assert.match(markdown, /\| text \| – \| – \| 12 \| 100\.0 \\\[75\.8, 100\.0\\\]/);
  assert.match(markdown, /\| Highest possible \| – \| – \| – \| 100\.0 \| 100\.0 \| 100\.0 \|/);
  assert.match(markdown, /the prediction begins with City/);
});

test('a ranker stands in the table of rankings of each model, and in none of answers', async () => {
  const runs = await mkdtemp(path.join(folder, 'rankers-'));
  const system = { id: 'words', description: 'ranks', module: null, answers: false as const };
  await makeRun(runs, { system: 'words', answer: () => '', ranking: [0], manifest: { system, model: null } });
  await makeRun(runs, { system: 'reader', answer: () => 'City 1', ranking: [0] });
  const out = path.join(runs, 'report');
  await writeReport({ runs, out });
  const markdown = await readFile(path.join(out, 'report.md'), 'utf8');
  const [answers, rankings] = markdown.split(/(?=^## (?:Reranking|Efficiency))/m).slice(0, 2) as [string, string];
  assert.match(answers, /^\| reader \|/m);
  assert.doesNotMatch(answers, /^\| words \|/m);
  assert.match(rankings, /^\*\*cities, tiny: recall[^|]*(\|.*\n)+\| words \| .*100\.0.*\n\| reader \| .*100\.0/m);
});

test('trained systems are named by the stages and settings that tell them apart', async () => {
  const runs = await mkdtemp(path.join(folder, 'stages-'));
  const answer = (): string => 'City 1';
  const stages = { steps: 5, instruction: { docs: 'all', decoder: 'restarted' }, endToEnd: { k: 5 } };
  await makeRun(runs, { system: 'clara', settings: stages, ratio: 4, answer });
  await makeRun(runs, { system: 'clara', settings: { ...stages, endToEnd: null }, ratio: 4, answer });
  const continued = { ...stages, instruction: { ...stages.instruction, decoder: 'continued' } };
  await makeRun(runs, { system: 'clara', settings: continued, ratio: 4, answer });
  await makeRun(runs, { system: 'mean-pool', settings: { steps: 9, instruction: { docs: 2 } }, ratio: 4, answer });
  const { table } = await writeReport({ runs, out: path.join(runs, 'report') });
  const systems = table
    .split('\n')
    .slice(1, 5)
    .map((line) => line.split(/ {2,}/)[1]);
  assert.deepEqual(systems, [
    'clara (continued) 4×',
    'clara (no e2e, restarted) 4×',
    'clara (restarted) 4×',
    'mean-pool 4×',
  ]);
});
