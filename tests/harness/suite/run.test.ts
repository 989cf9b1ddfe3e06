import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { readNative } from '../../../datasets/native.ts';
import { programCommit } from '../../../harness/program-commit.ts';
import { readRuns, start, temporaryFolder, writeSuite } from './run.ts';

const ids = (lines: string): string[] =>
  lines
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { id: string }).id);

test('a job with a failure completes and says so; retried, it is whole, in the order of an undisturbed run', async (context) => {
  const folder = temporaryFolder(context);
  const broken = path.join(folder, 'broken.ts');
  const module = (fail: string): string => `import { existsSync } from 'node:fs';
    export default { id: 'fickle', description: '', settings: (given) => given,
      async *predict(examples) { for (const { id, question } of examples) {
        if (${fail} && id === 'sample-05') throw new Error('OOM when allocating tensor');
        yield { id, prediction: question, tokens: { output: 1 }, ms: { decode: performance.now() } }; } } };`;
  const fixed = JSON.stringify(path.join(folder, 'fixed'));
  writeFileSync(broken, module(`!existsSync(${fixed})`));
  const suite = writeSuite(folder, 'benchmarks: [{ id: sample, limit: 12 }]\nsystems: [{ module: ./broken.ts }]\n');

  const first = await start(folder, 'run', suite).ended;
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /done +sample\/dev fickle seed=0: 11 answered, 1 FAILED/);
  assert.match(first.stderr, /1 questions failed; --retry-failed/);
  const [failed] = readRuns(path.join(folder, 'runs'));
  assert.deepEqual(failed!.manifest.counts, { questions: 12, predictions: 11, failures: 1 });
  assert.equal(failed!.failures, '{"id":"sample-05","error":"OOM when allocating tensor"}\n');
  assert.ok(!failed!.predictions.includes('"ms"'));

  writeFileSync(path.join(folder, 'fixed'), '');
  const retried = await start(folder, 'run', suite, '--retry-failed').ended;
  assert.match(retried.stdout, /done +sample\/dev fickle seed=0: 12 answered {2}/);
  const whole = await start(folder, 'run', suite, '--runs', 'fresh').ended;
  assert.equal(whole.code, 0);
  const [mended] = readRuns(path.join(folder, 'runs'));
  const [fresh] = readRuns(path.join(folder, 'fresh'));
  assert.equal(mended!.predictions, fresh!.predictions);
  assert.equal(mended!.failures, '');
  assert.equal(mended!.manifest.sessions, 2);
  assert.equal(fresh!.manifest.versions.commit?.commit, (await programCommit())?.commit);

  const asked: string[] = [];
  for await (const { id } of readNative(path.join(fresh!.folder, 'examples.jsonl.gz'))) asked.push(id);
  assert.deepEqual([...asked].sort(), ids(fresh!.predictions).sort());
  assert.deepEqual(
    asked,
    Array.from({ length: 12 }, (_, at) => `sample-${String(at + 1).padStart(2, '0')}`),
  );
});

test('two processes and two workers share a suite without doing anything twice', async (context) => {
  const folder = temporaryFolder(context);
  const suite = writeSuite(
    folder,
    'benchmarks: [{ id: sample, limit: 8 }]\nsystems: [{ module: ./slow-reverse.ts, settings: { ms: [40, 50, 60] } }]\nbatch: 2\n',
  );
  const both = await Promise.all([start(folder, 'run', suite).ended, start(folder, 'run', suite, '--jobs', '2').ended]);
  for (const { code, stderr, stdout } of both) {
    assert.equal(code, 0, stderr);
    assert.equal(stdout.match(/8 answered/g)!.length, 3);
  }
  const runs = readRuns(path.join(folder, 'runs'));
  assert.equal(runs.length, 3);
  for (const { manifest, predictions } of runs) {
    assert.equal(manifest.sessions, 1);
    assert.equal(new Set(ids(predictions)).size, 8);
  }
});

