import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prediction } from '../../../harness/prediction.ts';
import { openModelFiles } from '../../../harness/language-model/open-model-files.ts';
import { questionMessages } from '../../../harness/prompt.ts';
import golden from '../../baselines/golden-prompts.json' with { type: 'json' };

const PROGRAM = path.resolve(import.meta.dirname, '../../../harness/clara-bench.js');
const MODEL = 'smollm2-135m-instruct-q4_1';

/** A system without a model: waits, fails on one question, and answers the others with their first title. */
const SYSTEM = `export default {
  id: 'first-title', description: 'the first title', settings: ({ wait = 0 }) => ({ wait }),
  async *predict(examples, { settings }) {
    for (const { id, docs } of examples) {
      await new Promise((resolve) => setTimeout(resolve, settings.wait));
      yield id === 'q3' ? { id, error: 'no answer' } : { id, prediction: docs[0].title, ms: { decode: 2 } };
    }
  },
};`;

let folder: string;
/** What an undisturbed run wrote. */
let undisturbed: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
  const questions = Array.from({ length: 12 }, (_, n) => ({
    id: `q${n}`,
    question: 'Which?',
    answers: [`title ${n}`],
    docs: [{ title: `title ${n}`, text: 'text' }],
    pos_index: [0],
  }));
  await writeFile(path.join(folder, 'questions.jsonl'), questions.map((each) => `${JSON.stringify(each)}\n`).join(''));
  await writeFile(path.join(folder, 'system.mjs'), SYSTEM);
});
after(() => rm(folder, { recursive: true, force: true }));

function start(...given: readonly string[]) {
  const common = ['--system', 'system.mjs', '--model', 'none', '--data', 'questions.jsonl'];
  return spawn(process.execPath, [PROGRAM, 'predict', ...(given.includes('--system') ? [] : common), ...given], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function predict(...given: readonly string[]) {
  const child = start(...given);
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, stdout, stderr };
}

const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
const isThere = (name: string): Promise<boolean> =>
  access(path.join(folder, name)).then(
    () => true,
    () => false,
  );

test('predictions, times and failures go to their files, and what is there is not replaced unasked', async () => {
  const first = await predict('--out', 'a/out.jsonl');
  assert.equal(first.code, 0, first.stderr);
  assert.match(
    first.stdout,
    /^a\/out\.jsonl: 11 predictions, 1 failures \(.*\)\nnext: clara-bench score a\/out\.jsonl/,
  );
  undisturbed = await read('a/out.jsonl');
  const lines = undisturbed.trim().split('\n');
  assert.equal(lines.length, 11);
  assert.ok(lines.includes('{"id":"q7","prediction":"title 7"}'));
  assert.ok((await read('a/out.timings.jsonl')).includes('{"id":"q7","ms":{"decode":2}}\n'));
  assert.equal(await read('a/out.failures.jsonl'), '{"id":"q3","error":"no answer"}\n');
  assert.deepEqual((await readdir(path.join(folder, 'a'))).sort(), [
    'out.failures.jsonl',
    'out.jsonl',
    'out.manifest.json',
    'out.timings.jsonl',
  ]);

  const again = await predict('--out', 'a/out.jsonl');
  assert.equal(again.code, 2);
  assert.match(again.stderr, /error: a\/out\.jsonl: is there already; --overwrite replaces it/);
  assert.match((await predict('--out', 'a/out.jsonl', '--resume')).stdout, /there already/);
  const other = await predict('--out', 'a/out.jsonl', '--resume', '--limit', '3');
  assert.equal(other.code, 2);
  assert.match(other.stderr, /of another system, model, setting or data/);

  const replaced = await predict('--out', 'a/out.jsonl', '--overwrite', '--limit', '3');
  assert.match(replaced.stdout, /3 predictions, 0 failures[^]*--allow-missing/);
  assert.equal(await isThere('a/out.failures.jsonl'), false);
});

test('a killed run goes on with --resume and ends with the same bytes', async () => {
  const child = start('--out', 'cut.jsonl', '--set', 'wait=150');
  const began = async (): Promise<boolean> => {
    const [run] = await readdir(path.join(folder, 'cut.jsonl.partial')).catch(() => []);
    return (
      run !== undefined && (await read(`cut.jsonl.partial/${run}/predictions.jsonl`).catch(() => '')).includes('\n')
    );
  };
  while (!(await began())) await sleep(20);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(await isThere('cut.jsonl'), false);

  const refused = await predict('--out', 'cut.jsonl', '--set', 'wait=150');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /an interrupted run is there; --resume continues it, --overwrite begins anew/);
  const resumed = await predict('--out', 'cut.jsonl', '--set', 'wait=150', '--resume');
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(await read('cut.jsonl'), undisturbed);
  assert.equal(await isThere('cut.jsonl.partial'), false);
});

test('wrong options end with code 2 and say what is expected', async () => {
  const cases: [string[], RegExp][] = [
    [['--out', 'x.txt'], /--out: expected a file that ends in \.jsonl, got x\.txt/],
    [['--out', 'x.jsonl', '--batch', '0', '--limit', 'many'], /limit: expected number, got NaN[^]*batch: .*>0/],
    [['--out', 'x.jsonl', '--set', 'wait'], /--set: expected KEY=VALUE, got wait/],
    [['--out', 'x.jsonl', '--system', 'txt', '--data', 'questions.jsonl'], /system "txt": .* did you mean text\?/],
  ];
  const results = await Promise.all(cases.map(([given]) => predict(...given)));
  for (const [at, { code, stderr }] of results.entries()) {
    assert.equal(code, 2, stderr);
    assert.match(stderr, cases[at]![1]);
  }
  assert.equal(await isThere('x.jsonl'), false);
});

test("SmolLM2 is given the goldens' prompts, and continues them as transformers does", async () => {
  const { tokenizer, renderChat, weights } = await openModelFiles(MODEL);
  for (const { example, prompt_ids } of golden.items) {
    const documents = example.docs.map((document) => `${document.title}: ${document.text}`);
    const messages = questionMessages(example.question, documents);
    assert.deepEqual(tokenizer.encode(renderChat(messages, { addGenerationPrompt: true })), prompt_ids);
  }
  await weights.close();

  await writeFile(
    path.join(folder, 'golden.jsonl'),
    golden.items.map(({ example }) => `${JSON.stringify(example)}\n`).join(''),
  );
  const { code, stderr } = await predict(
    ...['--system', 'text', '--docs', 'gold', '--max-new-tokens', '24'],
    ...['--data', 'golden.jsonl', '--out', 'golden-out.jsonl'],
  );
  assert.equal(code, 0, stderr);
  const lines = (await read('golden-out.jsonl')).trim().split('\n');
  const answers = new Map(lines.map((line) => JSON.parse(line) as Prediction).map((each) => [each.id, each]));
  for (const { example, text, prompt_ids, new_ids } of golden.items) {
    const { prediction, tokens, selected } = answers.get(example.id)!;
    assert.equal(prediction, text);
    assert.equal(tokens!.prompt, prompt_ids.length);
    assert.equal(tokens!.output, new_ids.length);
    assert.deepEqual(selected, example.pos_index);
  }
});
