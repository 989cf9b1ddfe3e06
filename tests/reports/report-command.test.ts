import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../harness/home.ts';
import { makeRun } from './make-runs.ts';

const run = (...given: string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['harness/clara-bench.js', 'report', '--no-pdf', ...given],
    {
      cwd: packageRoot,
      encoding: 'utf8',
    },
  );
  return { code: status, out: stdout, err: stderr };
};

test('report prints the table and the page, and ends with 2 where there is nothing to report', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-report-'));
  try {
    const report = path.join(folder, 'report');
    const nothing = run(folder, '--out', report);
    assert.equal(nothing.code, 2);
    assert.match(nothing.err, /expected at least one finished run/);
    assert.equal(nothing.out, '');

    await makeRun(path.join(folder, 'runs'), { system: 'text', answer: ({ answers }) => answers[1]! });
    const done = run(path.join(folder, 'runs'), '--out', report);
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /cities +text +12 +100\.0 +75\.8 to 100\.0 +100\.0/);
    assert.ok(done.out.endsWith(`${path.join(report, 'index.html')}\n`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
