import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { trainManifestSchema, type TrainManifest } from '../../../harness/store/train-manifest.ts';
import { findRuns } from '../../../reports/find-runs.ts';
import { readRuns, start, temporaryFolder, type RunContent } from './run.ts';

const MODULE = path.join(import.meta.dirname, 'tiny-trained.ts');
const REVERSE = path.join(import.meta.dirname, 'slow-reverse.ts');

/** Writes training and test questions and a suite over them. */
function writeTrainedSuite(folder: string, systems: readonly string[]): string {
  for (const [name, count] of [
    ['train', 4],
    ['test', 3],
  ] as const) {
    const lines = Array.from({ length: count }, (_, at) => {
      const question = `Which ${name} is ${'x'.repeat(at)}?`;
      return `${JSON.stringify({ id: `${name}-${at}`, question, answers: ['a'], docs: [], pos_index: [] })}\n`;
    });
    writeFileSync(path.join(folder, `${name}.jsonl`), lines.join(''));
  }
  const file = path.join(folder, 'suite.yaml');
  writeFileSync(
    file,
    `benchmarks: [{ file: ./test.jsonl }]\ntraining: { file: ./train.jsonl }\nsystems:\n${systems.map((system) => `  - ${system}\n`).join('')}`,
  );
  return file;
}

/** A training's folder. */
interface Training {
  readonly folder: string;
  readonly manifest: TrainManifest;
  readonly weights: string;
  /** How often the trainer was called. */
  readonly starts: number;
}

/** What a folder of runs holds. */
function readAll(runs: string): { trainings: Training[]; predictions: RunContent[] } {
  const trainings = readdirSync(runs)
    .filter((name) => name.startsWith('train-'))
    .map((name): Training => {
      const read = (file: string): string => readFileSync(path.join(runs, name, file), 'utf8');
      return {
        folder: name,
        manifest: trainManifestSchema.parse(JSON.parse(read('manifest.json'))),
        weights: read('weights.safetensors'),
        starts: read('starts.txt').split('\n').length - 1,
      };
    });
  trainings.sort((a, b) => (a.manifest.trainer.id < b.manifest.trainer.id ? -1 : 1));
  return { trainings, predictions: readRuns(runs) };
}

// 3 steps, twice over: "Which train is ?" and up to two letters more.
const COUNT = String(2 * (16 + 17 + 18));

test('systems that share a training have it done once; --only keeps what is needed; reports pass it by; --checkpoint answers with it', async (context) => {
  const folder = temporaryFolder(context);
  const suite = writeTrainedSuite(folder, [
    `{ module: ${MODULE}, settings: { mark: [a, b] } }`,
    `{ module: ${REVERSE} }`,
  ]);
  const runs = path.join(folder, 'runs');
  const one = await start(folder, 'run', suite, '--only', 'mark=a').ended;
  assert.equal(one.code, 0, one.stderr);
  assert.deepEqual(
    one.stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(0, line.lastIndexOf('  '))),
    [
      'done   train tiny/first seed=0',
      'done   train tiny/second seed=0',
      'done   test/dev tiny-trained mark=a seed=0: 3 answered',
    ],
  );
  assert.match(one.stderr, /done: train tiny\/second seed=0/);

  const all = await start(folder, 'run', suite).ended;
  assert.equal(all.code, 0, all.stderr);
  assert.equal(all.stdout.match(/^there {2}/gm)!.length, 3);
  const { trainings, predictions } = readAll(runs);
  assert.deepEqual(
    trainings.map(({ manifest, starts }) => [manifest.trainer.id, manifest.settings.steps, starts, manifest.sessions]),
    [
      ['tiny/first', 3, 1, 1],
      ['tiny/second', 3, 1, 1],
    ],
  );
  const [first, second] = trainings;
  assert.deepEqual(second!.manifest.from, { key: first!.manifest.key, folder: first!.folder });
  assert.equal(first!.manifest.from, null);
  assert.deepEqual(second!.manifest.examples.count, 4);
  assert.equal(second!.manifest.benchmark.split, 'train');
  assert.ok(existsSync(path.join(runs, second!.folder, 'examples.jsonl.gz')));
  assert.equal(second!.weights, COUNT);
  const answers = predictions.map(({ manifest, predictions }) => {
    const [line] = predictions.split('\n');
    return [manifest.settings.mark, manifest.trained, (JSON.parse(line!) as { prediction: string }).prediction];
  });
  const { key } = second!.manifest;
  assert.deepEqual(answers.filter(([mark]) => mark !== undefined).sort(), [
    ['a', key, `${COUNT}a`],
    ['b', key, `${COUNT}b`],
  ]);
  assert.equal(answers.find(([mark]) => mark === undefined)![1], null);
  assert.equal(readFileSync(path.join(runs, 'cache.txt'), 'utf8'), `3 questions, ${second!.folder}\n`.repeat(2));
  const found = await findRuns(
    readdirSync(runs)
      .filter((name) => !name.includes('.'))
      .map((name) => path.join(runs, name)),
  );
  assert.equal(found.runs.length, 3);
  assert.deepEqual(found.incomplete, []);

  const predict = ['predict', '--system', MODULE, '--model', 'none', '--data', 'test.jsonl', '--set', 'mark=c'];
  const answered = await start(folder, ...predict, '--checkpoint', path.join(runs, second!.folder), '--out', 'c.jsonl')
    .ended;
  assert.equal(answered.code, 0, answered.stderr);
  assert.match(readFileSync(path.join(folder, 'c.jsonl'), 'utf8'), new RegExp(`"prediction":"${COUNT}c"`));
  const untrained = await start(folder, ...predict, '--out', 'd.jsonl').ended;
  assert.equal(untrained.code, 2);
  assert.match(untrained.stderr, /tiny-trained.*--checkpoint/);
});

