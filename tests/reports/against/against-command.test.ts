import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../harness/errors.ts';
import { packageRoot } from '../../../harness/home.ts';
import { readAgainst } from '../../../reports/against/read-against.ts';
import { writeReport } from '../../../reports/write-report.ts';
import { makeRun } from '../make-runs.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-against-'));
after(() => rm(folder, { recursive: true }));
const runs = path.join(folder, 'runs');

const report = (...given: string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['harness/clara-bench.js', 'report', runs, '--no-pdf', ...given],
    {
      cwd: packageRoot,
      encoding: 'utf8',
    },
  );
  return { code: status, out: stdout, err: stderr };
};

before(async () => {
  await makeRun(runs, {
    system: 'text',
    benchmark: 'atlas',
    settings: { docs: 'all' },
    answer: ({ answers }) => answers[0]!,
  });
});

test('a word that is not known, a folder that is not there or empty, and a file are refused with 2', async () => {
  const refused = (given: string, expected: RegExp): Promise<void> =>
    assert.rejects(readAgainst(given), (error) => error instanceof InputError && expected.test(error.message));
  await refused('papper', /expected paper or a folder of runs, got "papper", where nothing is; did you mean paper\?$/);
  await refused(path.join(folder, 'none'), /expected paper or a folder of runs, got ".*none", where nothing is/);
  const file = path.join(folder, 'file.txt');
  await writeFile(file, 'a');
  await refused(file, /which is a file/);
  const empty = path.join(folder, 'empty');
  await mkdir(empty);
  await refused(empty, /empty: expected at least one finished run/);

  const { code, out, err } = report('--out', path.join(folder, 'never'), '--against', 'papper');
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /did you mean paper\?/);
});

test('a report of atlas alone against the paper says so, and ends with 0', async () => {
  const out = path.join(folder, 'atlas');
  const done = report('--out', out, '--against', 'paper');
  assert.equal(done.code, 0, done.err);
  assert.match(
    done.out,
    /^No figure of this report has a published counterpart: the paper has no figures for atlas, /m,
  );
  assert.match(await readFile(path.join(out, 'report.md'), 'utf8'), /## Beside the published figures\n\nNo figure /);
});

test('both stand in data.json, manifest.json and tables, and tell nothing of where the runs lie', async () => {
  const there = path.join(folder, 'other-place');
  await makeRun(there, { system: 'text', benchmark: 'atlas', settings: { docs: 'all' }, answer: () => 'Nowhere' });
  const read = async (out: string): Promise<{ data: Record<string, unknown>; files: string }> => {
    const [data, manifest, markdown, page] = await Promise.all(
      ['data.json', 'manifest.json', 'report.md', 'index.html'].map((name) => readFile(path.join(out, name), 'utf8')),
    );
    assert.ok((JSON.parse(manifest!) as object as { against?: object }).against);
    return { data: JSON.parse(data!) as Record<string, unknown>, files: [data, manifest, markdown, page].join('\n') };
  };
  const beside = path.join(folder, 'beside');
  const { table } = await writeReport({ runs, out: beside, against: there });
  assert.match(table, /Against other runs: 1 cell in both, 0 of them with the same answers; \d of 2 differences/);
  const { data, files } = await read(beside);
  assert.doesNotMatch(files, /other-place/);
  const { kind, comparisons } = data.against as {
    kind: string;
    comparisons: { metric: string; difference: { mean: number } }[];
  };
  assert.equal(kind, 'runs');
  assert.deepEqual([comparisons[0]!.metric, comparisons[0]!.difference.mean], ['exact-match', 1]);
  assert.match(await readFile(path.join(beside, 'tables', 'other-runs.csv'), 'utf8'), /Exact match/);

  const paper = path.join(folder, 'paper');
  const hotpotqa = path.join(folder, 'hotpotqa');
  await makeRun(hotpotqa, {
    system: 'text',
    benchmark: 'hotpotqa',
    settings: { docs: 5 },
    answer: ({ answers }) => answers[0]!,
  });
  await writeReport({ runs: hotpotqa, out: paper, against: 'paper' });
  const found = (await read(paper)).data.against as {
    comparisons: { published: { value: number }; isCovered: boolean }[];
  };
  assert.deepEqual([found.comparisons[0]!.published.value, found.comparisons[0]!.isCovered], [42.94, false]);
  assert.match(await readFile(path.join(paper, 'tables', 'paper-compression.csv'), 'utf8'), /42\.94/);
  assert.match(await readFile(path.join(paper, 'tables', 'paper-compression.tex'), 'utf8'), /42\.94/);
});
