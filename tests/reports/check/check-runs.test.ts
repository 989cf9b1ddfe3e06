import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Example } from '../../../datasets/example.ts';
import { packageRoot } from '../../../harness/home.ts';
import { checkRuns } from '../../../reports/check/check-runs.ts';
import type { CheckResult } from '../../../reports/check/findings.ts';
import { writeReport } from '../../../reports/write-report.ts';
import { makeRun, plainExamples } from '../make-runs.ts';
import { makeTraining } from '../make-trainings.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-check-'));
after(() => rm(folder, { recursive: true }));

/** A folder for the runs of one fixture. */
const fixture = (): Promise<string> => mkdtemp(path.join(folder, 'runs-'));

const right = ({ answers }: Example): string => answers[0]!;

/** Questions about other cities, on other passages. */
const trainExamples = (): Example[] =>
  plainExamples('t').map((example, at) => ({
    ...example,
    question: `Which village is number ${at}?`,
    docs: [{ title: `Village ${at}`, text: `Village ${at} is number ${at}.` }],
    answers: [`Village ${at}`],
  }));

/** What a fixture's one check says; all other checks must be content. */
async function only(runs: string, check: string): Promise<CheckResult> {
  const { results } = await checkRuns({ runs: [runs] });
  for (const result of results) {
    if (result.check !== check)
      assert.ok(['ok', 'nothing'].includes(result.outcome), `${result.check}: ${result.details.join('\n')}`);
  }
  return results.find((result) => result.check === check)!;
}

describe('runs as they should be', () => {
  let runs: string;
  before(async () => {
    runs = await fixture();
    const pretraining = await makeTraining(runs, { trainer: 'clara/pretraining', examples: trainExamples() });
    const instruction = await makeTraining(runs, {
      trainer: 'clara/instruction',
      from: pretraining,
      examples: trainExamples(),
    });
    await makeRun(runs, { system: 'clara', answer: right, ranking: [0], manifest: { trained: instruction.key } });
    await makeRun(runs, { system: 'text', settings: { docs: 'gold' }, answer: right });
    await makeRun(runs, { system: 'text', settings: { docs: 'all' }, answer: () => 'Nowhere' });
  });

  test('pass every check, which says what it looked at', async () => {
    const { results } = await checkRuns({ runs: [runs] });
    assert.deepEqual(
      results.map(({ check, outcome, lookedAt }) => [check, outcome, lookedAt]),
      [
        ['rows-match-data', 'ok', { runs: 3, questions: 36 }],
        ['few-empty-answers', 'ok', { answers: 36 }],
        ['at-least-exact-match', 'ok', { scores: 3 * 12 * 3 }],
        ['recall-in-bounds', 'ok', { recalls: 36 }],
        ['oracle-at-least-normal', 'ok', { 'pairs of runs': 1 }],
        ['same-within-table', 'ok', { runs: 3, tables: 1 }],
        ['trained-apart', 'ok', { 'training questions': 12, 'test questions': 12 }],
        ['passages-apart', 'ok', { 'test passages': 12 }],
        ['answers-unseen', 'ok', { 'test questions': 12 }],
      ],
    );
  });

  test('end with 0, and with 100 where one is broken; a folder without runs is bad input', async () => {
    const check = (...given: string[]): { status: number | null; stdout: string; stderr: string } =>
      spawnSync(process.execPath, ['harness/clara-bench.js', 'check', ...given], {
        cwd: packageRoot,
        encoding: 'utf8',
      });
    const passed = check(runs);
    assert.equal(passed.status, 0, passed.stderr);
    assert.match(passed.stdout, /^3 finished runs\n/);
    assert.match(passed.stdout, /^few-empty-answers +ok +36 answers +at most 1 %/m);
    const broken = await fixture();
    await makeRun(broken, { system: 'text', answer: () => ' ' });
    const failed = check(broken, '--json');
    assert.equal(failed.status, 100, failed.stderr);
    const { checks } = JSON.parse(failed.stdout) as { checks: CheckResult[] };
    assert.deepEqual(
      checks.filter(({ outcome }) => outcome === 'failed').map((result) => result.check),
      ['few-empty-answers'],
    );
    assert.equal(check(await fixture()).status, 2);
  });
});

