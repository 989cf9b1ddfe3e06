import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepText } from '../../../harness/suite/step-text.ts';

test('where a training is: the loss before its parts, and no time left where it is not known or where there is none', () => {
  const progress = {
    step: 30,
    steps: 100,
    terms: { alignment: 0.012, loss: 2.134 },
    learningRate: 9.1e-5,
    tokensPerSecond: 811.6,
    secondsLeft: 182,
    peakMemoryBytes: 2.1e9,
  };
  assert.equal(
    stepText(progress),
    'step 30/100, loss 2.1340, alignment 0.0120, learning rate 9.10e-5, 812 tokens/s, 3 min 2 s left, 2.1 GB',
  );
  assert.doesNotMatch(stepText({ ...progress, secondsLeft: null }), /left/);
  assert.doesNotMatch(stepText({ ...progress, step: 100 }), /left/);
});
