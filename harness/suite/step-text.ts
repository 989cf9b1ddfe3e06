import { duration } from '../progress.ts';
import type { TrainingProgress } from '../training/training-stage.ts';

/** Where a training is: `step 30/100, loss 2.1340, alignment 0.0120, learning rate 9.10e-5, 812 tokens/s, 3 min 2 s left, 2.1 GB`. */
export function stepText(progress: TrainingProgress): string {
  const { step, steps, terms, learningRate, tokensPerSecond, secondsLeft, peakMemoryBytes } = progress;
  const losses = Object.entries(terms).sort(([one], [other]) => Number(other === 'loss') - Number(one === 'loss'));
  return [
    `step ${step}/${steps}`,
    ...losses.map(([name, value]) => `${name} ${value.toFixed(4)}`),
    `learning rate ${learningRate.toExponential(2)}`,
    `${Math.round(tokensPerSecond)} tokens/s`,
    ...(secondsLeft === null || step === steps ? [] : [`${duration(secondsLeft)} left`]),
    `${(peakMemoryBytes / 1e9).toFixed(1)} GB`,
  ].join(', ');
}
