import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { estimateJobs } from '../../../harness/suite/estimate.ts';
import { folderOf } from '../../../harness/suite/job.ts';
import { loadSuite } from '../../../harness/suite/load-suite.ts';
import { planSuite } from '../../../harness/suite/plan-suite.ts';
import { neededBy, type PlannedJob } from '../../../harness/suite/planned-job.ts';
import { selectJobs } from '../../../harness/suite/select-jobs.ts';
import { temporaryFolder } from './run.ts';

const MODULE = path.join(import.meta.dirname, 'tiny-trained.ts');

/** Plans a suite of which `train.jsonl` and `test.jsonl` have the questions given, `id: question`. */
async function plan(
  folder: string,
  suite: string,
  questions: { readonly train: Record<string, string>; readonly test: Record<string, string> },
): Promise<PlannedJob[]> {
  for (const [name, asked] of Object.entries(questions)) {
    const lines = Object.entries(asked).map(
      ([id, question]) => `${JSON.stringify({ id, question, answers: ['a'], docs: [], pos_index: [] })}\n`,
    );
    writeFileSync(path.join(folder, `${name}.jsonl`), lines.join(''));
  }
  const file = path.join(folder, 'suite.yaml');
  writeFileSync(file, `benchmarks: [{ file: ./test.jsonl }]\n${suite.replaceAll('TINY', MODULE)}`);
  return planSuite(await loadSuite(file));
}

const apart = { train: { a: 'What is it?', b: 'Who is it?' }, test: { c: 'Where is it?' } };
const training = 'training: { file: ./train.jsonl }\n';

test('trainings come once, before what needs them, with the seeds of what needs them; the rest of the plan is as without them', async (context) => {
  const folder = temporaryFolder(context);
  const systems = 'systems: [{ module: TINY, settings: { steps: [3, 5], mark: [x, y] } }]\nseeds: [1, 2]\n';
  const planned = await plan(folder, training + systems, apart);
  const labels = planned.map(({ label }) => label);
  assert.deepEqual(
    labels.filter((label) => label.startsWith('train')).sort(),
    [3, 5]
      .flatMap((steps) =>
        [1, 2].flatMap((seed) => ['first', 'second'].map((stage) => `train tiny/${stage} steps=${steps} seed=${seed}`)),
      )
      .sort(),
  );
  assert.equal(planned.filter(({ kind }) => kind === 'predict').length, 8);
  planned.forEach((job, at) => {
    const needed = neededBy(job);
    const place = planned.findIndex(({ job }) => job.key === needed);
    if (needed !== null) assert.ok(place >= 0 && place < at, job.label);
    if (job.kind === 'predict')
      assert.match(planned[place]!.label, new RegExp(`steps=${Number(job.job.settings.steps)} seed=${job.job.seed}`));
  });
  assert.deepEqual(
    selectJobs(planned, 'steps=5*mark=y seed=2').map(({ label }) => label),
    [
      'train tiny/first steps=5 seed=2',
      'train tiny/second steps=5 seed=2',
      'test/dev tiny-trained steps=5 mark=y seed=2',
    ],
  );

  const later = await plan(folder, training + systems, { ...apart, test: { d: 'When is it?' } });
  const keys = (of: PlannedJob[], kind: string): string[] =>
    of.filter((job) => job.kind === kind).map(({ job }) => job.key);
  assert.deepEqual(keys(later, 'train'), keys(planned, 'train'));
  assert.notDeepEqual(keys(later, 'predict'), keys(planned, 'predict'));
  const other = await plan(folder, training + systems, { ...apart, train: { a: 'What is that?' } });
  assert.ok(keys(other, 'train').every((key) => !keys(planned, 'train').includes(key)));
  assert.ok(keys(other, 'predict').every((key) => !keys(planned, 'predict').includes(key)));
});

test('what a training needs and lacks is said before anything runs', async (context) => {
  const folder = temporaryFolder(context);
  const systems = 'systems: [{ module: TINY }]\n';
  await assert.rejects(plan(folder, systems, apart), /training: expected the questions to train tiny-trained on/);
  await assert.rejects(plan(folder, `training: squad\nbenchmark: x\n${systems}`, apart), /benchmark/);
  const doubled = { train: { a: 'What is it?', b: ' where  IS it? ' }, test: apart.test };
  await assert.rejects(
    plan(folder, training + systems, doubled),
    /none of the questions of test, got 1 training questions among the test questions: "b" \(" where {2}IS it\? "\)/,
  );
  const sameId = { train: { c: 'What is it?' }, test: apart.test };
  await assert.rejects(plan(folder, training + systems, sameId), /got 1 training questions among .*"c"/);
  await plan(
    folder,
    `${training}systems: [{ module: ${path.join(import.meta.dirname, 'slow-reverse.ts')} }]\n`,
    sameId,
  );
});

test('defaults go to the trained systems that have the setting, under their own; one that none has is refused', async (context) => {
  const folder = temporaryFolder(context);
  const systems = 'models: []\nsystems:\n  - { module: TINY }\n  - { module: TINY, settings: { steps: 7 } }\n';
  const planned = await plan(folder, `${training}defaults: { steps: 4 }\n${systems}`, apart);
  const steps = planned.filter(({ kind }) => kind === 'predict').map(({ job }) => job.settings.steps);
  assert.deepEqual(steps, [4, 7]);
  const reverse = `systems: [{ module: ${path.join(import.meta.dirname, 'slow-reverse.ts')} }]\n`;
  await assert.rejects(plan(folder, `defaults: { steps: 4 }\n${reverse}`, apart), /defaults: .* got steps/);
});

test('the estimate of a training: rows, and what is done of an interrupted one', async (context) => {
  const folder = temporaryFolder(context);
  const planned = await plan(folder, `${training}systems: [{ module: TINY, settings: { steps: 4 } }]\n`, apart);
  const runs = path.join(folder, 'runs');
  const begun = path.join(runs, folderOf(planned[0]!.job));
  mkdirSync(begun, { recursive: true });
  writeFileSync(path.join(begun, 'job.json'), '{}');
  writeFileSync(path.join(begun, 'curve.jsonl'), '{"step":1}\n{"step":2}\n');
  const estimates = [];
  for await (const estimate of estimateJobs(planned, { runs, exact: false })) estimates.push(estimate);
  assert.deepEqual(
    estimates.map(({ kind, state, settled, rows, seconds }) => ({ kind, state, settled, rows, seconds })),
    [
      // "What is it?" has 11 letters: about 3 tokens, 4 steps.
      { kind: 'train', state: 'begun', settled: 1, rows: 12, seconds: null },
      { kind: 'train', state: 'to do', settled: 0, rows: 12, seconds: null },
      { kind: 'predict', state: 'to do', settled: 0, rows: null, seconds: null },
    ],
  );
});