test('rows-match-data: an answer too few, one too many, a file that was changed', async () => {
  const runs = await fixture();
  const run = await makeRun(runs, {
    system: 'text',
    answer: right,
    manifest: { counts: { questions: 13, predictions: 13, failures: 0 } },
  });
  const few = await only(runs, 'rows-match-data');
  assert.deepEqual([few.outcome, few.failures], ['failed', 2]);
  assert.match(
    few.details[0]!,
    /^text on cities \(predict-[0-9a-f]{16}\): expected 13 questions of the run as in the manifest, got 12$/,
  );
  await appendFile(path.join(run, 'timings.jsonl'), '\n');
  const changed = await only(runs, 'rows-match-data');
  assert.match(
    changed.details[0]!,
    /timings\.jsonl: expected the content that the manifest names .*: it was changed after the run$/,
  );
  await appendFile(path.join(run, 'predictions.jsonl'), '{"id":"q99","prediction":"City 99"}\n');
  const { results } = await checkRuns({ runs: [runs] });
  assert.equal(results[0]!.outcome, 'failed');
  assert.match(results[0]!.details[0]!, /ids of predictions that are not in the data.*q99/s);
});

test('rows-match-data: questions without an answer, and fewer than the data has', async () => {
  const runs = await fixture();
  const data = path.join(runs, 'cities.jsonl');
  await writeFile(
    data,
    plainExamples()
      .map((example) => `${JSON.stringify(example)}\n`)
      .join(''),
  );
  const benchmark = { id: 'cities', split: 'dev', file: data, sha256: '0'.repeat(64), module: null };
  const run = await makeRun(runs, {
    system: 'text',
    examples: plainExamples().slice(0, 9),
    answer: right,
    manifest: { benchmark },
  });
  const short = await only(runs, 'rows-match-data');
  assert.equal(short.failures, 1);
  assert.match(short.details[0]!, /expected 12 questions \(all of 12 in .*cities\.jsonl\), got 9$/);
  await writeFile(path.join(run, 'predictions.jsonl'), '');
  const missing = await only(runs, 'rows-match-data');
  assert.ok(
    missing.details.some((text) => /every question, 9 have none$/.test(text)),
    missing.details.join('\n'),
  );
});

test('few-empty-answers: one in twelve', async () => {
  const runs = await fixture();
  await makeRun(runs, { system: 'text', answer: (example, at) => (at === 0 ? '\n' : right(example)) });
  const { outcome, details } = await only(runs, 'few-empty-answers');
  assert.equal(outcome, 'failed');
  assert.match(details[0]!, /expected at most 1 % empty answers, got 1 of 12 \(8\.3 %\)$/);
});

test('few-empty-answers: of questions asked without documents they are a warning, with the reason', async () => {
  const runs = await fixture();
  const tokens = { source: 0, vectors: 0 };
  await makeRun(runs, { system: 'no-context', tokens, answer: () => '' });
  const result = await only(runs, 'few-empty-answers');
  assert.deepEqual([result.outcome, result.failures, result.warnings], ['warning', 0, 1]);
  assert.deepEqual(result.lookedAt, { answers: 12 });
  assert.match(result.details[0]!, /got 12 of 12 \(100\.0 %\) where questions were asked without documents/);
  await makeRun(runs, { system: 'text', tokens: { source: 30, vectors: 30 }, answer: () => '' });
  const both = await only(runs, 'few-empty-answers');
  assert.deepEqual([both.outcome, both.failures, both.warnings], ['failed', 1, 1]);
});

