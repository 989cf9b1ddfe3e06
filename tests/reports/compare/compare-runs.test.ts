import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../harness/errors.ts';
import { type CompareOptions, compareRuns } from '../../../reports/compare/compare-runs.ts';
import { comparisonTable } from '../../../reports/compare/comparison-table.ts';
import { type Requirement, unmetRows } from '../../../reports/compare/requirement.ts';
import { makeRun } from '../make-runs.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-compare-'));
after(() => rm(folder, { recursive: true }));
const runs = path.join(folder, 'runs');

/** The first so many questions right. */
const right =
  (count: number) =>
  ({ answers }: { answers: string[] }, at: number): string =>
    at < count ? answers[0]! : 'Nowhere';

const refused = (options: Partial<CompareOptions>, expected: RegExp): Promise<void> =>
  assert.rejects(compareRuns({ one: 'clara', other: 'text-lora', runs, ...options }), (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, expected);
    return true;
  });

before(async () => {
  await makeRun(runs, { system: 'clara', ratio: 4, answer: right(9) });
  await makeRun(runs, { system: 'clara', ratio: 16, answer: right(3) });
  await makeRun(runs, { system: 'text-lora', answer: right(11) });
});

test('what is required holds for every row, by corrected p, interval and margin', async () => {
  const unmet = async (one: string, other: string, requirement: Requirement): Promise<string[]> =>
    unmetRows(await compareRuns({ one, other, runs }), requirement).map(
      ({ labels }) => `${labels.one}, ${labels.other}`,
    );
  assert.deepEqual(await unmet('text-lora', 'clara', { require: 'better' }), ['text-lora, clara 4×']);
  assert.deepEqual(await unmet('text-lora', 'ratio=16', { require: 'better', margin: 0.6 }), ['text-lora, clara 16×']);
  // Two questions of twelve: not shown to be worse, and not shown to be within 20 points either.
  assert.deepEqual(await unmet('ratio=4', 'text-lora', { require: 'not-worse' }), []);
  assert.deepEqual(await unmet('ratio=4', 'text-lora', { require: 'not-worse', margin: 0.2 }), ['clara 4×, text-lora']);
  assert.deepEqual(await unmet('ratio=4', 'text-lora', { require: 'not-worse', margin: 0.6 }), []);
});

test('of times less is better', async () => {
  const times = path.join(folder, 'times');
  await makeRun(times, { system: 'text', answer: right(3) });
  await makeRun(times, { system: 'clara', ratio: 4, answer: right(3) });
  const comparison = await compareRuns({ one: 'text', other: 'clara', runs: times, metric: 'ms-total' });
  assert.deepEqual([comparison.unit, comparison.higherIsBetter, comparison.rows[0]!.p], ['ms', false, 1]);
  const slower = { ...comparison, rows: [{ ...comparison.rows[0]!, correctedP: 0.01, interval: { low: 5, high: 9 } }] };
  assert.equal(unmetRows(slower, { require: 'better' }).length, 1);
  assert.equal(unmetRows({ ...slower, higherIsBetter: true }, { require: 'better' }).length, 0);
});

test('pooled rows are clustered by question', async () => {
  const { metric, by, rows } = await compareRuns({ one: 'clara', other: 'text-lora', runs, metric: 'f1', by: 'hops' });
  assert.deepEqual([metric, by, rows.length], ['f1', 'hops', 1]);
  const { group, labels, questions, pairs, difference, test } = rows[0]!;
  assert.deepEqual(
    [group, labels.one, questions, pairs, test],
    ['hops 1', 'clara 4× and clara 16×', 12, 24, 'permutation'],
  );
  assert.ok(Math.abs(difference.mean + 5 / 12) < 1e-12, String(difference.mean));
  const byRatio = await compareRuns({ one: 'clara', other: 'text-lora', runs, by: 'ratio', interval: 'percentile' });
  assert.deepEqual(
    byRatio.rows.map(({ group, questions }) => [group, questions]),
    [
      ['ratio 4', 12],
      ['ratio 16', 12],
    ],
  );
  assert.match(comparisonTable(byRatio), /95 %: percentile bootstrap over questions, /);
});

test('two folders of runs are matched cell by cell, seeds are joined, and what failed is left out', async () => {
  const [old, changed] = [path.join(folder, 'old'), path.join(folder, 'changed')];
  for (const seed of [0, 1]) {
    await makeRun(old, { system: 'clara', ratio: 4, answer: right(6), manifest: { seed } });
    const manifest = { seed, maxNewTokens: 32, trained: 'ab'.repeat(32) };
    await makeRun(changed, { system: 'clara', ratio: 4, answer: right(8 + seed), manifest });
  }
  await makeRun(changed, { system: 'text', answer: right(1) });
  const comparison = await compareRuns({ one: changed, other: old, runs });
  const table = comparisonTable(comparison);
  assert.match(table, /^cities\/dev +clara 4× +clara 4× +12 +2 +70\.8 ± 5\.9 +50\.0 ± 0\.0 +\+20\.8 ± 5\.9 /m);
  assert.match(table, /percentile bootstrap over questions and seeds/);
  assert.match(table, /^left out: cities\/dev text: only A has it$/m);

  const failing = path.join(folder, 'failing');
  const answer = right(6);
  await makeRun(failing, {
    system: 'text',
    answer: (example, at) => (at < 2 ? new Error('slow') : answer(example, at)),
  });
  await makeRun(failing, { system: 'clara', ratio: 4, answer: right(8) });
  const { rows, notes } = await compareRuns({ one: 'clara', other: 'text', runs: failing });
  assert.deepEqual([rows[0]!.questions, rows[0]!.discordant!.one], [10, 2]);
  assert.match(notes[0]!, /2 of 12 questions failed/);
});

