import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loraInitialisation } from '../../../harness/language-model/lora-initialisation.ts';

const NAME = 'model.layers.0.mlp.up_proj';

test('A is uniform within 1 / sqrt(in), B is zero', () => {
  const initial = loraInitialisation(7);
  const a = initial(`${NAME}.lora_A.weight`, [16, 64]);
  assert.equal(a.length, 16 * 64);
  assert.ok(a.every((value) => Math.abs(value) <= 1 / 8));
  const mean = a.reduce((sum, value) => sum + value, 0) / a.length;
  const variance = a.reduce((sum, value) => sum + value * value, 0) / a.length;
  assert.ok(Math.abs(mean) < 0.01, `mean ${mean}`);
  // A uniform distribution over [-b, b] has variance b^2 / 3.
  assert.ok(Math.abs(variance - 1 / 64 / 3) < 3e-4, `variance ${variance}`);
  assert.deepEqual(initial(`${NAME}.lora_B.weight`, [64, 16]), new Float32Array(64 * 16));
});

test('a seed gives the same adapter, another seed another, and no two matrices are alike', () => {
  const [one, same, other] = [loraInitialisation(1), loraInitialisation(1), loraInitialisation(2)];
  const a = (initial: ReturnType<typeof loraInitialisation>): Float32Array => initial(`${NAME}.lora_A.weight`, [2, 8]);
  const first = a(one);
  assert.deepEqual(a(same), first);
  assert.notDeepEqual(a(other), first);
  assert.notDeepEqual(a(one), first);
});
