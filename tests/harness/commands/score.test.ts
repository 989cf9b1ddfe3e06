import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../../harness/home.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'score-command-'));
after(() => rmSync(folder, { recursive: true }));

const program = path.join(packageRoot, 'harness', 'clara-bench.js');
function score(...options: string[]) {
  return spawnSync(process.execPath, [program, 'score', ...options], { cwd: folder, encoding: 'utf8' });
}
function write(file: string, records: readonly object[]): void {
  writeFileSync(path.join(folder, file), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

const QUESTIONS = [
  { id: 'a', question: 'Who?', answers: ['Salt Hills'], docs: [{ title: 't', text: 'x' }], pos_index: [0] },
  { id: 'b', question: 'When?', answers: ['1911'], docs: [], pos_index: [] },
  { id: 'c', question: 'Where?', answers: ['Aída', 'Aida'], docs: [], pos_index: [] },
];
write('data.jsonl', QUESTIONS);
write('answers.jsonl', [
  { id: 'a', prediction: 'The Salt Hills.', ranking: [0] },
  { id: 'b', prediction: 'in 1911' },
]);
write('answers.failures.jsonl', [{ id: 'c', error: 'out of memory' }]);
write('answers.timings.jsonl', [
  { id: 'a', ms: { prefill: 30, decode: 10 } },
  { id: 'b', ms: { prefill: 10, decode: 10 } },
]);

test('the table shows values, interval, preset, hashes and failures; the files beside are found', () => {
  const { status, stdout, stderr } = score('answers.jsonl', '--data', 'data.jsonl');
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  assert.match(stdout, /^metric +value +low +high +n +does not apply$/m);
  assert.match(stdout, /^exact-match +50\.00 % +9\.45 +90\.55 +2$/m);
  assert.match(stdout, /^recall@1 +100\.00 % +20\.65 +100\.00 +1 +1$/m);
  assert.match(stdout, /^ms-total +30\.00 ms +-97\.06 +157\.06 +2$/m);
  assert.match(stdout, /^FAILURES: 1 of 3 questions/m);
  assert.match(stdout, /^2 of 3 questions scored with preset clara-bench/m);
  assert.match(stdout, /^sha256 failures [0-9a-f]{64}$/m);
});

test('--json gives the same as data, --preset another definition', () => {
  const { status, stdout } = score('answers.jsonl', '--data', 'data.jsonl', '--preset', 'clara', '--json');
  assert.equal(status, 0);
  const scores = JSON.parse(stdout);
  assert.deepEqual([scores.preset, scores.scored, scores.failures, scores.missing], ['clara', 2, 1, 0]);
  const recall = scores.rows.find((row: { metric: string }) => row.metric === 'recall@1');
  assert.deepEqual([recall.value, recall.n], [1, 1]);
});

test('missing and unknown ids end with exit code 2; --allow-missing says so loudly', () => {
  write('part.jsonl', [{ id: 'a', prediction: 'Salt' }]);
  const refused = score('part.jsonl', '--data', 'data.jsonl');
  assert.equal(refused.status, 2);
  assert.equal(refused.stdout, '');
  assert.match(refused.stderr, /^error: .*neither a prediction nor a recorded failure: 2 \("b", "c"\)$/m);
  const allowed = score('part.jsonl', '--data', 'data.jsonl', '--allow-missing');
  assert.equal(allowed.status, 0);
  assert.match(allowed.stderr, /^warning: 2 of 3 questions have no prediction/m);
  assert.match(allowed.stdout, /^MISSING: 2 of 3/m);
});

test('a preset or a file that is not there is bad input', () => {
  assert.equal(score('answers.jsonl', '--data', 'data.jsonl', '--preset', 'bleu').status, 2);
  const { status, stderr } = score('nothing.jsonl', '--data', 'data.jsonl');
  assert.equal(status, 2);
  assert.match(stderr, /nothing\.jsonl: no such file/);
});

test('rankings without answers: no metric of answers, and recall as it is', () => {
  write('ranked.jsonl', [
    { id: 'a', prediction: '', ranking: [0] },
    { id: 'b', prediction: '', ranking: [] },
    { id: 'c', prediction: '', ranking: [] },
  ]);
  const { status, stdout, stderr } = score('ranked.jsonl', '--data', 'data.jsonl', '--ranking-only');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^recall@1 +100\.00 % +20\.65 +100\.00 +1 +2$/m);
  assert.doesNotMatch(stdout, /^(exact-match|f1|cover|output-words)/m);
  assert.match(stdout, /^Nothing to compute exact-match, f1, .*output-words.* from\.$/m);
  assert.match(score('ranked.jsonl', '--data', 'data.jsonl').stdout, /^exact-match +0\.00 %/m);
});