test('a report says which checks held, which warned and which failed, and shows no metric of theirs', async () => {
  const runs = await fixture();
  await makeRun(runs, { system: 'no-context', tokens: { source: 0, vectors: 0 }, answer: () => '' });
  await makeRun(runs, { system: 'text', answer: (example, at) => (at === 0 ? '' : right(example)) });
  const out = path.join(runs, 'report');
  await writeReport({ runs, out });
  const read = (name: string): Promise<string> => readFile(path.join(out, name), 'utf8');
  const table = await read('tables/checks.csv');
  assert.match(table, /^rows-match-data,ok,/m);
  assert.match(table, /^few-empty-answers,FAILED \(1\),24 answers,/m);
  assert.match(table, /^trained-apart,,nothing,/m);
  const report = await read('report.md');
  assert.match(report, /few-empty-answers: text on cities .* got 1 of 12/);
  assert.match(report, /few-empty-answers: no-context on cities .* got 12 of 12/);
  assert.doesNotMatch(await read('results.csv'), /empty/);
  const { metrics, rows } = JSON.parse(await read('data.json')) as { metrics: { id: string }[]; rows: { scores: { metric: string }[] }[] }; // prettier-ignore
  const shown = [...metrics.map(({ id }) => id), ...rows.flatMap(({ scores }) => scores.map(({ metric }) => metric))];
  assert.deepEqual(shown.filter((id) => id.startsWith('empty')), []); // prettier-ignore
});

test('at-least-exact-match: a gold answer that normalises to nothing', async () => {
  const runs = await fixture();
  const examples = plainExamples().map((example, at) => (at === 3 ? { ...example, answers: ['The'] } : example));
  await makeRun(runs, { system: 'text', examples, answer: right });
  const { outcome, failures, details } = await only(runs, 'at-least-exact-match');
  assert.deepEqual([outcome, failures], ['failed', 1]);
  assert.match(details[0]!, /question "q3": expected f1 of at least exact match 1, got 0$/);
});

test('recall-in-bounds: a metric that calls itself recall and is none', async () => {
  const runs = await fixture();
  const file = path.join(runs, 'recall.mjs');
  await writeFile(
    file,
    `export default { id: 'recall@2', description: 'wrong', unit: 'share', binary: false,
      score: (_, { id }) => (id === 'q0' ? 0.5 : id === 'q1' ? 1.5 : 1) };`,
  );
  await makeRun(runs, { system: 'text', answer: right, ranking: [0], manifest: { metrics: [file] } });
  const { outcome, failures, details } = await only(runs, 'recall-in-bounds');
  assert.deepEqual([outcome, failures], ['failed', 3]);
  assert.match(details[0]!, /question "q0": expected recall@2 of at least recall@1 1, got 0\.5$/);
  assert.match(details[1]!, /question "q1": expected recall@2 of at most 1 \(1 gold passages\), got 1\.5$/);
  assert.match(details[2]!, /question "q1": expected recall@3 of at least recall@2 1\.5, got 1$/);
});

test('oracle-at-least-normal: gold passages that make it worse are a warning', async () => {
  const runs = await fixture();
  await makeRun(runs, { system: 'text', settings: { docs: 'oracle-3' }, answer: () => 'Nowhere' });
  await makeRun(runs, { system: 'text', settings: { docs: 'bm25-3' }, answer: right });
  const { outcome, failures, details } = await only(runs, 'oracle-at-least-normal');
  assert.deepEqual([outcome, failures], ['warning', 0]);
  assert.match(
    details[0]!,
    /^text \(oracle-3\) on cities .*: exact match 0\.0 % is under the 100\.0 % of text \(bm25-3\)/,
  );
});

