import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { InputError } from '../../../harness/errors.ts';
import { metricParity } from '../../../harness/parity/metrics.ts';

const golden = JSON.parse(readFileSync(new URL('metrics.json', import.meta.url), 'utf8'));

test('every metric equals the figures of the CLaRa reference', () => {
  const deviations = metricParity(golden);
  assert.equal(deviations.length, 35);
  for (const { name, worst, tolerance } of deviations) assert.ok(worst <= tolerance, `${name}: ${worst}`);
});

test('a figure that is off is noticed, under its name', () => {
  const changed = structuredClone(golden);
  changed.qa[3].clara.f1 += 1e-6;
  changed.retrieval_mean.trainer.recall_3 -= 0.01;
  changed.qa[0].normalized_prediction = 'Salt Hills';
  const off = metricParity(changed).filter(({ worst, tolerance }) => worst > tolerance);
  assert.deepEqual(
    off.map(({ name }) => name),
    ['normalized_prediction', 'clara f1', 'mean trainer recall_3'],
  );
});

test('a file of another layout is refused', () => {
  assert.throws(() => metricParity({ qa: [] }), InputError);
  const unknown = structuredClone(golden);
  unknown.qa[0].squad_v1.bleu = 1;
  assert.throws(() => metricParity(unknown), /metrics of preset squad, got "bleu"/);
});