test('Ctrl-C ends it at once with exit code 130, and the next run goes on in the same blocks whatever its batch', async (context) => {
  const folder = temporaryFolder(context);
  const text =
    'benchmarks: [{ id: sample, limit: 20 }]\nsystems: [{ module: ./slow-reverse.ts, settings: { ms: 60 } }]\n';
  const suite = writeSuite(folder, `${text}batch: 4\npreset: squad\n`);
  const { child, ended } = start(folder, 'run', suite);
  const runs = path.join(folder, 'runs');
  while (!isAnswering(runs)) await sleep(20);
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  assert.equal(code, 130);
  assert.match(stderr, /interrupted; run again to continue/);

  writeSuite(folder, `${text}batch: 20\npreset: clara\n`);
  const next = await start(folder, 'run', suite).ended;
  assert.equal(next.code, 0, next.stderr);
  const [run] = readRuns(runs);
  assert.equal(run!.manifest.counts.predictions, 20);
  assert.equal(run!.manifest.batch, 4);
  assert.equal(run!.manifest.preset, 'clara');
  assert.equal(run!.manifest.sessions, 2);
});

test('a worker that is killed in a block is started again with smaller pieces, and a question that takes it down alone is a failure', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(
    path.join(folder, 'deadly.ts'),
    `export default { id: 'deadly', description: '', settings: (given) => given,
      async *predict(examples) {
        if (examples.some(({ id }) => id === 'sample-02')) process.kill(process.pid, 'SIGKILL');
        for (const { id } of examples) yield { id, prediction: 'x' }; } };`,
  );
  const suite = writeSuite(
    folder,
    'benchmarks: [{ id: sample, limit: 4 }]\nsystems: [{ module: ./deadly.ts }]\nbatch: 2\n',
  );
  const { code, stderr } = await start(folder, 'run', suite).ended;
  assert.equal(code, 0, stderr);
  const [run] = readRuns(path.join(folder, 'runs'));
  assert.deepEqual(run!.manifest.counts, { questions: 4, predictions: 3, failures: 1 });
  assert.match(run!.failures, /"sample-02".*SIGKILL.*out of memory/);
});

test('what a module or a suite gets wrong ends with exit code 2 and says where', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(
    path.join(folder, 'wrong-order.ts'),
    `export default { id: 'wrong', description: '', settings: (given) => given,
      async *predict(examples) { for (const { id } of [...examples].reverse()) yield { id, prediction: 'x' }; } };`,
  );
  writeFileSync(path.join(folder, 'lacking.ts'), `export default { id: 'lacking' };`);
  for (const [text, expected] of [
    [
      'benchmarks: [sample]\nsystems: [{ module: ./wrong-order.ts }]\n',
      [/expected results in the order of the examples/],
    ],
    [
      'benchmarks: [sample, { id: nowhere }]\nsystems: [{ module: ./lacking.ts }, { id: txt }, { id: text, settings: { dcs: 1 } }]\n',
      [/nowhere/, /lacking\.ts.*settings/, /"txt".*did you mean text/, /dcs/],
    ],
    ['benchmarks: [sample]\nsystems: [no-context]\n', [/needs a model/]],
  ] as const) {
    const { code, stderr } = await start(folder, 'run', writeSuite(folder, text)).ended;
    assert.equal(code, 2, stderr);
    for (const pattern of expected) assert.match(stderr, pattern);
  }
});

test('plan says what is there, begun and to do, and --only chooses', async (context) => {
  const folder = temporaryFolder(context);
  const suite = writeSuite(
    folder,
    'benchmarks: [{ id: sample, limit: 3 }]\nsystems: [{ module: ./slow-reverse.ts, settings: { ms: [1, 2] } }]\n',
  );
  await start(folder, 'run', suite, '--only', 'MS=1*seed').ended;
  const { code, stdout } = await start(folder, 'plan', suite, '--json').ended;
  assert.equal(code, 0);
  const plan = JSON.parse(stdout) as { jobs: { state: string; questions: number; seconds: number | null }[] };
  assert.deepEqual(
    plan.jobs.map(({ state, questions, seconds }) => ({ state, questions, seconds })),
    [
      { state: 'there', questions: 3, seconds: 0 },
      { state: 'to do', questions: 3, seconds: null },
    ],
  );
  const none = await start(folder, 'plan', suite, '--only', 'ms=3').ended;
  assert.equal(none.code, 2);
  assert.match(none.stderr, /sample\/dev slow-reverse ms=1/);
});

function isAnswering(runs: string): boolean {
  const job = existsSync(runs) && readdirSync(runs)[0];
  if (!job) return false;
  const file = path.join(runs, job, 'predictions.jsonl');
  return existsSync(file) && readFileSync(file, 'utf8').split('\n').length > 5;
}
