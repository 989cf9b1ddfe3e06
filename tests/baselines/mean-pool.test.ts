import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { meanPool } from '../../baselines/mean-pool.ts';
import { InputError } from '../../harness/errors.ts';
import { readPredictions, readWeights, writeTinySuite } from '../harness/clara/tiny-suite.ts';
import { readRuns, start, temporaryFolder } from '../harness/suite/run.ts';

const TRAINING = 'steps: 2, batch: 2, microBatch: 1, docs: all';
const SETTINGS = 'ratio: 4, documentMaxLength: 24, rank: 2';

test('mean-pool is trained and answers from as many vectors as its ratio says, with and without pretraining', async (context) => {
  const folder = temporaryFolder(context);
  const suite = await writeTinySuite(folder, [
    `{ id: mean-pool, settings: { ${SETTINGS}, instruction: { ${TRAINING} } } }`,
    `{ id: mean-pool, settings: { ${SETTINGS}, memory: proportional, pretraining: { steps: 1, batch: 2 }, instruction: { ${TRAINING}, checkpointed: true } } }`,
  ]);
  const { code, stdout, stderr } = await start(folder, 'run', suite).ended;
  assert.equal(code, 0, stderr + stdout);
  const runs = readRuns(path.join(folder, 'runs'));
  assert.equal(readWeights(path.join(folder, 'runs')).length, 3);
  for (const { manifest, predictions } of runs) {
    assert.equal(manifest.counts.predictions, 4);
    for (const { tokens, selected, ranking } of readPredictions(predictions)) {
      // 24 tokens at most of each of three documents, 6 vectors; the texts of 20 to 30 tokens fill that or nearly so.
      assert.ok(tokens!.vectors! <= 18 && tokens!.vectors! >= 15, JSON.stringify(tokens));
      assert.deepEqual([selected, ranking], [[0, 1, 2], undefined]);
    }
  }
});

test('mean-pool has no alignment loss and no end-to-end stage', () => {
  const instruction = { steps: 1 };
  const settings = (own: Record<string, unknown>) => meanPool.settings({ ratio: 4, ...own });
  const checked = settings({ instruction }) as { instruction: { alignment: unknown } };
  assert.deepEqual(checked.instruction.alignment, { weight: 0, form: 'mean' });
  for (const [bad, pattern] of [
    [
      { instruction: { ...instruction, alignment: { weight: 0.1 } } },
      /instruction\.alignment\.weight: expected 0, got 0\.1/,
    ],
    [{ instruction, endToEnd: { steps: 1 } }, /endToEnd/],
    [{}, /at least one of the stages pretraining and instruction/],
  ] as const) {
    assert.throws(() => settings(bad), (error: unknown) => error instanceof InputError && pattern.test(error.message)); // prettier-ignore
  }
});
