import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../../harness/home.ts';
import { makeRun, plainExamples } from '../../reports/make-runs.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-compare-command-'));
after(() => rm(folder, { recursive: true }));
const runs = path.join(folder, 'runs');

const compare = (...given: string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['harness/clara-bench.js', 'compare', ...given], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
};

/** The first so many questions right. */
const right =
  (count: number) =>
  ({ answers }: { answers: string[] }, at: number): string =>
    at < count ? answers[0]! : 'Nowhere';

before(async () => {
  await makeRun(runs, { system: 'clara', ratio: 4, answer: right(9) });
  await makeRun(runs, { system: 'clara', ratio: 16, answer: right(3) });
  await makeRun(runs, { system: 'text-lora', answer: right(11) });
});

test('the table is printed, and the code is 100 where a row does not meet what is required', () => {
  const { code, out, err } = compare('clara', 'text-lora', '--runs', runs, '--require', 'not-worse');
  assert.equal(code, 100);
  // 9 against 11 of 12: two discordant questions, p = 2 / 4; 3 against 11: eight, p = 2 / 2^8, doubled by Holm.
  assert.match(
    out,
    /^cities\/dev +clara 4× +text-lora +12 +75\.0 +91\.7 +-16\.7 .* 0\.5000 +0\.5000 +-0\.43 +0:2 +0\.00 /m,
  );
  assert.match(out, /^cities\/dev +clara 16× +text-lora +12 +25\.0 +91\.7 +-66\.7 .* 0\.0078 +0\.0156 .* 0:8 +0\.00 /m);
  assert.match(out, /McNemar’s exact test/);
  assert.match(out, /corrected for 2 comparisons/);
  assert.match(err, /scoring: 3\/3 runs 100 %/);
  assert.match(err, /^not not-worse: cities\/dev: clara 16× against text-lora$/m);
  assert.doesNotMatch(err, /clara 4×/);
});

test('--json says the same to programs, with what was required and is met', () => {
  const { code, out } = compare(
    ...['text-lora', 'ratio=16', '--runs', runs, '--require', 'better', '--margin', '20', '--json'],
  );
  assert.equal(code, 0);
  const { rows, requirement, unit } = JSON.parse(out);
  assert.deepEqual(requirement, { require: 'better', margin: 20, allowMissing: false, met: true });
  assert.deepEqual(
    [unit, rows.length, rows[0].p, rows[0].discordant],
    ['share', 1, 0.0078125, { one: 8, other: 0, oddsRatio: null, riskDifference: 8 / 12 }],
  );
});

test('runs of other questions end with 2, and so does a margin for nothing', async () => {
  const asked = await makeRun(path.join(folder, 'others'), {
    system: 'text',
    examples: plainExamples('other'),
    answer: right(1),
  });
  const different = compare(asked, 'text-lora', '--runs', runs);
  assert.equal(different.code, 2);
  assert.equal(different.out, '');
  assert.match(
    different.err,
    /^error: cities\/dev: expected runs that answered the same questions to compare text with text-lora, got different ones\n {2}[0-9a-f]{12} \(12 questions\): /m,
  );
  const margin = compare('clara', 'text-lora', '--margin', '2', '--runs', runs);
  assert.equal(margin.code, 2);
  assert.match(margin.err, /--margin: expected --require/);
});
