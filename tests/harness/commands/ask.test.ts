import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

const PROGRAM = path.resolve(import.meta.dirname, '../../../harness/clara-bench.js');

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
  await writeFile(path.join(folder, 'docs.txt'), 'Paris is the capital of France.\n');
});
after(() => rm(folder, { recursive: true, force: true }));

function ask(...given: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, 'ask', ...given], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
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
  const results = await Promise.all(cases.map(([given]) => ask(...given)));
  for (const [at, { code, stdout, stderr }] of results.entries()) {
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, cases[at]![1]);
  }
});
