import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { AnsweredQuestion } from '../../../harness/clara/answered-question.ts';
import { importCheckpoint } from '../../../harness/clara/checkpoint/import-checkpoint.ts';
import { adapter, writeCheckpoint } from '../clara/checkpoint/write-checkpoint.ts';
import { tinyModels, writeTinyModel } from '../language-model/write-tiny-model.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../../harness/clara-bench.js');

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
  await writeFile(path.join(folder, 'docs.txt'), 'Paris.\nRome is old.\nOslo\n');
});
after(() => rm(folder, { recursive: true, force: true }));

function run(...given: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [PROGRAM, ...given],
      { cwd: folder, env: { ...process.env, CLARA_BENCH_HOME: path.join(folder, 'home') } },
      (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

test('wrong options end with code 2 and say what is expected, before anything is loaded', async () => {
  const common = ['--checkpoint', 'none', '--docs', 'docs.txt'];
  const cases: [string[], RegExp][] = [
    [['--checkpoint', 'none'], /Missing required arguments: question, docs/],
    [
      [...common, '--question', ' ', '--k', '0', '--max-new-tokens', '1.5'],
      /--question: expected 1 to [^]*--k: expected a positive whole number, got 0[^]*--max-new-tokens: .*got 1\.5/,
    ],
    [['--checkpoint', 'none', '--docs', 'absent.txt', '--question', 'Where?'], /absent\.txt: no such file/],
  ];
  const results = await Promise.all(cases.map(([given]) => run('ask', ...given)));
  for (const [at, { code, stdout, stderr }] of results.entries()) {
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, cases[at]![1]);
  }
});

test('an imported checkpoint ranks, chooses, answers and says what it took', async () => {
  const base = path.join(folder, 'base');
  const { config: shape, ...model } = tinyModels['llama']!;
  await writeTinyModel(base, { ...model, config: { ...shape, max_position_embeddings: 1024 } });
  await writeFile(
    path.join(base, 'chat_template.jinja'),
    "{% for message in messages %}{{ message['content'] }}{% endfor %}",
  );
  await writeFile(path.join(base, 'tokenizer_config.json'), JSON.stringify({ bos_token: '<s>', eos_token: '</s>' }));
  const queryReasoner = { query_reasoner_adapter: adapter('reasoner') };
  const config = { decoder_model_name: 'base' };
  await writeCheckpoint(path.join(folder, 'released'), {
    config,
    adapters: { encoder_adapter: adapter('encoder'), decoder_adapter: adapter('decoder'), ...queryReasoner },
  });
  await importCheckpoint({ folder: path.join(folder, 'released'), out: path.join(folder, 'checkpoint'), model: base });
  const options = ['--checkpoint', 'checkpoint', '--docs', 'docs.txt', '--question', 'Old?', '--max-new-tokens', '4'];
  const [shown, json, reconstructed] = await Promise.all([
    run('ask', ...options, '--explain'),
    run('ask', ...options, '--json', '--k', '9'),
    run('reconstruct', '--checkpoint', 'checkpoint', '--docs', 'docs.txt', '--limit', '2', '--json'),
  ]);
  assert.equal(reconstructed.code, 0, reconstructed.stderr);
  const lines = reconstructed.stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
  assert.deepEqual(lines.map(({ passage, vectors }) => [passage, vectors]), [[': Paris.', 3], [': Rome is old.', 3]]); // prettier-ignore
  for (const { reconstruction, wordsKept } of lines) {
    assert.equal(typeof reconstruction, 'string');
    assert.ok((wordsKept as number) >= 0 && (wordsKept as number) <= 1);
  }
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /^question: Old\?\n\nrank +cosine +document +passage\n +1 +-?[01]\.\d{4} +\* /);
  assert.match(shown.stdout, /^chosen +\d, \d of 3 documents$/m);
  assert.match(shown.stdout, /^ratio +\d\.\d\d measured \(\d+ tokens as 6 vectors.*\), 10 nominal$/m);
  assert.match(shown.stdout, /^text system /m);
  assert.match(shown.stdout, /^prompt tokens +\d+ +\d+$/m);

  assert.equal(json.code, 0, json.stderr);
  const answered = JSON.parse(json.stdout) as AnsweredQuestion & { ratio: object; text: null };
  assert.deepEqual(
    answered.selected,
    answered.ranking!.map(({ document }) => document),
  );
  assert.deepEqual([...answered.selected].sort(), [0, 1, 2]);
  assert.deepEqual(answered.ratio, { nominal: 10, measured: answered.tokens.source / 9 });
  assert.equal(answered.text, null);
});