test('same-within-table: questions, words, weights, trainings and scorers', async () => {
  const hash = (digit: string): string => digit.repeat(64);
  const pairs = [
    [{}, { examples: plainExamples('other') }, /cities \(dev\): the runs answered different questions/],
    [{ manifest: { prompt: hash('a') } }, { manifest: { prompt: hash('b') } }, /were asked in different words/],
    [
      {},
      { manifest: { model: { id: 'tiny', hash: 'other' } } },
      /model tiny: the runs were made with different weights/,
    ],
    [{}, { manifest: { preset: 'squad' } }, /different scorers \(metric presets clara-bench, squad\)/],
  ] as const;
  for (const [one, other, problem] of pairs) {
    const runs = await fixture();
    await makeRun(runs, { system: 'text', answer: right, ...one });
    await makeRun(runs, { system: 'no-context', answer: right, ...other });
    const { outcome, failures, details } = await only(runs, 'same-within-table');
    assert.deepEqual([outcome, failures], ['failed', 1], details.join('\n'));
    assert.match(details[0]!, problem);
  }
  const runs = await fixture();
  for (const number of [1, 2]) {
    const { key } = await makeTraining(runs, { trainer: 'text/lora', settings: { number }, examples: trainExamples() });
    await makeRun(runs, { system: 'text-lora', answer: right, manifest: { trained: key } });
  }
  assert.match(
    (await only(runs, 'same-within-table')).details[0]!,
    /system text-lora, seed 0: .*weights of different trainings/,
  );
});

describe('leaks of test questions into the training', () => {
  const leak = async (trainer: string, leaked: (example: Example) => Partial<Example>): Promise<string> => {
    const runs = await fixture();
    const [first, ...others] = trainExamples() as [Example, ...Example[]];
    const examples = [{ ...first, ...leaked(plainExamples()[5]!) }, ...others];
    const { key } = await makeTraining(runs, { trainer, examples });
    await makeRun(runs, { system: 'clara', answer: right, manifest: { trained: key } });
    return runs;
  };

  test('trained-apart: by id, and by text whatever its case and punctuation', async () => {
    const byId = await only(await leak('text/lora', ({ id }) => ({ id })), 'trained-apart');
    assert.deepEqual([byId.outcome, byId.failures], ['failed', 1]);
    assert.match(byId.details[0]!, /^cities\/train \(text\/lora\) and cities\/dev: the id "q5" is in both$/);
    const byText = await only(
      await leak('text/lora', () => ({ question: 'which city, is the  NUMBER 5' })),
      'trained-apart',
    );
    assert.deepEqual([byText.outcome, byText.failures], ['failed', 1]);
    assert.match(byText.details[0]!, /the training question "t0" .* is a test question$/);
  });

  test('passages-apart: a passage is counted and named, as a warning', async () => {
    const { outcome, details } = await only(await leak('text/lora', ({ docs }) => ({ docs })), 'passages-apart');
    assert.equal(outcome, 'warning');
    assert.match(details[0]!, /: 1 of 12 test passages \(8\.3 %\) are in the training data: "Number 5"$/);
  });

  test('answers-unseen: a pair of the passage gives the answer', async () => {
    const runs = await leak('clara/pretraining', ({ docs }) => ({
      docs: [{ ...docs[0]!, pairs: [{ question: 'What is number 5?', answer: 'the City 5' }] }],
    }));
    const { results } = await checkRuns({ runs: [runs] });
    const { outcome, failures, details } = results.find(({ check }) => check === 'answers-unseen')!;
    assert.deepEqual([outcome, failures], ['failed', 1]);
    assert.match(details[0]!, /question "q5": its answer "the City 5" is a pair's of the passage "Number 5"$/);
    // The same passage with a pair about something else is a shared passage, and no leak.
    const other = await leak('clara/pretraining', ({ docs }) => ({
      docs: [{ ...docs[0]!, pairs: [{ question: 'Which village?', answer: 'Village 5' }] }],
    }));
    await only(other, 'passages-apart');
  });

  test('a training that is not there is a warning: it was not looked at', async () => {
    const runs = await fixture();
    await makeRun(runs, { system: 'clara', answer: right, manifest: { trained: 'a'.repeat(64) } });
    const { outcome, details } = await only(runs, 'trained-apart');
    assert.equal(outcome, 'warning');
    assert.match(details[0]!, /its training train-aaaaaaaaaaaaaaaa is not beside it: not looked at$/);
  });
});