test('what cannot be compared is refused', async () => {
  const scorers = path.join(folder, 'scorers');
  const squad = await makeRun(scorers, { system: 'text', answer: right(1), manifest: { preset: 'squad' } });
  await refused({ one: squad }, /different metric presets \(clara-bench, squad\)/);
  assert.equal((await compareRuns({ one: squad, other: 'text-lora', runs, preset: 'squad' })).preset, 'squad');
  const elsewhere = path.join(folder, 'elsewhere');
  const rivers = await makeRun(elsewhere, { system: 'text', benchmark: 'rivers', answer: right(1) });
  await refused(
    { one: rivers },
    /expected runs of the same benchmark .*, got none\n .* has\n {2}rivers\/dev text\n text-lora has/,
  );
  await refused({ one: 'pisco' }, /^pisco: expected a folder, .*; its systems: clara, text-lora$/);
  await refused({ metric: 'exact-mach' }, /^metric: expected one of exact-match, .*did you mean exact-match\?$/);
  await refused({ metric: 'compression-ratio' }, /ratio of totals/);
  await refused(
    { metric: 'recall@1' },
    /recall@1: expected a question that it applies to and that both sides answered, got none/,
  );
  const seeds = path.join(folder, 'seeds');
  for (const seed of [0, 1]) await makeRun(seeds, { system: 'clara', answer: right(2 + seed), manifest: { seed } });
  for (const seed of [2, 3]) await makeRun(seeds, { system: 'text', answer: right(2 + seed), manifest: { seed } });
  await refused({ other: 'text', runs: seeds }, /expected runs of the same seeds, got 0, 1 of clara and 2, 3 of text/);
});

test('seeds are compared with their like, and what does not depend on them with each', async () => {
  const seeds = path.join(folder, 'three-seeds');
  const trained = 'ab'.repeat(32);
  for (const seed of [0, 1, 2]) {
    await makeRun(seeds, { system: 'clara', ratio: 4, answer: right(6 + seed), manifest: { seed, trained } });
    await makeRun(seeds, { system: 'text', answer: right(5), manifest: { seed } });
    await makeRun(seeds, { system: 'no-context', answer: right(1), manifest: { seed } });
  }
  const one = { answer: right(9), manifest: { seed: 1, trained } };
  await makeRun(seeds, { system: 'text-lora', ...one });
  await makeRun(seeds, { system: 'text-lora', benchmark: 'rivers', ...one });
  const compared = async (one: string, other: string): Promise<unknown[]> => {
    const { rows, missing } = await compareRuns({ one, other, runs: seeds });
    return [rows[0]!.questions, rows[0]!.seeds, rows[0]!.pairs, rows[0]!.test, missing];
  };
  assert.deepEqual(await compared('clara', 'text'), [12, 3, 36, 'permutation', []]);
  // The same answers three times are no more than once.
  assert.deepEqual(await compared('text', 'no-context'), [12, 1, 12, 'mcnemar-exact', []]);
  assert.deepEqual(await compared('clara', 'text-lora'), [
    12,
    1,
    12,
    'mcnemar-exact',
    [
      'rivers/dev text-lora: only B has it',
      'cities/dev clara 4× seed 0: only A has it',
      'cities/dev clara 4× seed 2: only A has it',
    ],
  ]);
});

test('--require fails over what one side alone has, unless it is allowed', async () => {
  const [one, other] = [path.join(folder, 'more'), path.join(folder, 'fewer')];
  for (const system of ['text', 'clara']) await makeRun(one, { system, answer: right(12) });
  await makeRun(other, { system: 'text', answer: right(1) });
  const command = (...args: string[]): { status: number | null; stderr: string; stdout: string } =>
    spawnSync(process.execPath, ['harness/clara-bench.js', 'compare', one, other, '--json', ...args], {
      encoding: 'utf8',
    });
  const failed = command('--require', 'better');
  assert.equal(failed.status, 100, failed.stderr);
  assert.match(
    failed.stderr,
    /^not shown to be better: cities\/dev clara: only A has it; --allow-missing leaves it out$/m,
  );
  const { requirement, missing } = JSON.parse(failed.stdout) as { requirement: { met: boolean }; missing: string[] };
  assert.deepEqual([requirement.met, missing], [false, ['cities/dev clara: only A has it']]);
  assert.equal(command('--require', 'better', '--allow-missing').status, 0);
  assert.equal(command('--allow-missing').status, 2);
});

test('several runs that could be meant are named', async () => {
  const several = path.join(folder, 'several');
  for (const docs of ['all', 'gold']) {
    await makeRun(several, { system: 'text', settings: { docs }, answer: right(4) });
    await makeRun(several, { system: 'no-context', settings: { prompt: docs }, answer: right(2) });
  }
  const given = { one: 'text', other: 'no-context', runs: several };
  await refused(
    given,
    /no-context: expected one run to compare cities\/dev text \(all\) with, got 2: no-context \(all\); no-context \(gold\); name one/,
  );
  const named = await compareRuns({ ...given, one: 'text docs=gold', other: 'prompt=all' });
  assert.deepEqual(named.rows[0]!.labels, { one: 'text', other: 'no-context' });
  const twice = { answer: right(4), manifest: { trained: 'ab'.repeat(32) } };
  await makeRun(several, { system: 'text', settings: { docs: 'all' }, ...twice });
  await refused(
    given,
    /^text: expected one run of text \(all\).* with seed 0, got 2: name one of [0-9a-f]{16}, [0-9a-f]{16}/,
  );
});
