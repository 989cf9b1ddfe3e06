import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { atlasDials } from '../../../datasets/atlas/dials.ts';
import { openBenchmark } from '../../../datasets/open-benchmark.ts';
import { packageRoot } from '../../../harness/home.ts';
import { pretrainingPassages } from '../../../harness/clara/pretraining-passages.ts';
import type { InputError } from '../../../harness/errors.ts';
import { loadSuite } from '../../../harness/suite/load-suite.ts';
import { questionsOf } from '../../../harness/suite/questions.ts';
import { importBenchmark } from '../../../datasets/import-benchmark.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-atlas-'));
const before = process.env.CLARA_BENCH_HOME;
process.env.CLARA_BENCH_HOME = path.join(folder, 'home');
after(async () => {
  if (before === undefined) delete process.env.CLARA_BENCH_HOME;
  else process.env.CLARA_BENCH_HOME = before;
  await rm(folder, { recursive: true });
});

function data(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const program = path.join(packageRoot, 'harness', 'clara-bench.js');
    execFile(process.execPath, [program, 'data', ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test('a suite takes dials; the file is made once, and other dials or another number give another file and hash', async () => {
  const file = path.join(folder, 'suite.yaml');
  await writeFile(
    file,
    `benchmarks:
  - atlas
  - { id: atlas, split: test, limit: 20, dials: { documents: 8, shared: 1 } }
systems: [text]
training: { id: atlas, limit: 30, dials: { ask: all } }
`,
  );
  const suite = await loadSuite(file);
  const [plain, dialled] = await Promise.all(suite.benchmarks.map((entry) => questionsOf(entry, undefined)));
  const training = await questionsOf(suite.training!, undefined);
  assert.equal(plain!.examples.length, 1000);
  assert.equal(plain!.examples[0]!.docs.length, 4);
  assert.deepEqual([dialled!.examples.length, dialled!.examples[0]!.docs.length], [20, 8]);
  assert.equal(dialled!.examples[19]!.id, 'atlas-test-0000020');
  assert.deepEqual([training.examples.length, training.benchmark.split], [30, 'train']);
  assert.equal(new Set([plain, dialled, training].map((one) => one!.benchmark.sha256)).size, 3);
  const files = await readdir(path.join(folder, 'home', 'atlas'));
  assert.equal(files.length, 3);
  const again = await questionsOf(suite.benchmarks[1]!, undefined);
  assert.deepEqual(again, dialled);
  assert.equal((await readdir(path.join(folder, 'home', 'atlas'))).length, 3);

  const passages = pretrainingPassages(training.examples);
  const texts = new Set(training.examples.flatMap(({ docs }) => docs.map(({ title, text }) => `${title}: ${text}`)));
  assert.deepEqual(new Set(passages.map(({ text }) => text)), texts);
  const [first] = passages;
  const [document] = training.examples[0]!.docs;
  assert.deepEqual([first!.pairs, first!.paraphrase], [document!.pairs, document!.paraphrase]);
});

test('a suite with wrong dials, or with dials of another benchmark, says so', async () => {
  const file = path.join(folder, 'wrong.yaml');
  await writeFile(
    file,
    `benchmarks:
  - { id: sample, dials: {} }
  - { id: atlas, dials: { documents: 40 } }
systems: [text]
`,
  );
  await assert.rejects(loadSuite(file), (error: InputError) => {
    assert.equal(error.problems.length, 2, error.message);
    assert.match(error.message, /2:26: .*dials: expected dials with the generated benchmark \(id: atlas\) only/);
    assert.match(error.message, /3:38: .*dials\.documents: expected a whole number from 1 to 24, got 40/);
    return true;
  });
  await assert.rejects(
    openBenchmark('atlas', { split: 'other' }),
    /"atlas" has the splits train, dev, test, got "other"/,
  );
});

test('data generate writes what suites get; show shows it with the questions and the paraphrase of a passage', async () => {
  const out = path.join(folder, 'train.jsonl');
  const made = await data('generate', 'atlas', '--split', 'train', '--questions', '30', '--ask', 'all', '--out', out);
  const dials = atlasDials.parse({ ask: 'all' });
  const opened = await openBenchmark('atlas', { split: 'train', questions: 30, dials });
  const written = await openBenchmark(out);
  assert.equal(
    made.stdout,
    `${out}: 30 questions, SHA-256 ${written.sha256}; chance without passages 4.2 %\n`,
    made.stderr,
  );
  assert.equal(written.sha256, opened.sha256);
  const shown = await data('show', out);
  assert.match(shown.stdout, /\n {6}- \w.*\? \w+\n/);
  assert.match(shown.stdout, /\n {6}paraphrase: /);
  const twoHops = await data('show', 'atlas', '--dial', 'hops=2');
  assert.match(twoHops.stdout, /^id {8}atlas-dev-0000001\n.*\n.*\npassages {2}4, gold: \d, \d\n/);
  assert.match((await data('list')).stdout, /^atlas +train +any +- +generated +Apache-2\.0 /m);

  const wrong = await data('generate', 'atlas', '--questions', '0', '--hops', '3', '--out', 'a.txt');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--questions: expected .*\n.*--out: expected .*\n.*hops: expected 1 or 2, got 3\n$/);
  assert.deepEqual((await readdir(folder)).sort(), ['home', 'suite.yaml', 'train.jsonl', 'wrong.yaml']);
});

test('an import of the native format keeps questions and paraphrases of passages', async () => {
  const output = path.join(folder, 'imported', 'train.jsonl.gz');
  const options = { unanswerable: 'leave-out', candidates: 'paragraph', columns: {} } as const;
  await importBenchmark({
    benchmark: 'own',
    split: 'train',
    files: [path.join(folder, 'train.jsonl')],
    output,
    skipBad: false,
    options,
  });
  assert.equal((await openBenchmark(output)).sha256, (await openBenchmark(path.join(folder, 'train.jsonl'))).sha256);
});

test('passages without pairs learn the questions of which they are the only gold one', () => {
  const docs = [
    { title: 'A', text: 'a.' },
    { title: 'B', text: 'b.', pairs: [{ question: 'Of b?', answer: 'b' }], paraphrase: 'B is b.' },
  ];
  const asks = (id: string, pos_index: number[]) => ({ id, question: `${id}?`, answers: [id], docs, pos_index });
  assert.deepEqual(pretrainingPassages([asks('1', [0]), asks('2', [1]), asks('3', [0]), asks('4', [0, 1])]), [
    { text: 'B: b.', pairs: [{ question: 'Of b?', answer: 'b' }], paraphrase: 'B is b.' },
    {
      text: 'A: a.',
      pairs: [
        { question: '1?', answer: '1' },
        { question: '3?', answer: '3' },
      ],
      paraphrase: undefined,
    },
  ]);
});
