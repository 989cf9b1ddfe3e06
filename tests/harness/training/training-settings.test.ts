import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { describeIssues } from '../../../harness/describe-issues.ts';
import { LINEAR_MODULES } from '../../../harness/language-model/linear-modules.ts';
import { loraSettings } from '../../../harness/training/lora-settings.ts';
import { trainingSettings } from '../../../harness/training/training-settings.ts';

test('a stage gives its own defaults, a suite what it wants', () => {
  const schema = z.strictObject({
    ...trainingSettings({ steps: 100, batch: 32, learningRate: 5e-6, schedule: 'constant', warmup: 0, clip: null }),
    ...loraSettings,
  });
  const reference = {
    ...{ steps: 100, batch: 32, microBatch: 2, learningRate: 5e-6, schedule: 'constant', warmup: 0, floor: 0.1 },
    ...{ beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clip: null, checkpointed: false, order: 'shuffled' },
    ...{ saveEvery: 10, validation: { share: 0, every: 50, patience: null } },
    ...{ optimizer: 'adamw', adamShare: 0.2 },
    ...{ rank: 16, alpha: 32, dropout: 0.1, modules: [...LINEAR_MODULES] },
  };
  assert.deepEqual(schema.parse({}), reference);
  const given = { steps: 7, clip: 0.5, validation: { share: 0.1 }, modules: ['q_proj', 'v_proj'] };
  assert.deepEqual(schema.parse(given), {
    ...reference,
    ...given,
    validation: { share: 0.1, every: 50, patience: null },
  });
  const plain = z.strictObject(trainingSettings()).parse({ steps: 1 });
  assert.deepEqual(
    [plain.batch, plain.learningRate, plain.schedule, plain.warmup, plain.clip],
    [128, 1e-4, 'cosine', 0.03, 1],
  );
});

test('all that is wrong is said at once, with what was expected and got', () => {
  const wrong: Record<string, unknown> = {
    ...{ steps: 0, batch: 1.5, microBatch: '2', learningRate: 0, schedule: 'linear', warmup: 1, floor: 1.1 },
    ...{ beta1: -0.1, beta2: 1, epsilon: 0, weightDecay: -1, clip: 0, checkpointed: 'yes', order: 'random' },
    ...{ saveEvery: 0, rank: 0, alpha: 0, dropout: 1, modules: ['q_proj', 'q_proj'] },
  };
  const schema = z.strictObject({ ...trainingSettings({ steps: 10 }), ...loraSettings });
  const problems = describeIssues(schema.safeParse(wrong).error!, 'x');
  assert.equal(problems.length, Object.keys(wrong).length);
  Object.entries(wrong).forEach(([name, value], i) => {
    assert.match(problems[i]!, new RegExp(`^x: ${name}: expected .+, got `));
    assert.ok(problems[i]!.endsWith(JSON.stringify(value)), problems[i]);
  });
  const { error } = schema.safeParse({ validation: { share: 0.6, every: 0, patience: 0 }, modules: ['k', 'q_proj'] });
  assert.deepEqual(describeIssues(error!, 'x').map((text) => text.split(': ')[1]), ['validation.share', 'validation.every', 'validation.patience', 'modules[0]']); // prettier-ignore
  assert.match(
    describeIssues(z.strictObject(trainingSettings()).safeParse({}).error!, 'x')[0]!,
    /steps: expected a whole number/,
  );
});