test('a training that is killed goes on where it was, and ends with the bytes of an undisturbed one', async (context) => {
  const folder = temporaryFolder(context);
  const suite = writeTrainedSuite(folder, [`{ module: ${MODULE}, settings: { steps: 12, ms: 100 } }`]);
  const runs = path.join(folder, 'runs');
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const { child, ended } = start(folder, 'run', suite);
    const begun = steps(runs);
    while (steps(runs) < begun + 3) await sleep(20);
    child.kill(signal);
    const { code, stderr } = await ended;
    if (signal === 'SIGINT') assert.deepEqual([code, /interrupted; run again/.test(stderr)], [130, true]);
  }
  const whole = await start(folder, 'run', suite, '--jobs', '2').ended;
  assert.equal(whole.code, 0, whole.stderr);
  assert.match(whole.stderr, /done: train tiny\/first seed=0: step 12\/12, loss 0\.0833, alignment 0\.5000/);
  const { trainings } = readAll(runs);
  assert.equal(trainings[0]!.starts, 3);
  assert.equal(trainings[0]!.manifest.sessions, 3);
  // Each letter was counted once, however often the training was begun.
  const once = 16 + 17 + 18 + 19;
  assert.deepEqual(
    trainings.map(({ weights }) => Number(weights)),
    [3 * once, 6 * once],
  );
});

test('a failed training fails what needs it, once for all workers, and nothing else; run again, it is tried again', async (context) => {
  const folder = temporaryFolder(context);
  const fail = path.join(folder, 'fail');
  writeFileSync(fail, '');
  const suite = writeTrainedSuite(folder, [
    `{ module: ${MODULE}, settings: { fail: ${fail} } }`,
    `{ module: ${REVERSE} }`,
  ]);
  const runs = path.join(folder, 'runs');
  const failed = await start(folder, 'run', suite, '--jobs', '2').ended;
  assert.equal(failed.code, 1, failed.stderr);
  const lines = failed.stdout.split('\n');
  assert.match(lines[0]!, /^done {3}train tiny\/first seed=0/);
  assert.match(lines[1]!, /^FAILED {2}train tiny\/second seed=0: .*the loss is not a number/);
  assert.match(
    failed.stdout,
    /^FAILED {2}test\/dev tiny-trained .*: not done, as its training failed: train tiny\/second/m,
  );
  assert.match(failed.stdout, /^done {3}test\/dev slow-reverse seed=0: 3 answered/m);
  assert.match(failed.stderr, /2 jobs FAILED; run again to try them again/);
  const startsOf = (): number[] =>
    readdirSync(runs)
      .filter((name) => name.startsWith('train-'))
      .map((name) => readFileSync(path.join(runs, name, 'starts.txt'), 'utf8').split('\n').length - 1)
      .sort();
  assert.deepEqual(startsOf(), [1, 1]);

  rmSync(fail);
  const mended = await start(folder, 'run', suite).ended;
  assert.equal(mended.code, 0, mended.stderr);
  assert.deepEqual(startsOf(), [1, 2]);
  assert.equal(readAll(runs).trainings[1]!.weights, COUNT);
});

/** Steps that the trainings of a folder have done. */
function steps(runs: string): number {
  if (!existsSync(runs)) return 0;
  return readdirSync(runs)
    .map((name) => path.join(runs, name, 'curve.jsonl'))
    .filter((file) => existsSync(file))
    .reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);
}
