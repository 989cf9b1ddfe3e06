import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../../harness/home.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-data-'));
after(() => rm(folder, { recursive: true }));
const home = path.join(folder, 'home');

function data(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(packageRoot, 'harness', 'clara-bench.js'), 'data', ...args],
      { cwd: folder, env: { ...process.env, CLARA_BENCH_HOME: home } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const record = {
  _id: 'h1',
  question: 'Who built the mill?',
  answer: 'Ada \u001b[31mMill',
  supporting_facts: [['Ada', 0]],
  context: [
    ['Mill', ['The mill\u202e.']],
    ['Ada\u009b2J', ['x']],
    ['Ada', ['Ada built it.']],
  ],
};

test('import, list, verify, show, and a fault that verify finds', async () => {
  await writeFile(path.join(folder, 'dev.json'), JSON.stringify([record]));
  const imported = await data('import', 'hotpotqa', 'dev.json');
  assert.equal(imported.code, 0, imported.stderr);
  const at = path.join(home, 'data', 'hotpotqa');
  assert.equal(
    imported.stdout,
    `${path.join(at, 'dev.jsonl.gz')}: 1 questions, 3 candidates and 1 gold passages a question, format hotpotqa, licence CC BY-SA 4.0\n`,
  );
  assert.deepEqual(await readdir(at), ['dev.jsonl.gz', 'dev.manifest.json']);
  const bytes = await readFile(path.join(at, 'dev.jsonl.gz'));
  const manifest = await readFile(path.join(at, 'dev.manifest.json'), 'utf8');
  assert.match(gunzipSync(bytes).toString(), /^\{"id":"h1","question":"Who built the mill\?","answers":/);
  assert.ok(!manifest.includes(folder), 'the manifest holds no path of this machine');
  const listed = await data('list');
  assert.match(listed.stdout, /^hotpotqa +dev +1 +3 +hotpotqa +CC BY-SA 4\.0 /m);
  assert.match(listed.stdout, /^sample +dev +40 /m);
  assert.match(listed.stdout, /^sample +train +60 /m);
  const verified = await data('verify');
  assert.deepEqual([verified.code, verified.stdout.slice(0, 2)], [0, 'ok'], verified.stderr);
  const shipped = await data('verify', 'sample');
  assert.match(shipped.stdout, /^ok .*: 40 questions, .*\nok .*: 60 questions, .*\n$/, shipped.stderr);

  const shown = await data('show', 'hotpotqa', '--id', 'h1');
  assert.match(shown.stdout, /^\* \[2\] Ada {2}\(gold\)$/m);
  // eslint-disable-next-line no-control-regex -- what must not be there
  assert.doesNotMatch(shown.stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.match(shown.stdout, /answers {3}Ada \\u\{1b\}\[31mMill/);
  const missed = await data('show', 'hotpotqa', '--id', 'h2');
  assert.deepEqual([missed.code, missed.stdout], [2, '']);
  assert.match(missed.stderr, /no question with the id "h2" among 1; did you mean "h1"\?/);

  const other = path.join(at, 'dev.jsonl');
  await rm(path.join(at, 'dev.jsonl.gz'));
  await writeFile(other, `${gunzipSync(bytes).toString().replace('"h1"', '"h3"')}{"id":"h3"}\n`);
  const faulty = await data('verify', 'hotpotqa');
  assert.equal(faulty.code, 2);
  assert.match(faulty.stdout, /^FAULT/);
  for (const text of ['SHA-256', 'questions: expected 1', 'dev.jsonl:2: question: expected string']) {
    assert.ok(faulty.stderr.includes(text), text);
  }
});

test('bad input: exit code 2, every problem, nothing written', async () => {
  await writeFile(path.join(folder, 'bad.json'), JSON.stringify([record, { ...record, _id: 1, question: null }]));
  const bad = await data('import', 'bad', 'bad.json', '--out', 'out');
  assert.deepEqual([bad.code, bad.stdout], [2, '']);
  assert.equal(
    bad.stderr,
    'error: bad.json[1]: _id: expected string, got number\n' +
      'error: bad.json[1]: question: expected string, got null\n' +
      'error: nothing was written\n',
  );
  assert.deepEqual(await readdir(path.join(folder, 'out')), []);
  const skipped = await data('import', 'bad', 'bad.json', '--out', 'out', '--skip-bad', '--json');
  assert.equal(skipped.code, 0, skipped.stderr);
  assert.match(skipped.stderr, /1 bad rows left out, listed in the manifest/);
  assert.equal((JSON.parse(skipped.stdout) as { bad_rows: { count: number } }).bad_rows.count, 1);

  const options = await data(
    'import',
    '../x',
    'bad.json',
    '--passages',
    '0.5',
    '--column',
    'question',
    '--column',
    'anser=A',
  );
  assert.equal(options.code, 2);
  for (const text of [
    'benchmark: expected a name',
    '--passages: expected a positive',
    'FIELD=NAME',
    'did you mean answer?',
  ]) {
    assert.ok(options.stderr.includes(text), text);
  }
  const absent = await data('import', 'x', 'none.json', 'nor-this.csv');
  assert.deepEqual(
    [absent.code, absent.stderr],
    [2, 'error: none.json: no such file\nerror: nor-this.csv: no such file\n'],
  );
});

test('a table with mapped columns', async () => {
  await writeFile(path.join(folder, 'faq.csv'), 'Q,A,Passage\n"Open, when?",at nine,We open at nine.\n');
  const args = ['--column', 'question=Q', '--column', 'answer=A', '--column', 'gold=Passage', '--licence', 'ours'];
  const imported = await data('import', 'faq', 'faq.csv', ...args, '--json');
  assert.equal(imported.code, 0, imported.stderr);
  const manifest = JSON.parse(imported.stdout) as { format: string; licence: string };
  assert.deepEqual([manifest.format, manifest.licence], ['table', 'ours']);
  const row = JSON.parse((await data('show', 'faq', '--json')).stdout) as object;
  assert.deepEqual(Object.keys(row), ['id', 'question', 'answers', 'docs', 'pos_index']);
  assert.deepEqual(
    { ...row, id: '' },
    {
      id: '',
      question: 'Open, when?',
      answers: ['at nine'],
      docs: [{ title: '', text: 'We open at nine.' }],
      pos_index: [0],
    },
  );
});
