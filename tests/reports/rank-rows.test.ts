import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Example } from '../../datasets/example.ts';
import { signFlipBound } from '../../harness/statistics/sign-flip-bound.ts';
import { signFlipTest } from '../../harness/statistics/sign-flip-test.ts';
import { findRuns } from '../../reports/find-runs.ts';
import { rankRows } from '../../reports/rank-rows.ts';
import { scoreRuns } from '../../reports/report-row.ts';
import { rowsOf } from '../../reports/rows-of.ts';
import { makeRun } from './make-runs.ts';

const examples: Example[] = Array.from({ length: 60 }, (_, at) => ({
  id: `q${at}`,
  question: `What is ${at}?`,
  answers: [`answer ${at}`],
  docs: [{ title: '', text: `answer ${at}` }],
  pos_index: [0],
}));

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-ranks-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('the best of those with the same documents, what the test does not tell from it, and nobody else', async () => {
  const made = async (system: string, docs: string | undefined, right: number, failing = 0): Promise<void> => {
    await makeRun(folder, {
      system,
      settings: docs === undefined ? {} : { docs },
      examples,
      answer: ({ answers }, at) => (at >= 60 - failing ? new Error('no') : at < right ? answers[0]! : 'wrong'),
    });
  };
  await made('best', 'all', 50);
  // Five questions of one side alone: exact McNemar p = 0.0625.
  await made('near', 'all', 45);
  await made('far', 'all', 20);
  await made('failing', 'all', 59, 1);
  await made('oracle', 'gold', 60);
  await made('without', undefined, 1);
  const { runs } = await findRuns([folder]);
  const rows = rowsOf(await scoreRuns(runs, { preset: 'clara-bench', metrics: [] }));
  const ranks = (id: string): [string, string][] =>
    [...rankRows(rows, { id, binary: id === 'exact-match' })]
      .map(([row, rank]): [string, string] => [row.manifest.system.id, rank])
      .sort();
  assert.deepEqual(ranks('exact-match'), [
    ['best', 'best'],
    ['near', 'tied'],
  ]);
  assert.deepEqual(ranks('output-words'), []);
});

test('the bound is never under p', () => {
  for (const differences of [
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, -1, 0.5, 0.5, 0],
    [0.2, 0.9, 1, 1, 0.4, -0.1, 0.6],
  ]) {
    assert.ok(signFlipBound(differences) >= signFlipTest(differences), String(differences));
  }
  assert.equal(signFlipBound([0, 0]), 1);
  assert.equal(signFlipBound(new Array<number>(100).fill(1)), 2 * Math.exp(-50));
});
