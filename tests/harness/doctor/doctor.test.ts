import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import type { Check } from '../../../harness/doctor/check.ts';
import { packageRoot } from '../../../harness/home.ts';

function doctor(args: readonly string[], env: NodeJS.ProcessEnv = {}): { status: number | null; stdout: string } {
  const program = path.join(packageRoot, 'harness', 'clara-bench.js');
  return spawnSync(process.execPath, [program, 'doctor', ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

test('doctor --json: a machine with an engine is usable, and the engine’s version, oneDNN and speed are measured', () => {
  const { status, stdout } = doctor(['--json'], { TF_ENABLE_ONEDNN_OPTS: undefined });
  const { usable, checks } = JSON.parse(stdout) as { usable: boolean; checks: Check[] };
  assert.deepEqual([status, usable], [0, true]);
  const found = Object.fromEntries(checks.map(({ name, found }) => [name, found]));
  assert.equal(found.Node, process.versions.node);
  assert.match(found.TensorFlow!, /^2\.\d+\.\d+ on (cpu|gpu) \(.*tfjs_binding\.node\)$/);
  assert.match(found.speed!, /^[1-9]\d* GFLOP\/s/);
  for (const { state, advice } of checks) assert.equal(advice !== undefined, state !== 'ok');
});

test('doctor: where the engine does not load, it says so in a line with what to do, and ends with 1', () => {
  const { status, stdout } = doctor([], { NODE_OPTIONS: '--no-addons' });
  assert.equal(status, 1);
  assert.match(stdout, /^WRONG +TensorFlow +Cannot load native addon.*\n +-> run: npx clara-bench setup/m);
  assert.match(stdout, /^ok +Node +\d/m);
});
