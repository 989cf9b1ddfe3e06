import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../../harness/home.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-tiny-'));
after(() => rm(folder, { recursive: true }));

const program = (...given: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['harness/clara-bench.js', ...given], { cwd: packageRoot, encoding: 'utf8' });

test('the suite tiny goes through every stage and ends in a report', async () => {
  const runs = path.join(folder, 'runs');
  const ran = program('run', 'harness/suites/tiny.yaml', '--runs', runs);
  assert.equal(ran.status, 0, ran.stderr);
  const kinds = (await readdir(runs)).map((name) => name.split('-')[0]);
  // text-lora, mean-pool, one pretraining for both ratios, and two further stages for each of them.
  assert.equal(kinds.filter((kind) => kind === 'train').length, 7);
  assert.equal(kinds.filter((kind) => kind === 'predict').length, 8);

  const out = path.join(folder, 'report');
  const reported = program('report', runs, '--no-pdf', '--out', out);
  assert.equal(reported.status, 0, reported.stderr);
  assert.match(reported.stdout, /^atlas \(documents 3\) +clara .*8× +10 /m);
  assert.match(await readFile(path.join(out, 'report.md'), 'utf8'), /clara\/end-to-end|end to end/);

  // After three steps a system may well answer with nothing; every other check holds.
  const { stdout } = program('check', runs);
  assert.match(stdout, /^rows-match-data +ok/m);
  const failed = [...stdout.matchAll(/^(\S+) +FAILED/gm)].map(([, name]) => name);
  assert.deepEqual(
    failed.filter((name) => name !== 'few-empty-answers'),
    [],
    stdout,
  );
});
